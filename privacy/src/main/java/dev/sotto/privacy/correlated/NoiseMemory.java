package dev.sotto.privacy.correlated;

/**
 * What correlated noise remembers of earlier rounds, and how it turns independent noise into a round's. It solves C w = z
 * forward with the very coefficients that the sensitivity is computed from, which are floats: rounding then amounts to
 * independent noise that is off by a few parts in 10^7, never to another matrix.
 */
abstract class NoiseMemory {
    /** The vectors kept, each of the model's length. */
    final float[][] vectors;

    private NoiseMemory(int count, int length) {
        vectors = new float[count][length];
    }

    static NoiseMemory of(NoiseCorrelation correlation, int length) {
        if (correlation instanceof BandedToeplitz banded) {
            return new Banded(banded, length);
        }
        return new Buffered((BufferedLinearToeplitz) correlation, length);
    }

    /**
     * Turns {@code block[0 .. count)}, independent noise for the coordinates from {@code from} on, into round {@code round}'s
     * noise for them, and remembers.
     */
    abstract void correlate(float[] block, int from, int count, int round);

    /** From C w = z: w_t = z_t - c_1 w_(t-1) - ... - c_(b-1) w_(t-b+1). The oldest vector is replaced. */
    private static final class Banded extends NoiseMemory {
        private final float[] bands;

        Banded(BandedToeplitz correlation, int length) {
            super(correlation.memoryVectors(), length);
            bands = floats(correlation.coefficients(vectors.length + 1));
        }

        @Override
        void correlate(float[] block, int from, int count, int round) {
            int kept = vectors.length;
            if (kept == 0) {
                return;
            }
            for (int k = 1; k <= kept; k++) {
                float[] earlier = vectors[Math.floorMod(round - k, kept)];
                float band = bands[k];
                for (int i = 0; i < count; i++) {
                    block[i] -= band * earlier[from + i];
                }
            }
            System.arraycopy(block, 0, vectors[round % kept], from, count);
        }
    }

    /** From C w = z: w_t = z_t - sum of scale_i s_i, then s_i becomes decay_i s_i + w_t. */
    private static final class Buffered extends NoiseMemory {
        private final float[] decays;
        private final float[] scales;

        Buffered(BufferedLinearToeplitz correlation, int length) {
            super(correlation.memoryVectors(), length);
            decays = floats(BufferedLinearToeplitz.array(correlation.decays()));
            scales = floats(BufferedLinearToeplitz.array(correlation.scales()));
        }

        @Override
        void correlate(float[] block, int from, int count, int round) {
            for (int b = 0; b < vectors.length; b++) {
                float[] buffer = vectors[b];
                float scale = scales[b];
                for (int i = 0; i < count; i++) {
                    block[i] -= scale * buffer[from + i];
                }
            }
            for (int b = 0; b < vectors.length; b++) {
                float[] buffer = vectors[b];
                float decay = decays[b];
                for (int i = 0; i < count; i++) {
                    buffer[from + i] = decay * buffer[from + i] + block[i];
                }
            }
        }
    }

    private static float[] floats(double[] values) {
        float[] rounded = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            rounded[i] = (float) values[i];
        }
        return rounded;
    }
}
