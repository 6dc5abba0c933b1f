package dev.sotto.federation;

import dev.sotto.learning.Evaluation;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.ToDoubleFunction;

/**
 * How a model did on what clients held out, over all of them.
 *
 * @param clients how many answered; under client-level privacy how many are expected to, rounded
 * @param accuracy mean share of correct predictions; with noise it may lie outside of [0, 1]. Empty if not a number
 * @param loss mean loss; empty under privacy, or if not finite
 * @param noiseStddev of the noise on the accuracy; empty if there is none or it differs by client
 */
public record HeldOutScores(int clients, OptionalDouble accuracy, OptionalDouble loss, OptionalDouble noiseStddev) {

    /**
     * The clients' scores together; empty for none.
     *
     * @param uniform whether each client counts the same; if not, each example does
     */
    static Optional<HeldOutScores> of(Collection<Evaluation> clients, boolean uniform) {
        if (clients.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new HeldOutScores(
                clients.size(),
                mean(clients, uniform, Evaluation::accuracy),
                mean(clients, uniform, Evaluation::loss),
                OptionalDouble.empty()));
    }

    /** A noised accuracy. */
    static HeldOutScores noised(double expectedClients, double accuracy, double stddev) {
        return new HeldOutScores(
                (int) Math.round(expectedClients),
                OptionalDouble.of(accuracy),
                OptionalDouble.empty(),
                OptionalDouble.of(stddev));
    }

    private static OptionalDouble mean(
            Collection<Evaluation> clients, boolean uniform, ToDoubleFunction<Evaluation> score) {
        double sum = 0;
        double weights = 0;
        for (Evaluation scores : clients) {
            double weight = uniform ? 1 : scores.examples();
            sum += weight * score.applyAsDouble(scores);
            weights += weight;
        }
        double mean = sum / weights;
        return Double.isFinite(mean) ? OptionalDouble.of(mean) : OptionalDouble.empty();
    }
}
