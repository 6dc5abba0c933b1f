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
}
