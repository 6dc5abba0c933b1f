package dev.sotto.kernels;

/**
 * A convolution of lane-major arrays {@code [channel][y][x][lane]}: forward, input gradient, per-lane weight gradients;
 * made by {@link Kernels#convolution}. Holds scratch memory and packed weights, so one thread at a time.
 *
 * <p>{@code examples} is how many lanes hold an example. What comes out in the others has no meaning.
 */
public sealed interface Convolution permits DirectConvolution {
    /** Takes over the parameters; to be called whenever they changed. */
    void load(float[] parameters, int weight, int bias);

    /** The layer's output. */
    void forward(float[] in, float[] out, int examples);

    /** Per-lane weight gradients, {@code outputs x taps}. */
    void weightGradients(float[] in, float[] upstream, float[] gradients, int examples);

    /** The gradient of the input. */
    void inputGradient(float[] upstream, float[] din, int examples);
}
