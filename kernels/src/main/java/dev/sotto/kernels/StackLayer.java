package dev.sotto.kernels;

/** A layer that a {@link ChannelStack} may run. */
public sealed interface StackLayer {
    /**
     * A convolution with a bias.
     *
     * @param weight where its weights lie in the flat parameters
     * @param bias where its biases lie
     * @param inputGradient whether the gradient of its input is wanted
     */
    record Convolving(ConvolutionShape shape, int weight, int bias, boolean inputGradient) implements StackLayer {}

    /** The larger of each value and zero. */
    record Rectifying() implements StackLayer {}

    /** The largest value of each window. */
    record MaxPooling(int kernel, int stride, int padding) implements StackLayer {}
}
