package dev.sotto.benchmarks.round;

import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Seconds of one round.
 *
 * @param wall from drawing the cohort to the new model, as the clock on the wall has it
 * @param training at the clients
 * @param adding clipping updates and adding them up
 * @param updating merging the workers' sums, and moving the model
 * @param noise drawing it, adding it to the sum, and turning the sum into a mean
 */
record RoundTimes(double wall, double training, double adding, double updating, double noise) {
    double aggregation() {
        return adding + updating;
    }

    /** What the parts take together. */
    double busy() {
        return training + aggregation() + noise;
    }

    /** The share of a round that is not training. */
    double overhead() {
        return (aggregation() + noise) / busy();
    }

    /** Each part's median. */
    static RoundTimes medians(List<RoundTimes> rounds) {
        return new RoundTimes(
                median(rounds, RoundTimes::wall),
                median(rounds, RoundTimes::training),
                median(rounds, RoundTimes::adding),
                median(rounds, RoundTimes::updating),
                median(rounds, RoundTimes::noise));
    }

    private static double median(List<RoundTimes> rounds, ToDoubleFunction<RoundTimes> part) {
        double[] sorted = rounds.stream().mapToDouble(part).sorted().toArray();
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
