package dev.sotto.kernels;

/** A layer of a stack at work, on one example at a time. What it learns about an example in one pass it may forget. */
interface ChannelStep {
    /** Input values to output values. */
    void forward(int example);

    /** Output gradients to parameter gradients, which are kept, and to input gradients. */
    void backward(int example);
}
