package dev.sotto.kernels;

/** A convolution in a stack, with the gradients of each example. */
interface ChannelConvolution extends ChannelStep {
    /** Takes over the parameters. */
    void load(float[] parameters);

    /** The square of the norm of an example's gradients. */
    double squaredNorm(int example);

    /** Adds the gradients of the first {@code examples}, each times its factor; one whose factor is zero adds nothing. */
    void addGradients(float[] factors, int examples, float[] sum);
}
