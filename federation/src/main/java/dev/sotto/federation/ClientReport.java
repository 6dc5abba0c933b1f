package dev.sotto.federation;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What the federation remembers of one client's part in a round.
 *
 * @param client who
 * @param examples its training examples
 * @param steps optimizer steps taken in this round; 0 if it refused
 * @param updateNorm L2 norm of its update; empty if it refused
 * @param epsilon spent on its data set so far; empty without example-level privacy
 * @param metrics its measurements; empty under privacy
 * @param refusal why it did not take part, if it did not
 */
public record ClientReport(
        String client,
        int examples,
        int steps,
        OptionalDouble updateNorm,
        OptionalDouble epsilon,
        Map<String, Double> metrics,
        Optional<Refusal> refusal) {

    /** Why a client took no part. */
    public enum Reason {
        /** The round would have passed the limit of its ledger. */
        BUDGET,
        /** Its update was refused, or training failed. */
        FAILED,
        /** Training reached a loss or parameters that are not finite. */
        DIVERGED,
        /** Its update was refused because it is larger than sums hold: it diverged, or an attacker says so. */
        TOO_LARGE,
        /** It was asked and did not answer in time. */
        DROPPED
    }

    /** A reason and its one line. */
    public record Refusal(Reason reason, String message) {}

    /**
     * A report of an update that was counted.
     *
     * @param parameters of the model: what follows them in the vector is the strategy's
     */
    public static ClientReport of(ClientUpdate update, int parameters) {
        return new ClientReport(
                update.client(),
                update.examples(),
                update.steps(),
                OptionalDouble.of(norm(update.delta(), parameters)),
                update.epsilon(),
                update.metrics(),
                Optional.empty());
    }

    private static double norm(float[] values, int count) {
        // Four sums that do not wait for each other.
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = 0;
        for (; i + 3 < count; i += 4) {
            a += (double) values[i] * values[i];
            b += (double) values[i + 1] * values[i + 1];
            c += (double) values[i + 2] * values[i + 2];
            d += (double) values[i + 3] * values[i + 3];
        }
        for (; i < count; i++) {
            a += (double) values[i] * values[i];
        }
        return Math.sqrt((a + b) + (c + d));
    }

    /** A report of a client that took no part. */
    public static ClientReport refused(String client, int examples, OptionalDouble epsilon, Refusal refusal) {
        return new ClientReport(client, examples, 0, OptionalDouble.empty(), epsilon, Map.of(), Optional.of(refusal));
    }
}
