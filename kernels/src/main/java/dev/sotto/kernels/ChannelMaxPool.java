package dev.sotto.kernels;

import java.util.Arrays;

/** The largest value of each window, in each channel. */
final class ChannelMaxPool implements ChannelStep {
    private final ChannelSlot in;
    private final ChannelSlot out;
    /** Offsets of each window's positions, window after window; padded positions are left out. */
    private final int[] offsets;
    /** Where each window's offsets begin, and the end. */
    private final int[] starts;
    /** Whether each position is in exactly one window, and each window has four. */
    private final boolean quartered;

    ChannelMaxPool(StackLayer.MaxPooling pooling, ChannelSlot in, ChannelSlot out) {
        this.in = in;
        this.out = out;
        int kernel = pooling.kernel();
        int[] all = new int[out.positions() * kernel * kernel];
        starts = new int[out.positions() + 1];
        int at = 0;
        for (int position = 0; position < out.positions(); position++) {
            int top = position / out.width * pooling.stride() - pooling.padding();
            int left = position % out.width * pooling.stride() - pooling.padding();
            for (int y = Math.max(0, top); y < Math.min(in.height, top + kernel); y++) {
                for (int x = Math.max(0, left); x < Math.min(in.width, left + kernel); x++) {
                    all[at++] = (y * in.width + x) * in.depth;
                }
            }
            starts[position + 1] = at;
        }
        offsets = Arrays.copyOf(all, at);
        quartered = kernel == 2 && pooling.stride() == 2 && at == in.positions() && at == 4 * out.positions();
    }

    @Override
    public void forward(int example) {
        for (int p = 0; p < out.positions(); p++) {
            VectorChannels.max(
                    in.values,
                    in.at(example),
                    offsets,
                    starts[p],
                    starts[p + 1],
                    in.depth,
                    out.values,
                    out.at(example) + p * out.depth);
        }
    }

    @Override
    public void backward(int example) {
        if (quartered) {
            VectorChannels.quarterGradients(
                    in.values,
                    in.at(example),
                    offsets,
                    in.depth,
                    out.values,
                    out.at(example),
                    out.gradients,
                    out.gradientsAt(example),
                    in.gradients,
                    in.gradientsAt(example));
            return;
        }
        int to = in.gradientsAt(example);
        Arrays.fill(in.gradients, to, to + in.size(), 0f);
        for (int p = 0; p < out.positions(); p++) {
            VectorChannels.maxGradient(
                    in.values,
                    in.at(example),
                    offsets,
                    starts[p],
                    starts[p + 1],
                    in.depth,
                    out.values,
                    out.at(example) + p * out.depth,
                    out.gradients,
                    out.gradientsAt(example) + p * out.depth,
                    in.gradients,
                    to);
        }
    }
}
