package dev.sotto.privacy;

import dev.sotto.privacy.clipping.AdaptiveClipping;
import dev.sotto.privacy.clipping.ClippingRule;
import dev.sotto.privacy.event.Composed;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.Gaussian;
import dev.sotto.privacy.event.PoissonSampled;
import dev.sotto.privacy.event.SelfComposed;
import dev.sotto.privacy.random.RandomStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Differentially private gradient descent over one client's examples, as one immutable value: the sampler, the clipping,
 * the noise and the event of a step are all derived from it, so that what is accounted is what is done (DP-SGD, Abadi et
 * al. 2016; Poisson sampling and a constant divisor, Mironov et al. 2019).
 *
 * @param relation which data sets are neighbours
 * @param batchSize B, the logical batch: a public constant that sums are divided by, whatever the number drawn
 * @param rate the probability with which each example joins a batch, B / n
 * @param noise standard deviation of the noise over the clipping norm
 * @param clipping how gradients are bounded; per batch, its norm alone is used
 * @param clipPer whether each example's gradient is clipped, or the batch's as a whole
 * @param noiseSchedule multiplies the noise multiplier, step by step
 * @param clippingSchedule multiplies the clipping norm, step by step
 */
public record ExampleLevelPlan(
        NeighbouringRelation relation,
        int batchSize,
        SamplingRate rate,
        NoiseMultiplier noise,
        ClippingRule clipping,
        ClipPer clipPer,
        Schedule noiseSchedule,
        Schedule clippingSchedule) {
    /** Checks what can be checked without data. */
    public ExampleLevelPlan {
        Require.atLeast("batch size", batchSize, 1);
        Require.positive("noise multiplier", noise.value());
        if (clipping instanceof AdaptiveClipping adaptive) {
            adaptive.sumNoiseMultiplier(noise.value());
            if (clipPer == ClipPer.BATCH || !noiseSchedule.isConstant() || !clippingSchedule.isConstant()) {
                throw new IllegalArgumentException(
                        "adaptive clipping sets the norm by itself; it must be per example and without schedules");
            }
        }
        if (clipPer == ClipPer.BATCH && clipping.factors().perLayer()) {
            throw new IllegalArgumentException("clip-per is batch with per-layer clipping; it must be flat");
        }
    }

    /** A plan under zero-out, clipped per example, without schedules. */
    public static ExampleLevelPlan of(int batchSize, SamplingRate rate, NoiseMultiplier noise, ClippingRule clipping) {
        return new ExampleLevelPlan(
                NeighbouringRelation.ZERO_OUT,
                batchSize,
                rate,
                noise,
                clipping,
                ClipPer.EXAMPLE,
                Schedule.constant(),
                Schedule.constant());
    }

    /** The same plan with another noise multiplier. */
    public ExampleLevelPlan withNoise(NoiseMultiplier other) {
        return new ExampleLevelPlan(
                relation, batchSize, rate, other, clipping, clipPer, noiseSchedule, clippingSchedule);
    }

    /** The same plan with another clipping rule. */
    public ExampleLevelPlan withClipping(ClippingRule other) {
        return new ExampleLevelPlan(relation, batchSize, rate, noise, other, clipPer, noiseSchedule, clippingSchedule);
    }

    /** The noise multiplier of a step, counted from 0 over the whole run. */
    double noiseMultiplier(int step) {
        return noise.value() * noiseSchedule.factor(step);
    }

    /** The clipping rule of a step, before any adaptation. */
    ClippingRule clipping(int step) {
        return clippingSchedule.isConstant() ? clipping : clipping.scaledBy(clippingSchedule.factor(step));
    }

    /** What step {@code step} does, counted from 0 over the whole run. */
    public DpEvent event(int step) {
        double norm = clipping(Require.atLeast("step", step, 0)).norm();
        Gaussian gaussian = new Gaussian(noiseMultiplier(step) * norm, norm, relation, clipPer);
        return rate.value() == 1 ? gaussian : new PoissonSampled(rate.value(), gaussian);
    }

    /** What {@code steps} steps from {@code fromStep} on do together. */
    public DpEvent events(int fromStep, int steps) {
        Require.atLeast("number of steps", steps, 0);
        if (noiseSchedule.isConstant() && clippingSchedule.isConstant()) {
            return new SelfComposed(event(fromStep), steps);
        }
        List<DpEvent> runs = new ArrayList<>();
        int start = fromStep;
        for (int step = fromStep + 1; step <= fromStep + steps; step++) {
            if (step == fromStep + steps || !event(step).equals(event(start))) {
                runs.add(new SelfComposed(event(start), step - start));
                start = step;
            }
        }
        return new Composed(runs);
    }

    /**
     * What one client's local training draws, clips and noises with.
     *
     * @param population number of the client's examples; at least the batch size
     * @param fromStep the step of the whole run that this training begins with
     * @param sampling stream of the batches
     * @param noise stream of the noise; another than that of the batches
     */
    public ExampleMechanism mechanism(int population, int fromStep, RandomStream sampling, RandomStream noise) {
        if (population < batchSize) {
            throw new IllegalArgumentException(
                    "batch size is " + batchSize + "; it must be at most the number of examples, " + population);
        }
        return new ExampleMechanism(this, population, fromStep, sampling, noise);
    }
}
