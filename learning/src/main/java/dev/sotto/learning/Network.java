package dev.sotto.learning;

import dev.sotto.privacy.clipping.ClipFactors;

/**
 * A compiled model: computes losses and gradients for parameters that the caller holds. Deterministic: the same arguments
 * give the same bits, whatever was computed before. Holds scratch memory, so one thread at a time; steps allocate
 * nothing that grows with the batch or the model.
 *
 * <p>Gradients are of each example's own loss and are summed, never averaged; dividing is the caller's, by a constant.
 */
public interface Network {
    /** The model. */
    ModelSpec spec();

    /** Where the parameters lie. */
    Layout layout();

    /** Loss and correct predictions over a batch, dropout off. */
    Evaluation evaluate(float[] parameters, Batch batch);

    /**
     * The model's raw outputs (scores before softmax), dropout off.
     *
     * @param outputs receives {@code batch.size() x spec().outputs()} values, an example after the other
     */
    void predict(float[] parameters, Batch batch, float[] outputs);

    /**
     * Adds the sum of the examples' gradients to {@code sum}.
     *
     * @param sum {@code layout().size()} values, added to
     * @return the sum of the losses
     */
    double sumGradients(float[] parameters, Batch batch, float[] sum);

    /**
     * Adds the sum of the examples' clipped gradients to {@code sum}: each example's gradient times the factor that {@code
     * clip} gives for its norm (one factor, or one per layer). An example whose gradient is not finite adds nothing at all.
     *
     * @param sum {@code layout().size()} values, added to
     * @param norms receives each example's L2 norm over all parameters before clipping, from index 0; NaN or infinite where
     *     the gradient was not finite
     * @return the sum of the losses of the examples whose gradient was finite
     */
    double sumClippedGradients(float[] parameters, Batch batch, ClipFactors clip, float[] sum, float[] norms);

    /**
     * The same, except that some of what the last examples add may be left to {@link #completeSum}: a large layer's sum, which
     * does not stay in cache, is then made where it is used. Every other call but that makes the network forget what it left.
     */
    default double beginClippedSum(float[] parameters, Batch batch, ClipFactors clip, float[] sum, float[] norms) {
        return sumClippedGradients(parameters, batch, clip, sum, norms);
    }

    /**
     * Adds to {@code sum[0 .. to)} what {@link #beginClippedSum} left, and maybe more; nothing where nothing was left.
     *
     * @param sum the same array; values below the last {@code to} may have been changed meanwhile
     * @param to ascends from call to call; the last is {@code layout().size()}
     */
    default void completeSum(float[] sum, int to) {}
}
