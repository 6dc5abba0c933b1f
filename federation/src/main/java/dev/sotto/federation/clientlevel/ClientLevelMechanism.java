package dev.sotto.federation.clientlevel;

import dev.sotto.privacy.correlated.CorrelatedNoise;
import dev.sotto.privacy.random.RandomStream;
import dev.sotto.privacy.random.Randomness;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * One run under a plan: for each round {@link #begin} an empty sum, have updates added, then {@link #release} it, or {@link
 * #pass} if the round is not released. One thread at a time.
 */
public final class ClientLevelMechanism {
    /** Values are released on a grid of the noise's scale over 2^14 or a little finer. */
    private static final int GRID_BITS = 14;

    /** Shares of noise reach no further than this many standard deviations: uniform numbers of 64 bits end at 9.4. */
    private static final double NOISE_REACH = 16;

    private final ClientLevelPlan plan;
    private final int width;
    private final Randomness randomness;
    private Optional<CorrelatedNoise> correlated;
    private UpdateBound bound;

    ClientLevelMechanism(ClientLevelPlan plan, UpdateBound bound, int width, Randomness randomness) {
        this.plan = plan;
        this.bound = bound;
        this.width = width;
        this.randomness = randomness;
        this.correlated = plan.correlated().map(run -> run.noise(width));
        begin(); // what leaves no room for a grid is refused before anybody is asked
    }

    /**
     * What came out of a round.
     *
     * @param mean the noised sum over the public constant
     * @param clippingNorm that bounded the updates
     * @param noiseStddev of the noise on each value of the sum, as it was executed
     */
    public record Released(float[] mean, double clippingNorm, double noiseStddev) {}

    /** The norm that bounds the next round's updates. Public: it follows from what was released. */
    public double clippingNorm() {
        return bound.norm();
    }

    /** What clients do before their update leaves; empty where the coordinator bounds and noises. */
    public Optional<UpdateRelease> atClients() {
        return plan.asked().noise().atClients()
                ? Optional.of(new UpdateRelease(bound, plan.shareStddev(clippingNorm()), countValue(), maxWeight()))
                : Optional.empty();
    }

    /** An empty sum for a round. */
    public BoundedSum begin() {
        double std = plan.noiseStddev(clippingNorm());
        double largest = Math.max(bound.norm(), countValue()) + NOISE_REACH * plan.shareStddev(clippingNorm());
        SumScale scale = discrete()
                ? SumScale.discrete(bound, largest, std, countValue(), maxWeight())
                : SumScale.gaussian(bound, largest, std, countValue(), maxWeight());
        return new BoundedSum(scale, plan.asked().noise().atClients());
    }

    /**
     * Adds noise to the sum, once, divides by the public constant, and lets the clipping norm follow.
     *
     * @param round names the stream that noise comes from
     */
    public Released release(BoundedSum gathered, int round) {
        double norm = clippingNorm();
        double std = realisedStddev(gathered.updates(), round);
        double units = gathered.scale().unitsPerOne();
        long[] sum = gathered.sum();
        noise(gathered.scale()).addTo(sum, units, stream(round));
        double grid = discrete() || std == 0 ? 1 : Math.max(1, Math.scalb(units, Math.getExponent(std) - GRID_BITS));
        float[] mean = mean(sum, grid, units);
        if (plan.asked().clipping() instanceof UpdateClipping.Adaptive adaptive) {
            double excess = Math.rint(sum[width] / grid) * grid / units / (2 * countValue());
            double share = excess / plan.sampling().expectedClients() + 0.5;
            bound = bound.scaledTo(adaptive.next(norm, share));
        }
        return new Released(mean, norm, std);
    }

    private float[] mean(long[] sum, double grid, double units) {
        double perGrid = 1 / grid;
        double scale = grid / units / plan.sampling().expectedClients();
        float[] mean = new float[width];
        for (int i = 0; i < width; i++) {
            mean[i] = (float) (Math.rint(sum[i] * perGrid) * scale);
        }
        return mean;
    }

    /**
     * Goes on without releasing. Correlated noise moves on all the same: rounds it covers are those of the plan.
     *
     * @param round names the stream that noise comes from
     */
    public void pass(int round) {
        correlated.ifPresent(noise -> noise.addTo(new float[width], stream(round)));
    }

    /** What must be kept between rounds and shown to nobody: who has it can take noise off again. Empty if nothing. */
    public byte[] secretState() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        correlated.ifPresent(noise -> {
            try {
                noise.save(bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        return bytes.toByteArray();
    }

    /**
     * Goes on where another run stopped.
     *
     * @param clippingNorm as {@link #clippingNorm} gave it
     * @param secretState as {@link #secretState} gave it
     * @throws IllegalArgumentException if the state is damaged or belongs to another plan
     */
    public void restore(double clippingNorm, byte[] secretState) {
        bound = bound.scaledTo(clippingNorm);
        correlated = plan.correlated().map(run -> {
            try {
                return CorrelatedNoise.restore(new ByteArrayInputStream(secretState), run, width);
            } catch (IOException e) {
                throw new IllegalArgumentException("the state of the correlated noise: " + e.getMessage(), e);
            }
        });
    }

    private RandomStream stream(int round) {
        return randomness.stream("client-level-noise/round-" + round);
    }

    private SumNoise noise(SumScale scale) {
        double std = plan.noiseStddev(clippingNorm());
        if (plan.asked().noise().atClients() || std == 0) {
            return new SumNoise.None();
        }
        if (correlated.isPresent()) {
            return new SumNoise.Correlated(correlated.get());
        }
        return discrete()
                ? new SumNoise.Discrete(Math.getExponent(Math.rint(std * scale.unitsPerOne())))
                : new SumNoise.Normal(std);
    }

    private boolean discrete() {
        return PlanRules.discrete(plan.asked()) && plan.noise().value() > 0;
    }

    private double realisedStddev(int updates, int round) {
        if (plan.asked().noise().atClients()) {
            return plan.shareStddev(clippingNorm()) * Math.sqrt((double) updates);
        }
        return plan.correlated()
                .map(run -> run.standardDeviation(round - 1))
                .orElseGet(() -> plan.noiseStddev(clippingNorm()));
    }

    /**
     * What a client within the norm adds to the count, scaled such that the noise of a value is the right one for the count
     * too: the count is one more value of the vector.
     */
    private double countValue() {
        if (!(plan.asked().clipping() instanceof UpdateClipping.Adaptive)) {
            return 0;
        }
        double norm = clippingNorm();
        return plan.countStddev().isPresent()
                ? plan.noiseStddev(norm) / plan.countStddev().getAsDouble() / 2
                : norm;
    }

    private int maxWeight() {
        return plan.asked().maxWeight().orElse(0);
    }
}
