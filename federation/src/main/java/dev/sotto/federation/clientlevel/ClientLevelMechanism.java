package dev.sotto.federation.clientlevel;

import dev.sotto.privacy.random.RandomStream;
import dev.sotto.privacy.random.Randomness;
import java.util.Arrays;
import java.util.Optional;

/**
 * One run under a plan: for each round {@link #begin} an empty sum, have updates added, {@link #release}. One thread at a
 * time.
 */
public final class ClientLevelMechanism {
    /** Values are released on a grid of the noise's scale over 2^14 or a little finer. */
    private static final int GRID_BITS = 14;

    private static final int BLOCK = 2048;

    private final ClientLevelPlan plan;
    private final int width;
    private final Randomness randomness;
    private double clippingNorm;

    ClientLevelMechanism(ClientLevelPlan plan, int width, Randomness randomness) {
        this.plan = plan;
        this.width = width;
        this.randomness = randomness;
        this.clippingNorm = plan.asked().clipping().initialNorm();
    }

    /**
     * What came out of a round.
     *
     * @param mean the noised sum over the public constant
     * @param clippingNorm that bounded the updates
     * @param noiseStddev of the noise on each value of the sum
     */
    public record Released(float[] mean, double clippingNorm, double noiseStddev) {}

    /** What clients do before their update leaves; empty where the coordinator bounds and noises. */
    public Optional<UpdateRelease> atClients() {
        return Optional.empty();
    }

    /** The norm that bounds updates in the next round. */
    public double clippingNorm() {
        return clippingNorm;
    }

    /** What later noise depends on and nobody else may learn; empty where noise is independent. */
    public byte[] secretState() {
        return new byte[0];
    }

    /** Goes on where another process of this run left off. */
    public void restore(double norm, byte[] secretState) {
        clippingNorm = norm;
    }

    /** An empty sum for a round. */
    public BoundedSum begin() {
        double most = Math.max(clippingNorm * plan.sampling().population(), 64 * noiseStddev());
        return new BoundedSum(width, clippingNorm, atClients().isEmpty(), Math.scalb(1.0, 61 - Math.getExponent(most)));
    }

    private double noiseStddev() {
        return plan.noise().value() * plan.sensitivity(clippingNorm);
    }

    /**
     * Adds noise to the sum, once, and divides by the public constant.
     *
     * @param round names the stream that noise comes from
     */
    public Released release(BoundedSum gathered, int round) {
        double std = noiseStddev();
        RandomStream noise = randomness.stream("client-level-noise/round-" + round);
        double units = gathered.unitsPerOne();
        // Integer arithmetic up to the rounding: the sum's low bits never meet those of a float.
        double grid = Math.scalb(1.0, Math.getExponent(std) - GRID_BITS);
        double perGrid = grid * units;
        float[] mean = new float[width];
        float[] block = new float[BLOCK];
        for (int from = 0; from < width; from += BLOCK) {
            int count = Math.min(BLOCK, width - from);
            Arrays.fill(block, 0, count, 0);
            noise.addGaussian(block, 0, count, std);
            for (int i = 0; i < count; i++) {
                long total = gathered.sum()[from + i] + Math.round(block[i] * units);
                mean[from + i] = (float)
                        (Math.rint(total / perGrid) * grid / plan.sampling().expectedClients());
            }
        }
        return new Released(mean, clippingNorm, std);
    }
}
