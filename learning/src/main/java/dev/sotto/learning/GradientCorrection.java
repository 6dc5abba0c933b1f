package dev.sotto.learning;

/**
 * What is added to a step's gradient before the optimizer sees it. Under privacy it sees released gradients only, so it is
 * post-processing as long as what it adds comes from released values too. Called once a step; allocates nothing.
 */
@FunctionalInterface
public interface GradientCorrection {
    /** The gradient as it is. */
    GradientCorrection NONE = (parameters, gradient) -> {};

    /**
     * Changes a gradient in place.
     *
     * @param parameters the step starts from; not to be changed
     * @param gradient mean over the batch, or what the mechanism released
     */
    void correct(float[] parameters, float[] gradient);
}
