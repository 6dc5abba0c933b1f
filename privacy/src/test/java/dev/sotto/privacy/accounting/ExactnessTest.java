package dev.sotto.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.Gaussian;
import dev.sotto.privacy.event.PoissonSampled;
import dev.sotto.privacy.event.SampledWithoutReplacement;
import dev.sotto.privacy.event.SelfComposed;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** RDP >= PLD >= exact under every relation, and PLD within 0.1% of the exact value. */
class ExactnessTest {
    private static final RdpAccountant RDP = RdpAccountant.standard();
    private static final PldAccountant PLD = PldAccountant.standard();

    private record Run(double rate, double sigma, long steps, double delta) {}

    private static final Run[] RUNS = {
        new Run(0.01, 1, 1000, 1e-5),
        new Run(0.001, 0.6, 10_000, 1e-8),
        new Run(0.1, 4, 2000, 1e-6),
        new Run(0.5, 5, 100, 1e-10),
        new Run(1e-4, 0.8, 100_000, 1e-5),
        new Run(0.03, 0.5, 150, 1e-3)
    };

    static Stream<Arguments> everyRelation() {
        return Stream.of(NeighbouringRelation.values())
                .flatMap(relation -> Stream.of(RUNS).map(run -> Arguments.of(relation, run)));
    }

    @ParameterizedTest
    @MethodSource("everyRelation")
    void poissonSampledGaussians(NeighbouringRelation relation, Run run) {
        DpEvent event = new SelfComposed(new PoissonSampled(run.rate, new Gaussian(run.sigma, 1, relation)), run.steps);
        Delta delta = new Delta(run.delta);
        double pld = PLD.epsilon(event, delta).orInfinity();
        assertThat(RDP.epsilon(event, delta).orInfinity()).isGreaterThan(pld);
        boolean replaced = relation == NeighbouringRelation.REPLACE_ONE;
        assertThat(exact(run, replaced, pld)).isLessThanOrEqualTo(run.delta);
        assertThat(exact(run, replaced, pld * (1 - 1e-3))).isGreaterThan(run.delta);
    }

    static Stream<Arguments> everyRelationOnce() {
        return everyRelation()
                .filter(arguments -> arguments.get()[1] == RUNS[0] || arguments.get()[1] == RUNS[2]);
    }

    /**
     * No closed form is known, but data sets whose other units add nothing are neighbours too, and for them fixed size and
     * Poisson sampling are the same.
     */
    @ParameterizedTest
    @MethodSource("everyRelationOnce")
    void gaussiansOnSamplesOfFixedSize(NeighbouringRelation relation, Run run) {
        long population = 1_000_000;
        long sample = Math.round(run.rate * population);
        DpEvent event = new SelfComposed(
                new SampledWithoutReplacement(population, sample, new Gaussian(run.sigma, 1, relation)), run.steps);
        Delta delta = new Delta(run.delta);
        double pld = PLD.epsilon(event, delta).orInfinity();
        assertThat(RDP.epsilon(event, delta).orInfinity()).isGreaterThan(pld);
        assertThat(exact(run, relation == NeighbouringRelation.REPLACE_ONE, pld))
                .isLessThan(run.delta);
    }

    private static double exact(Run run, boolean replaced, double epsilon) {
        return ExactComposition.delta(run.rate, run.sigma, run.steps, replaced, epsilon);
    }

    @ParameterizedTest
    @EnumSource(NeighbouringRelation.class)
    void plainGaussians(NeighbouringRelation relation) {
        for (double sigma : new double[] {0.1, 0.3, 1, 5, 100}) {
            for (long steps : new long[] {1, 1000, 10_000_000}) {
                for (double delta : new double[] {1e-2, 1e-5, 1e-9, 1e-14}) {
                    plainGaussian(new SelfComposed(new Gaussian(sigma, 1, relation), steps), new Delta(delta));
                }
            }
        }
    }

    private static void plainGaussian(DpEvent event, Delta delta) {
        double exact = ExactGaussian.instance().epsilon(event, delta).orInfinity();
        double renyi = RDP.epsilon(event, delta).orInfinity();
        assertThat(PLD.epsilon(event, delta).orInfinity())
                .as("%s", event)
                .isBetween(exact * (1 - 1e-9), exact * (1 + 1e-9))
                .isLessThanOrEqualTo(renyi * (1 + 1e-9));
        assertThat(renyi).as("%s", event).isGreaterThanOrEqualTo(exact);
    }

    /** By convolution, which plain Gaussians do not need otherwise. */
    @ParameterizedTest
    @EnumSource(NeighbouringRelation.class)
    void plainGaussiansOnAGivenGrid(NeighbouringRelation relation) {
        for (double sigma : new double[] {1, 5}) {
            for (double delta : new double[] {1e-2, 1e-5, 1e-10}) {
                DpEvent event = new SelfComposed(new Gaussian(4 * sigma, 1, relation), 10);
                double exact = ExactGaussian.instance()
                        .epsilon(event, new Delta(delta))
                        .orInfinity();
                assertThat(PldAccountant.withGrid(1e-4)
                                .epsilon(event, new Delta(delta))
                                .orInfinity())
                        .isBetween(exact * (1 - 1e-9), exact * (1 + 1e-3));
            }
        }
    }

    /** Rates, noise, epsilon: few losses are large, and those few far larger than the rest. */
    static Stream<Arguments> rareLargeLosses() {
        return Stream.of(
                Arguments.of(4.179422370726668e-5, 1.1498296364716893, 4815L, 0.0110354127),
                Arguments.of(4.179422370726668e-5, 1.1498296364716893, 4815L, 0.00551770635),
                Arguments.of(0.0016156730007346935, 1.675124081274561, 327L, 0.12393807),
                Arguments.of(0.0016156730007346935, 1.675124081274561, 327L, 0.24787614));
    }

    /** A tilt that is a little too large has its whole mass far above epsilon; what lies below the window would be lost. */
    @ParameterizedTest
    @MethodSource("rareLargeLosses")
    void deltaIsNeverBelowTheExactValue(double rate, double sigma, long steps, double epsilon) {
        Gaussian gaussian = new Gaussian(sigma, 1, NeighbouringRelation.ZERO_OUT);
        DpEvent event = new SelfComposed(new PoissonSampled(rate, gaussian), steps);
        double exact = ExactComposition.delta(rate, sigma, steps, false, epsilon);
        assertThat(PLD.delta(event, new Epsilon(epsilon))).isBetween(exact * (1 - 1e-9), exact * 1.005);
    }

    /** Points drawn at random, both ways round: never below the exact value. */
    @Test
    void neverBelowTheExactValueAtRandomPoints() {
        SplittableRandom random = new SplittableRandom(11);
        for (int i = 0; i < 25; i++) {
            long steps = Math.round(50 * Math.exp(Math.log(2000) * random.nextDouble()));
            double rate = Math.exp(Math.log(5.0 / steps) * random.nextDouble()) * 0.999;
            double sigma = Math.exp(Math.log(0.3) + Math.log(100) * random.nextDouble());
            double delta = Math.exp(Math.log(1e-12) * random.nextDouble()) / 10;
            NeighbouringRelation relation =
                    random.nextInt(3) == 0 ? NeighbouringRelation.REPLACE_ONE : NeighbouringRelation.ZERO_OUT;
            DpEvent event = new SelfComposed(new PoissonSampled(rate, new Gaussian(sigma, 1, relation)), steps);
            double epsilon = PLD.epsilon(event, new Delta(delta)).orInfinity();
            if (epsilon > 1e-8 && epsilon < 200) {
                boolean replaced = relation == NeighbouringRelation.REPLACE_ONE;
                String point = rate + ", " + sigma + ", " + steps + ", " + delta + ", " + relation;
                assertThat(ExactComposition.delta(rate, sigma, steps, replaced, epsilon))
                        .as(point)
                        .isLessThanOrEqualTo(delta * (1 + 1e-7));
                double other = epsilon * (0.2 + 1.5 * random.nextDouble());
                double exact = ExactComposition.delta(rate, sigma, steps, replaced, other);
                assertThat(PLD.delta(event, new Epsilon(other))).as(point).isGreaterThanOrEqualTo(exact * (1 - 1e-7));
            }
        }
    }
}
