package dev.sotto.privacy.clipping;

/**
 * The factor that a per-example gradient is multiplied with before it is summed. Called exactly once for each example of
 * a step and group (an adaptive rule counts the calls); safe for use by several threads at once.
 */
public interface ClipFactors {
    /** Whether each layer is clipped by itself; else one factor holds for the whole gradient. */
    boolean perLayer();

    /**
     * The factor for a gradient of this squared L2 norm.
     *
     * @param squaredNorm of the whole gradient, or of the layer's part of it
     * @param group 0 if flat, else the number of the parameter tensor's layer
     * @return finite, 0 or above; 0 where the norm is not finite, in which case the caller adds nothing
     */
    float factor(double squaredNorm, int group);
}
