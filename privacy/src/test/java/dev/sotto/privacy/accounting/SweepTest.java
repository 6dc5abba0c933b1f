package dev.sotto.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.Gaussian;
import dev.sotto.privacy.event.PoissonSampled;
import dev.sotto.privacy.event.SelfComposed;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ObjDoubleConsumer;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The whole range of parameters: rate 1e-8 to 1, sigma 0.1 to 100, 1 to 1e7 steps, delta 1e-15 to 0.1. Every answer is
 * finite, and grows along each axis, but for what a grid may take of it.
 */
class SweepTest {
    private static final int AXES = 4;

    /** Below delta 1e-12 rounding in the transform, where next to all mass is no loss at all, may take more than a grid. */
    private static double grid(Point point) {
        return point.delta < 1e-12 ? 0.05 : 1e-3;
    }

    private record Point(double rate, double sigma, long steps, double delta) {
        static Point draw(SplittableRandom random) {
            return new Point(
                    Math.min(1, between(1e-8, 1.5, random)),
                    between(0.1, 100, random),
                    Math.round(between(1, 1e7, random)),
                    between(1e-15, 0.1, random));
        }

        private static double between(double low, double high, SplittableRandom random) {
            return low * Math.exp(random.nextDouble() * Math.log(high / low));
        }

        double epsilon(Accountant accountant) {
            DpEvent gaussian = new Gaussian(sigma, 1, NeighbouringRelation.ZERO_OUT);
            DpEvent event = new SelfComposed(rate == 1 ? gaussian : new PoissonSampled(rate, gaussian), steps);
            return accountant.epsilon(event, new Delta(delta)).orInfinity();
        }

        /** A point that costs more along one axis. */
        Point dearer(int axis) {
            return switch (axis) {
                case 0 -> new Point(Math.min(1, rate * 1.1), sigma, steps, delta);
                case 1 -> new Point(rate, sigma / 1.1, steps, delta);
                case 2 -> new Point(rate, sigma, steps + 1 + steps / 10, delta);
                default -> new Point(rate, sigma, steps, delta / 2);
            };
        }
    }

    private static List<Point> points(long seed, int count) {
        SplittableRandom random = new SplittableRandom(seed);
        return Stream.generate(() -> Point.draw(random)).limit(count).toList();
    }

    /** Four points in ten are compared with a neighbour, along each axis in turn. */
    private static void finiteAndMonotone(
            Accountant accountant,
            List<Point> points,
            ToDoubleFunction<Point> tolerance,
            ObjDoubleConsumer<Point> also) {
        IntStream.range(0, points.size()).parallel().forEach(i -> {
            Point point = points.get(i);
            double epsilon = point.epsilon(accountant);
            assertThat(epsilon).as("%s", point).isFinite().isNotNegative();
            also.accept(point, epsilon);
            if (i % 10 < AXES) {
                Point dearer = point.dearer(i % 10);
                assertThat(dearer.epsilon(accountant))
                        .as("%s, %s", point, dearer)
                        .isGreaterThanOrEqualTo(epsilon * (1 - tolerance.applyAsDouble(point)));
            }
        });
    }

    private static void noLooserThanRenyi(Point point, double epsilon) {
        assertThat(epsilon)
                .as("%s", point)
                .isLessThanOrEqualTo(point.epsilon(RdpAccountant.standard()) * (1 + 1e-3) + 1e-12);
    }

    @Test
    void renyiAtTenThousandPoints() {
        finiteAndMonotone(RdpAccountant.standard(), points(42, 10_000), point -> 1e-9, (point, epsilon) -> {});
    }

    @Test
    void lossDistributionsAtAHundredPoints() {
        finiteAndMonotone(PldAccountant.standard(), points(43, 100), SweepTest::grid, SweepTest::noLooserThanRenyi);
    }

    /** A thousand points, or as many as {@code -Dsotto.sweep.points} says. */
    @Tag("system")
    @Test
    void lossDistributionsAtAThousandPoints() {
        int count = Integer.getInteger("sotto.sweep.points", 1_000);
        finiteAndMonotone(PldAccountant.standard(), points(42, count), SweepTest::grid, SweepTest::noLooserThanRenyi);
    }
}
