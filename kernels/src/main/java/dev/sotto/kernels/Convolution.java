package dev.sotto.kernels;

/**
 * A convolution of lane-major arrays {@code [channel][y][x][lane]}: forward, input gradient, per-lane weight gradients;
 * made by {@link Kernels#convolution}. Holds scratch memory and packed weights, so one thread at a time.
 *
 * <p>For one group of examples, calls come in the order forward, weight gradients, input gradient, and what was given to one
 * is given unchanged to the next: an implementation may keep a copy of it in its own layout.
 *
 * <p>{@code examples} is how many lanes hold an example. What comes out in the others has no meaning.
 */
public sealed interface Convolution permits DirectConvolution, WinogradConvolution {
    /** Takes over the parameters; to be called whenever they changed. */
    void load(float[] parameters, int weight, int bias);

    /** The layer's output. */
    void forward(float[] in, float[] out, int examples);

    /** Per-lane weight gradients, {@code outputs x taps}. */
    void weightGradients(float[] in, float[] upstream, float[] gradients, int examples);

    /** The gradient of the input. */
    void inputGradient(float[] upstream, float[] din, int examples);
}
