package dev.sotto.privacy.clipping;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.privacy.ClippingNorm;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ClippingRuleTest {
    static Stream<ClippingRule> rules() {
        return Stream.of(
                FlatClipping.of(1.2),
                new PerLayerClipping(List.of(new ClippingNorm(0.3), new ClippingNorm(0.4))),
                PerLayerClipping.evenly(new ClippingNorm(1.2), 2),
                new NormalisingClipping(new ClippingNorm(1.2), 0.01),
                new AdaptiveClipping(new ClippingNorm(1.2), 0.5, 0.2, 10));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void aClippedGradientNeverExceedsTheNormThatNoiseIsScaledTo(ClippingRule rule) {
        SplittableRandom random = new SplittableRandom(1);
        ClipFactors factors = rule.factors();
        for (int i = 0; i < 10_000; i++) {
            double first = Math.exp(random.nextDouble(-60, 60));
            double second = Math.exp(random.nextDouble(-60, 60));
            double squared;
            if (factors.perLayer()) {
                double a = factors.factor(first, 0);
                double b = factors.factor(second, 1);
                squared = a * a * first + b * b * second;
            } else {
                double factor = factors.factor(first + second, 0);
                squared = factor * factor * (first + second);
            }
            assertThat(Math.sqrt(squared)).isLessThanOrEqualTo(rule.norm() * (1 + 1e-12));
        }
    }

    @ParameterizedTest
    @MethodSource("rules")
    void aGradientThatIsNotFiniteCountsAsZeroAndAZeroStaysOne(ClippingRule rule) {
        ClipFactors factors = rule.factors();
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThat(factors.factor(bad, 0)).isZero();
        }
        assertThat(factors.factor(0, 0)).isFinite().isPositive();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void scalingScalesTheNorm(ClippingRule rule) {
        assertThat(rule.scaledBy(0.5).norm()).isCloseTo(rule.norm() / 2, within(1e-12));
    }

    @Test
    void perLayerNormsAddUpInSquares() {
        assertThat(new PerLayerClipping(List.of(new ClippingNorm(3), new ClippingNorm(4))).norm())
                .isEqualTo(5);
        assertThat(PerLayerClipping.evenly(new ClippingNorm(2), 7).norm()).isCloseTo(2, within(1e-12));
    }

    @Test
    void smallGradientsPassUnchanged() {
        assertThat(FlatClipping.of(1).factors().factor(0.99, 0)).isEqualTo(1);
        assertThat(FlatClipping.of(1).factors().factor(4, 0)).isCloseTo(0.5f, within(1e-6f));
    }

    @Test
    void aNormOfZeroIsRefused() {
        assertThatThrownBy(() -> FlatClipping.of(0))
                .hasMessage("clipping norm is 0.0; it must be a finite number above 0");
    }

    @Test
    void theAdaptiveNormRisesWhenTooFewLieWithinAndFallsWhenTooManyDo() {
        AdaptiveClipping rule = new AdaptiveClipping(new ClippingNorm(1), 0.5, 0.2, 10);
        assertThat(rule.nextNorm(1, 0.1)).isGreaterThan(1);
        assertThat(rule.nextNorm(1, 0.9)).isLessThan(1);
    }

    @Test
    void gammaIsNoSmallerThanGradientsWhoseSquaresAreNumbers() {
        assertThatThrownBy(() -> new NormalisingClipping(new ClippingNorm(1), 1e-30))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("gamma of normalising clipping is 1.0E-30; it must be at least 1.0E-12");
    }
}
