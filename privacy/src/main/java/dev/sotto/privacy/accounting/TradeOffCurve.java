package dev.sotto.privacy.accounting;

import dev.sotto.privacy.Require;
import dev.sotto.privacy.event.DpEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the best attack can achieve: for each false-positive rate of a test for one unit's presence, an upper bound of its
 * true-positive rate (Dong, Roth, Su 2022). Follows from delta at every epsilon: TPR <= delta + e^epsilon FPR. Immutable and
 * thread-safe.
 */
public final class TradeOffCurve {
    /** Epsilons from -40 to 40, on a scale that is fine around 0. */
    private static final double REACH = 4.4;

    private final List<LossPair[]> directions = new ArrayList<>();
    private final long[] counts;
    private final boolean nothing;
    private final boolean hopeless;

    private TradeOffCurve(DpEvent event) {
        Optional<List<PldAccountant.Part>> parts = PldAccountant.parts(event);
        hopeless = parts.isEmpty();
        nothing = parts.isPresent() && parts.get().isEmpty();
        counts = parts.map(PldAccountant::counts).orElse(new long[0]);
        if (!hopeless && !nothing) {
            for (boolean flipped : PldAccountant.directions(parts.get())) {
                directions.add(PldAccountant.pairs(parts.get(), flipped));
            }
        }
    }

    /**
     * The curve of an event.
     *
     * @throws UnboundedEventException if it has no known privacy loss distribution
     */
    public static TradeOffCurve of(DpEvent event) {
        return new TradeOffCurve(event);
    }

    /**
     * The largest true-positive rate of any test at this false-positive rate.
     *
     * @param falsePositiveRate in [0, 1]
     */
    public double truePositiveRate(double falsePositiveRate) {
        Require.probability("false-positive rate", falsePositiveRate);
        if (hopeless || falsePositiveRate == 1) {
            return 1;
        }
        if (nothing) {
            return falsePositiveRate;
        }
        double worst = falsePositiveRate;
        for (int d = 0; d < directions.size(); d++) {
            LossPair[] pairs = directions.get(d);
            LossPair[] reversed = directions.get(directions.size() - 1 - d);
            double best =
                    GoldenSection.minimum(t -> bound(pairs, reversed, Math.sinh(t), falsePositiveRate), -REACH, REACH);
            worst = Math.max(worst, bound(pairs, reversed, Math.sinh(best), falsePositiveRate));
        }
        return Math.min(1, worst);
    }

    private double bound(LossPair[] pairs, LossPair[] reversed, double epsilon, double falsePositiveRate) {
        if (epsilon >= 0) {
            return epsilon > 700 ? 1 : delta(pairs, epsilon) + Math.exp(epsilon) * falsePositiveRate;
        }
        // delta at -e is 1 - e^-e (1 - delta of the other direction at e).
        double other = delta(reversed, -epsilon);
        return 1 - Math.exp(epsilon) * (1 - other) + Math.exp(epsilon) * falsePositiveRate;
    }

    private double delta(LossPair[] pairs, double epsilon) {
        LossComposition composition = LossComposition.forEpsilon(pairs, counts, epsilon);
        return LossSolution.delta(List.of(composition), epsilon, Double.NaN).value();
    }
}
