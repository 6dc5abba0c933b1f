package dev.sotto.learning.jvm;

import dev.sotto.kernels.Kernels;

/**
 * Dropout whose mask is a hash of seed, example, layer and value, not the next draw of a generator: an example's mask does
 * not depend on the batch it is in. Not a source of privacy, so the hash (the finaliser of SplitMix64; Steele, Lea and
 * Flood, 2014) need not be cryptographic.
 */
final class DropoutLayer implements LaneLayer {
    private static final long GOLDEN = 0x9E3779B97F4A7C15L;
    private final Kernels kernels;
    private final Slot in;
    private final Slot out;
    private final int layer;
    private final float keep;
    private final int threshold;
    private final float[] mask;

    DropoutLayer(Kernels kernels, double rate, int layer, Slot in, Slot out) {
        this.kernels = kernels;
        this.in = in;
        this.out = out;
        this.layer = layer;
        keep = (float) (1 / (1 - rate));
        threshold = (int) Math.round(rate * (1 << 24));
        mask = new float[in.values().length];
    }

    @Override
    public void forward(float[] parameters, Group group) {
        if (in != out) {
            System.arraycopy(in.values(), 0, out.values(), 0, in.values().length);
        }
        if (group.training()) {
            int lanes = kernels.lanes();
            for (int lane = 0; lane < group.count(); lane++) {
                long state = mix(mix(group.dropoutSeed() + layer * GOLDEN) + group.index(lane));
                for (int i = 0; i < in.size(); i++) {
                    state += GOLDEN;
                    mask[i * lanes + lane] = (int) (mix(state) >>> 40) < threshold ? 0 : keep;
                }
            }
            kernels.multiply(out.values(), mask, mask.length);
        }
    }

    private static long mix(long z) {
        long a = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        long b = (a ^ (a >>> 27)) * 0x94D049BB133111EBL;
        return b ^ (b >>> 31);
    }

    @Override
    public void backward(float[] parameters) {
        if (in != out) {
            System.arraycopy(out.gradients(), 0, in.gradients(), 0, mask.length);
        }
        kernels.multiply(in.gradients(), mask, mask.length);
    }
}
