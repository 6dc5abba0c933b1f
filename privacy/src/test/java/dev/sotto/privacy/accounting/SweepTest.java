package dev.sotto.privacy.accounting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.Gaussian;
import dev.sotto.privacy.event.PoissonSampled;
import dev.sotto.privacy.event.SelfComposed;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** The whole range of parameters: rate 1e-8 to 1, sigma 0.1 to 100, 1 to 1e7 steps, delta 1e-15 to 0.1. */
class SweepTest {
    private static final SplittableRandom RANDOM = new SplittableRandom(42);

    private record Point(double rate, double sigma, long steps, double delta) {
        static Point random() {
            return new Point(
                    Math.min(1, between(1e-8, 1.5)),
                    between(0.1, 100),
                    Math.round(between(1, 1e7)),
                    between(1e-15, 0.1));
        }

        private static double between(double low, double high) {
            return low * Math.exp(RANDOM.nextDouble() * Math.log(high / low));
        }

        double epsilon(Accountant accountant) {
            DpEvent gaussian = new Gaussian(sigma, 1, NeighbouringRelation.ZERO_OUT);
            DpEvent event = new SelfComposed(rate == 1 ? gaussian : new PoissonSampled(rate, gaussian), steps);
            return accountant.epsilon(event, new Delta(delta)).orInfinity();
        }
    }

    @Test
    void renyiIsFiniteAndMonotoneAtTenThousandPoints() {
        RdpAccountant rdp = RdpAccountant.standard();
        for (int i = 0; i < 10_000; i++) {
            Point p = Point.random();
            double epsilon = p.epsilon(rdp);
            assertThat(epsilon).as("%s", p).isFinite().isNotNegative();
            if (i % 10 < 4) {
                Point next = neighbour(p, i % 10);
                assertThat(next.epsilon(rdp)).as("%s, %s", p, next).isGreaterThanOrEqualTo(epsilon * (1 - 1e-9));
            }
        }
    }

    @Test
    void lossDistributionsAreFiniteMonotoneAndNoLooserThanRenyi() {
        PldAccountant pld = PldAccountant.standard();
        Accountant tightest = AccountantChoice.TIGHTEST.accountant();
        for (int i = 0; i < 40; i++) {
            Point p = Point.random();
            double epsilon = p.epsilon(pld);
            double rdp = p.epsilon(RdpAccountant.standard());
            assertThat(epsilon).as("%s", p).isFinite().isNotNegative();
            assertThat(p.epsilon(tightest)).as("%s", p).isLessThanOrEqualTo(rdp);
            assertThat(neighbour(p, i % 4).epsilon(pld)).as("%s", p).isGreaterThanOrEqualTo(epsilon * (1 - 1e-3));
        }
    }

    /** A point that costs more along one axis. */
    private static Point neighbour(Point p, int axis) {
        return switch (axis) {
            case 0 -> new Point(Math.min(1, p.rate * 1.1), p.sigma, p.steps, p.delta);
            case 1 -> new Point(p.rate, p.sigma / 1.1, p.steps, p.delta);
            case 2 -> new Point(p.rate, p.sigma, p.steps + 1 + p.steps / 10, p.delta);
            default -> new Point(p.rate, p.sigma, p.steps, p.delta / 2);
        };
    }
}
