package dev.sotto.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.clipping.AdaptiveClipping;
import dev.sotto.privacy.clipping.FlatClipping;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.Gaussian;
import dev.sotto.privacy.event.PoissonSampled;
import dev.sotto.privacy.event.SelfComposed;
import dev.sotto.privacy.random.Randomness;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class ExampleMechanismTest {
    private static final Randomness SEEDED = Randomness.seeded(7);

    private static ExampleMechanism mechanism(ExampleLevelPlan plan) {
        return plan.mechanism(1000, 0, SEEDED.stream("sampling"), SEEDED.stream("noise"));
    }

    private static ExampleLevelPlan plan(NeighbouringRelation relation, ClipPer clipPer) {
        return new ExampleLevelPlan(
                relation,
                10,
                new SamplingRate(0.01),
                new NoiseMultiplier(2),
                FlatClipping.of(0.5),
                clipPer,
                Schedule.constant(),
                Schedule.constant());
    }

    private static double standardDeviation(float[] values, double mean) {
        double squares = 0;
        for (float value : values) {
            squares += (value - mean) * (value - mean);
        }
        return Math.sqrt(squares / values.length);
    }

    /** Within 5.5 standard errors of a sample's standard deviation: false alarm below 4e-8. */
    private static double tolerance(double std, int count) {
        return 5.5 * std / Math.sqrt(2.0 * count);
    }

    @Test
    void dividesTheSumByTheLogicalBatchAndScalesTheNoiseWithIt() {
        float[] sum = new float[200_000];
        Arrays.fill(sum, 3);
        DpEvent event =
                mechanism(plan(NeighbouringRelation.ZERO_OUT, ClipPer.EXAMPLE)).release(sum);
        assertThat(event).isEqualTo(new PoissonSampled(0.01, new Gaussian(1.0, 0.5, NeighbouringRelation.ZERO_OUT)));
        assertThat(standardDeviation(sum, 0.3)).isCloseTo(0.1, within(tolerance(0.1, sum.length)));
    }

    @Test
    void perBatchClipsTheMeanGradientAndIsAccountedWithHalfTheNoise() {
        float[] sum = new float[200_000];
        Arrays.fill(sum, 100);
        DpEvent event =
                mechanism(plan(NeighbouringRelation.ZERO_OUT, ClipPer.BATCH)).release(sum);
        DpEvent half = new PoissonSampled(0.01, new Gaussian(1.0, 1.0, NeighbouringRelation.ZERO_OUT));
        Delta delta = new Delta(1e-5);
        assertThat(AccountantChoice.RDP.accountant().epsilon(event, delta))
                .isEqualTo(AccountantChoice.RDP.accountant().epsilon(half, delta));
        double mean = 0.5 / Math.sqrt(sum.length);
        assertThat(standardDeviation(sum, mean)).isCloseTo(1.0, within(tolerance(1.0, sum.length)));
    }

    @Test
    void anEmptyBatchReleasesNoiseAndIsAStep() {
        ExampleMechanism mechanism = mechanism(plan(NeighbouringRelation.ZERO_OUT, ClipPer.EXAMPLE));
        float[] sum = new float[1000];
        mechanism.release(sum);
        assertThat(mechanism.step()).isEqualTo(1);
        assertThat(standardDeviation(sum, 0)).isGreaterThan(0.05);
    }

    @Test
    void releasedValuesLieOnAGridThatDependsOnTheNoiseAlone() {
        float[] sum = new float[10_000];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = i * 1e-4f;
        }
        new GaussianRelease(SEEDED.stream("grid")).apply(sum, 1.5, 1);
        double grid = GaussianRelease.grid(1.5);
        assertThat(grid).isEqualTo(0x1p-14);
        for (float value : sum) {
            assertThat(value / grid).isEqualTo(Math.rint(value / grid));
        }
    }

    @Test
    void valuesThatAreNotFiniteCountAsZero() {
        float[] sum = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY};
        mechanism(plan(NeighbouringRelation.ZERO_OUT, ClipPer.EXAMPLE)).release(sum);
        for (float value : sum) {
            assertThat(value).isFinite();
        }
    }

    @Test
    void theAdaptiveNormGoesToTheMedianFromBelowAndFromAbove() {
        for (double initial : new double[] {0.1, 10}) {
            ExampleLevelPlan plan = ExampleLevelPlan.of(
                    100,
                    new SamplingRate(0.1),
                    new NoiseMultiplier(1),
                    new AdaptiveClipping(new ClippingNorm(initial), 0.5, 0.2, 5));
            ExampleMechanism mechanism = mechanism(plan);
            for (int step = 0; step < 60; step++) {
                for (int example : mechanism.sample()) {
                    double norm = 2.0 * (example + 0.5) / 1000;
                    mechanism.clipFactors().factor(norm * norm, 0);
                }
                DpEvent event = mechanism.release(new float[1]);
                assertThat(event).isEqualTo(plan.event(step));
            }
            // The norms' median is 1; the count's noise moves each step's share by 0.05.
            assertThat(mechanism.clippingNorm()).isBetween(0.7, 1.4);
        }
    }

    @Test
    void theAdaptiveNormStaysWhereSquaresOfGradientsAreNumbers() {
        // Most gradients are exactly 0, as where a model has learnt all it can: the norm falls in every step.
        ExampleLevelPlan plan = ExampleLevelPlan.of(
                100,
                new SamplingRate(0.1),
                new NoiseMultiplier(1),
                new AdaptiveClipping(new ClippingNorm(0.1), 0.5, 2, 5));
        ExampleMechanism mechanism = mechanism(plan);
        for (int step = 0; step < 100; step++) {
            for (int drawn = mechanism.sample().length; drawn > 0; drawn--) {
                mechanism.clipFactors().factor(0, 0);
            }
            mechanism.release(new float[1]);
        }
        float value = 2e-23f;
        double length = Math.sqrt(1e6) * value;
        // A million such values, whose squares are 0 as floats, are let through as they are.
        assertThat(value * value).isZero();
        assertThat(mechanism.clipFactors().factor(value * value, 0)).isEqualTo(1);
        assertThat(length).isLessThan(mechanism.clippingNorm());
    }

    @Test
    void theNoiseOfAnAdaptiveStepBelongsToTheNormThatClipped() {
        AdaptiveClipping rule = new AdaptiveClipping(new ClippingNorm(2), 0.5, 0.2, 1);
        ExampleMechanism mechanism =
                mechanism(ExampleLevelPlan.of(1, new SamplingRate(0.1), new NoiseMultiplier(1), rule));
        float[] sum = new float[200_000];
        mechanism.release(sum);
        assertThat(mechanism.clippingNorm()).isNotEqualTo(2);
        double std = 2 / Math.sqrt(1 - 0.25);
        assertThat(standardDeviation(sum, 0)).isCloseTo(std, within(tolerance(std, sum.length)));
    }

    @Test
    void aCountThatWouldSpendMoreThanTheWholeIsRefused() {
        AdaptiveClipping rule = new AdaptiveClipping(new ClippingNorm(1), 0.5, 0.2, 0.5);
        assertThatThrownBy(() -> ExampleLevelPlan.of(1, new SamplingRate(0.1), new NoiseMultiplier(1), rule))
                .hasMessageContaining("noise multiplier is 1.0")
                .hasMessageContaining("below twice the count noise, 1.0");
    }

    @Test
    void equalStepsAreOneSelfComposedEventAndSchedulesAreRuns() {
        ExampleLevelPlan constant = plan(NeighbouringRelation.REPLACE_ONE, ClipPer.EXAMPLE);
        assertThat(constant.events(5, 20)).isEqualTo(new SelfComposed(constant.event(0), 20));
        ExampleLevelPlan stepped = new ExampleLevelPlan(
                NeighbouringRelation.ZERO_OUT,
                10,
                new SamplingRate(0.01),
                new NoiseMultiplier(2),
                FlatClipping.of(0.5),
                ClipPer.EXAMPLE,
                Schedule.step(3, 0.5),
                Schedule.linear(4, 2));
        for (int from = 0; from < 5; from++) {
            double[] together = new double[1];
            double[] one = new double[1];
            for (int step = from; step < from + 6; step++) {
                one[0] += AccountantChoice.RDP
                        .accountant()
                        .epsilon(stepped.event(step), new Delta(1e-5))
                        .orInfinity();
            }
            together[0] = AccountantChoice.RDP
                    .accountant()
                    .epsilon(stepped.events(from, 6), new Delta(1e-5))
                    .orInfinity();
            assertThat(together[0]).isPositive().isLessThan(one[0]);
        }
    }
}
