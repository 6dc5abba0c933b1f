package dev.sotto.learning;

/**
 * What is added to a step's gradient before the optimizer sees it, value by value. Under privacy it sees released gradients
 * only, so it is post-processing as long as what it adds comes from released values too. Called for one stretch of the
 * vector after the other, in each step; allocates nothing.
 */
@FunctionalInterface
public interface GradientCorrection {
    /** The gradient as it is. */
    GradientCorrection NONE = (parameters, gradient, from, to) -> {};

    /**
     * Changes {@code gradient[from .. to)}, and nothing else.
     *
     * @param parameters the step starts from, in that range
     * @param gradient mean over the batch, or what the mechanism released
     */
    void correct(float[] parameters, float[] gradient, int from, int to);

    /** Changes a whole gradient in place. */
    default void correct(float[] parameters, float[] gradient) {
        correct(parameters, gradient, 0, gradient.length);
    }
}
