package dev.sotto.kernels;

/**
 * Sizes of a two-dimensional convolution with square kernels. Values are assumed valid (at least one window fits).
 *
 * @param padding zeros on each side of the input
 */
public record ConvolutionShape(
        int inChannels, int inHeight, int inWidth, int outChannels, int kernel, int stride, int padding) {

    public int outHeight() {
        return (inHeight + 2 * padding - kernel) / stride + 1;
    }

    public int outWidth() {
        return (inWidth + 2 * padding - kernel) / stride + 1;
    }

    /** Values of one example's input. */
    public int inSize() {
        return inChannels * inHeight * inWidth;
    }

    /** Values of one example's output. */
    public int outSize() {
        return outChannels * outPositions();
    }

    /** Positions of one output channel. */
    public int outPositions() {
        return outHeight() * outWidth();
    }

    /** Weights that one output value sums over. */
    public int taps() {
        return inChannels * kernel * kernel;
    }

    /** Values of the weight tensor. */
    public int weights() {
        return outChannels * taps();
    }
}
