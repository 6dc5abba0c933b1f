package dev.sotto.privacy.correlated;

import dev.sotto.kernels.GaussianTransform;
import dev.sotto.privacy.Require;
import dev.sotto.privacy.random.RandomStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Objects;

/**
 * The noise of one run, round after round. What it remembers is as secret as the noise itself: with it the noise of
 * released rounds can be taken off. It belongs in a local file that only its owner reads ({@link NoiseStateFile}), never in
 * history, reports or exports.
 *
 * <p>The guarantee covers one release for each round. So a round's state must be saved, and its noised release too, before
 * the release is shown to anyone; a run that resumes must go on from the round after the last one shown, never draw a shown
 * round again. Not thread-safe.
 */
public final class CorrelatedNoise {
    /** Coordinates that are worked on at a time: as many as one block of the random stream gives. */
    static final int BLOCK = 2048;

    /** The grid is the noise's scale over 2^14 or a little finer: rounding adds less than 1e-9 of the variance. */
    private static final int GRID_BITS = 14;

    private final CorrelatedGaussian plan;
    private final int length;
    private final NoiseMemory memory;
    private final double standardDeviation;
    private final float[] block = new float[BLOCK];
    private int round;

    CorrelatedNoise(CorrelatedGaussian plan, int length) {
        this.plan = plan;
        this.length = Require.atLeast("length of the noise", length, 1);
        this.memory = NoiseMemory.of(plan.correlation(), length);
        this.standardDeviation = plan.standardDeviation();
    }

    /** The round, counted from 0, whose noise comes next: how many rounds have had theirs. */
    public int round() {
        return round;
    }

    /** Length of the sums that the noise is added to. */
    public int length() {
        return length;
    }

    /**
     * Adds the next round's noise.
     *
     * @param sum of the length of the noise; changed in place
     * @param stream this round's own
     * @throws IllegalStateException if all rounds of the plan have had their noise
     */
    public void addTo(float[] sum, RandomStream stream) {
        begin(sum);
        for (int from = 0; from < length; from += BLOCK) {
            int count = next(from, stream);
            for (int i = 0; i < count; i++) {
                sum[from + i] += block[i];
            }
        }
        round++;
    }

    /**
     * Adds the next round's noise, rounds to a grid that depends on the noise's scale alone, so that the low bits of
     * floating-point noise tell nothing about the sum (Mironov 2012), and divides.
     *
     * @param sum of the length of the noise; becomes grid x round((sum + noise) / grid) / divisor; a value that is not
     *     finite counts as 0
     * @param divisor the public constant that makes a mean of the sum
     * @param stream this round's own
     * @throws IllegalStateException if all rounds of the plan have had their noise
     */
    public void release(float[] sum, double divisor, RandomStream stream) {
        Require.positive("divisor of the noised sum", divisor);
        begin(sum);
        double grid = grid();
        for (int from = 0; from < length; from += BLOCK) {
            int count = next(from, stream);
            GaussianTransform.fastest().snap(sum, from, block, count, 1, (float) grid, (float) (1 / divisor));
        }
        round++;
    }

    /** The grid of {@link #release}: a power of two. */
    public double grid() {
        return Math.scalb(1.0, Math.getExponent(standardDeviation) - GRID_BITS);
    }

    private void begin(float[] sum) {
        if (sum.length != length) {
            throw new IllegalArgumentException(
                    "the sum has " + sum.length + " values; the noise of this run has " + length);
        }
        if (round == plan.participation().rounds()) {
            throw new IllegalStateException(
                    "all " + round + " rounds of the plan have had their noise; the event covers no further one");
        }
    }

    private int next(int from, RandomStream stream) {
        int count = Math.min(BLOCK, length - from);
        Arrays.fill(block, 0, count, 0);
        stream.addGaussian(block, 0, count, standardDeviation);
        memory.correlate(block, from, count, round);
        return count;
    }

    /** Writes the state, a local secret: version, plan's digest, round, vectors, and a digest of it all. */
    public void save(OutputStream out) throws IOException {
        NoiseStateFormat.write(out, plan, round, memory.vectors);
    }

    /**
     * The noise of a run that goes on, as {@link #save} left it.
     *
     * @param plan the same as before
     * @param length the same as before
     * @throws IOException if the bytes are no such state, are damaged, or belong to another plan or length
     */
    public static CorrelatedNoise restore(InputStream in, CorrelatedGaussian plan, int length) throws IOException {
        CorrelatedNoise noise = plan.noise(length);
        noise.round = NoiseStateFormat.read(Objects.requireNonNull(in), plan, noise.memory.vectors, length);
        return noise;
    }
}
