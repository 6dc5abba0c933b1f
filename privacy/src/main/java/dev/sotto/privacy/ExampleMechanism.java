package dev.sotto.privacy;

import dev.sotto.privacy.clipping.AdaptiveClipping;
import dev.sotto.privacy.clipping.ClipFactors;
import dev.sotto.privacy.clipping.ClippingRule;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.random.RandomStream;
import dev.sotto.privacy.sampling.PoissonSampler;

/**
 * One client's local training under a plan: for each step {@link #sample}, sum the gradients clipped with {@link
 * #clipFactors}, {@link #release}. A step whose sample is empty is a step all the same and releases noise alone. One-shot
 * and not thread-safe; the factors of a step may be used by several threads.
 */
public final class ExampleMechanism {
    private final ExampleLevelPlan plan;
    private final PoissonSampler sampler;
    private final RandomStream noise;
    private final GaussianRelease release;

    private int step;
    private ClippingRule rule;
    private ClipFactors factors;
    private WithinNormCount count;

    ExampleMechanism(ExampleLevelPlan plan, int population, int fromStep, RandomStream sampling, RandomStream noise) {
        this.plan = plan;
        this.sampler = new PoissonSampler(population, plan.rate(), sampling);
        this.noise = noise;
        this.release = new GaussianRelease(noise);
        this.step = Require.atLeast("first step", fromStep, 0);
        enter(plan.clipping(step));
    }

    /** Whether gradients are clipped one by one; if not, the caller passes the plain sum of the batch's gradients. */
    public boolean perExample() {
        return plan.clipPer() == ClipPer.EXAMPLE;
    }

    /** The step of the whole run that comes next. */
    public int step() {
        return step;
    }

    /** The norm that the current step clips to; an adaptive rule moves it. */
    public double clippingNorm() {
        return rule.norm();
    }

    /** Indices of the next logical batch, ascending; may be empty. Drawn once per step, however it is then processed. */
    public int[] sample() {
        return sampler.next();
    }

    /** What the network multiplies gradients with during the current step: once for each example drawn. */
    public ClipFactors clipFactors() {
        return factors;
    }

    /**
     * Turns the sum of the clipped gradients into the gradient to descend along: (sum + noise) / B. Per batch, the sum of
     * the plain gradients becomes clip(sum / B) + noise. The step then ends.
     *
     * @param sum changed in place; the noisy values lie on a grid that depends on the noise's scale alone
     * @return the event of what was done
     */
    public DpEvent release(float[] sum) {
        return release(sum, ReleasedValues.KEPT);
    }

    /**
     * The same, with what is done just before to the sum and next to the released values: at once, because a large gradient
     * does not stay in cache.
     *
     * @param sum changed in place
     * @return the event of what was done
     */
    public DpEvent release(float[] sum, ReleasedValues next) {
        double multiplier = plan.noiseMultiplier(step);
        double norm = rule.norm();
        DpEvent event = plan.event(step);
        if (perExample()) {
            double ofSum =
                    rule instanceof AdaptiveClipping adaptive ? adaptive.sumNoiseMultiplier(multiplier) : multiplier;
            release.apply(sum, ofSum * norm, plan.batchSize(), next);
        } else {
            next.complete(sum, sum.length);
            BatchClipping.apply(sum, plan.batchSize(), norm);
            release.apply(sum, multiplier * norm, 1, next);
        }
        ClippingRule following =
                rule instanceof AdaptiveClipping adaptive ? adapted(adaptive) : plan.clipping(step + 1);
        step++;
        enter(following);
        return event;
    }

    private ClippingRule adapted(AdaptiveClipping adaptive) {
        double noised = count.excess() + adaptive.countStddev() * noise.nextGaussian();
        return adaptive.startingAt(adaptive.nextNorm(adaptive.norm(), noised / plan.batchSize() + 0.5));
    }

    private void enter(ClippingRule next) {
        rule = next;
        factors = next.factors();
        if (next instanceof AdaptiveClipping) {
            count = new WithinNormCount(factors);
            factors = count;
        }
    }
}
