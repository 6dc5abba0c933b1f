package dev.sotto.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.event.Composed;
import dev.sotto.privacy.event.DiscreteGaussian;
import dev.sotto.privacy.event.DiscreteLaplace;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.EpsilonDelta;
import dev.sotto.privacy.event.Laplace;
import dev.sotto.privacy.event.PoissonSampled;
import dev.sotto.privacy.event.RandomizedResponse;
import dev.sotto.privacy.event.SelfComposed;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Losses that end somewhere, where a grid must not lose what it moves past their end. Exact values by listing every outcome,
 * or by nested integrals.
 */
class BoundedLossTest {
    private static final NeighbouringRelation ADD = NeighbouringRelation.ADD_OR_REMOVE_ONE;
    private static final NeighbouringRelation REPLACE = NeighbouringRelation.REPLACE_ONE;

    /** Two distributions over the same few outcomes. */
    private record Pair(double[] p, double[] q) {
        Pair times(Pair other) {
            return new Pair(products(p, other.p), products(q, other.q));
        }

        private static double[] products(double[] a, double[] b) {
            return Arrays.stream(a)
                    .flatMap(x -> Arrays.stream(b).map(y -> x * y))
                    .toArray();
        }

        double delta(double epsilon) {
            double forth = 0;
            double back = 0;
            for (int i = 0; i < p.length; i++) {
                forth += Math.max(0, p[i] - Math.exp(epsilon) * q[i]);
                back += Math.max(0, q[i] - Math.exp(epsilon) * p[i]);
            }
            return Math.max(forth, back);
        }

        double epsilon(double delta) {
            double low = 0;
            double high = 100;
            for (int i = 0; i < 60; i++) {
                double middle = (low + high) / 2;
                if (delta(middle) > delta) {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            return high;
        }
    }

    private static Pair pure(double epsilon, double delta) {
        double high = (1 - delta) / (1 + Math.exp(-epsilon));
        double low = (1 - delta) / (1 + Math.exp(epsilon));
        return delta == 0
                ? new Pair(new double[] {high, low}, new double[] {low, high})
                : new Pair(new double[] {delta, high, low, 0}, new double[] {0, low, high, delta});
    }

    private static Pair response(double noise, int buckets) {
        double[] p = new double[buckets];
        double[] q = new double[buckets];
        Arrays.fill(p, noise / buckets);
        Arrays.fill(q, noise / buckets);
        p[0] += 1 - noise;
        q[1] += 1 - noise;
        return new Pair(p, q);
    }

    private static Pair discreteLaplace(double parameter, int distance) {
        double[] p = new double[200];
        double[] q = new double[200];
        for (int i = 0; i < 200; i++) {
            p[i] = Math.tanh(parameter / 2) * Math.exp(-parameter * Math.abs(i - 100 - distance));
            q[i] = Math.tanh(parameter / 2) * Math.exp(-parameter * Math.abs(i - 100));
        }
        return new Pair(p, q);
    }

    private static Pair sampled(double rate, Pair pair) {
        double[] p = pair.p.clone();
        for (int i = 0; i < p.length; i++) {
            p[i] = rate * p[i] + (1 - rate) * pair.q[i];
        }
        return new Pair(p, pair.q);
    }

    static Stream<Arguments> listed() {
        Pair pure = pure(0.3, 0);
        Pair loose = pure(0.2, 1e-4);
        Pair response = response(0.6, 3);
        Pair laplace = discreteLaplace(0.7, 1);
        DpEvent sampled = new PoissonSampled(0.1, new DiscreteLaplace(0.7, 1, ADD));
        return Stream.of(
                Arguments.of(fold(pure, 9), new SelfComposed(new EpsilonDelta(0.3, 0), 9)),
                Arguments.of(fold(loose, 5), new SelfComposed(new EpsilonDelta(0.2, 1e-4), 5)),
                Arguments.of(fold(response, 6), new SelfComposed(new RandomizedResponse(0.6, 3, REPLACE), 6)),
                Arguments.of(laplace.times(laplace), new SelfComposed(new DiscreteLaplace(0.7, 1, ADD), 2)),
                Arguments.of(discreteLaplace(0.7, 2), new DiscreteLaplace(0.7, 1, REPLACE)),
                Arguments.of(fold(sampled(0.1, laplace), 2), new SelfComposed(sampled, 2)),
                Arguments.of(
                        pure.times(response).times(discreteLaplace(0.7, 2)),
                        new Composed(List.of(
                                new EpsilonDelta(0.3, 0),
                                new RandomizedResponse(0.6, 3, REPLACE),
                                new DiscreteLaplace(0.7, 1, REPLACE)))));
    }

    private static Pair fold(Pair pair, int times) {
        Pair all = pair;
        for (int i = 1; i < times; i++) {
            all = all.times(pair);
        }
        return all;
    }

    @ParameterizedTest
    @MethodSource("listed")
    void agreesWithTheListOfAllOutcomes(Pair exact, DpEvent event) {
        for (PldAccountant accountant : new PldAccountant[] {PldAccountant.standard(), PldAccountant.withGrid(1e-4)}) {
            for (double delta : new double[] {0.05, 1e-3, 1e-7}) {
                double found = accountant.epsilon(event, new Delta(delta)).orInfinity();
                double expected = exact.epsilon(delta);
                assertThat(found).isGreaterThanOrEqualTo(expected * (1 - 1e-9) - 1e-12);
                assertThat(expected < 99 ? found : expected).isLessThanOrEqualTo(expected * (1 + 1e-3) + 1e-9);
            }
            for (double epsilon : new double[] {0, 0.5, 1.1, 1.9}) {
                double expected = exact.delta(epsilon);
                assertThat(accountant.delta(event, new Epsilon(epsilon)))
                        .isGreaterThanOrEqualTo(expected * (1 - 1e-9) - 1e-15)
                        .isLessThanOrEqualTo(exact.delta(epsilon * (1 - 1e-3) - 2e-4) * (1 + 1e-9));
            }
        }
    }

    /** Delta of several Laplace releases by conditioning on the loss of one after the other. */
    private static double laplaceDelta(int times, double distance, double epsilon) {
        if (times == 1) {
            double x = (epsilon + distance) / 2;
            return epsilon >= distance
                    ? 0
                    : epsilon < -distance
                            ? -Math.expm1(epsilon)
                            : 1 - Math.exp(x - distance) / 2 - Math.exp(epsilon - x) / 2;
        }
        DoubleUnaryOperator rest = loss -> laplaceDelta(times - 1, distance, epsilon - loss);
        int half = 800;
        double width = distance / half;
        double sum = 0;
        for (int i = -half; i <= half; i++) {
            double weight = Math.abs(i) == half ? 1 : (i + half) % 2 == 1 ? 4 : 2;
            double loss = i * width;
            sum += weight * width / 3 * Math.exp((loss - distance) / 2) / 4 * rest.applyAsDouble(loss);
        }
        return rest.applyAsDouble(distance) / 2 + Math.exp(-distance) * rest.applyAsDouble(-distance) / 2 + sum;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void laplaceReleasesAgreeWithNestedIntegrals(int times) {
        for (double distance : new double[] {0.3, 1.25}) {
            DpEvent event = new SelfComposed(new Laplace(1 / distance, 1, ADD), times);
            for (double delta : new double[] {0.05, 1e-3, 1e-6}) {
                double found = PldAccountant.standard()
                        .epsilon(event, new Delta(delta))
                        .orInfinity();
                assertThat(laplaceDelta(times, distance, found)).isLessThanOrEqualTo(delta * (1 + 5e-4));
                assertThat(laplaceDelta(times, distance, found * (1 - 1e-3))).isGreaterThan(delta);
            }
        }
    }

    static Stream<DpEvent> underReplaceOne() {
        return Stream.of(
                new Laplace(2, 1, REPLACE), new DiscreteLaplace(0.5, 1, REPLACE), new DiscreteGaussian(3, 1, REPLACE));
    }

    /** Between two mixtures that are neighbours, which bound from below, and the event without sampling. */
    @ParameterizedTest
    @MethodSource("underReplaceOne")
    void poissonSamplingUnderReplaceOneLiesBetweenWhatIsKnown(DpEvent event) {
        double rate = 0.1;
        Pair half = event instanceof DiscreteGaussian ? discreteGaussian(3, 1) : discreteLaplace(0.5, 1);
        double[] p = new double[half.p.length];
        double[] q = new double[half.p.length];
        for (int i = 1; i + 1 < p.length; i++) {
            p[i] = (1 - rate) * half.q[i] + rate * half.q[i - 1];
            q[i] = (1 - rate) * half.q[i] + rate * half.q[i + 1];
        }
        DpEvent sampled = new PoissonSampled(rate, event);
        for (Accountant accountant : List.of(PldAccountant.standard(), RdpAccountant.standard())) {
            Delta delta = new Delta(1e-4);
            double found = accountant.epsilon(sampled, delta).orInfinity();
            assertThat(found).isLessThan(accountant.epsilon(event, delta).orInfinity());
            if (!(event instanceof Laplace)) {
                assertThat(found).isGreaterThan(new Pair(p, q).epsilon(1e-4));
            }
            double added = accountant
                    .epsilon(new PoissonSampled(rate, underAdd(event)), delta)
                    .orInfinity();
            assertThat(found).isGreaterThan(added);
        }
    }

    private static DpEvent underAdd(DpEvent event) {
        return event instanceof Laplace
                ? new Laplace(2, 1, ADD)
                : event instanceof DiscreteLaplace ? new DiscreteLaplace(0.5, 1, ADD) : new DiscreteGaussian(3, 1, ADD);
    }

    private static Pair discreteGaussian(double sigma, int distance) {
        double[] p = new double[200];
        double[] q = new double[200];
        for (int i = 0; i < 200; i++) {
            p[i] = Math.exp(-Math.pow(i - 100 - distance, 2) / (2 * sigma * sigma));
            q[i] = Math.exp(-Math.pow(i - 100, 2) / (2 * sigma * sigma));
        }
        double total = Arrays.stream(q).sum();
        return new Pair(
                Arrays.stream(p).map(x -> x / total).toArray(),
                Arrays.stream(q).map(x -> x / total).toArray());
    }
}
