package dev.sotto.federation;

import dev.sotto.learning.Evaluation;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What is remembered of a round.
 *
 * @param round from 1
 * @param released whether the model moved; not if fewer updates came than a round needs
 * @param central on central test data, if evaluated in this round
 * @param metrics further metrics on central test data, by name
 * @param heldOut on what clients held out, if evaluated in this round and not withheld
 * @param reports a line for each client asked; none under client-level privacy, where nothing leaves a client but through
 *     the mechanism
 * @param epsilon the largest of the clients', spent so far; empty without example-level privacy
 * @param clientLevel what client-level privacy did in this round; empty without it
 * @param seconds wall-clock time of training and aggregation, evaluation apart
 */
public record RoundRecord(
        int round,
        boolean released,
        Optional<Evaluation> central,
        Map<String, Double> metrics,
        Optional<HeldOutScores> heldOut,
        List<ClientReport> reports,
        OptionalDouble epsilon,
        Optional<ClientLevelRound> clientLevel,
        double seconds) {

    /**
     * A round of client-level privacy; all of it may be known to everybody.
     *
     * @param clippingNorm that bounded the updates
     * @param noiseStddev of the noise on each value of the sum
     * @param epsilon spent so far
     */
    public record ClientLevelRound(double clippingNorm, double noiseStddev, OptionalDouble epsilon) {}

    /** On central test data, else on what clients held out; only where the target is a class does it mean something. */
    public OptionalDouble accuracy() {
        return central.map(scores -> OptionalDouble.of(scores.accuracy()))
                .or(() -> heldOut.map(HeldOutScores::accuracy))
                .orElse(OptionalDouble.empty());
    }

    /** Mean loss on central test data, else on what clients held out. */
    public OptionalDouble loss() {
        return central.map(scores -> OptionalDouble.of(scores.loss()))
                .or(() -> heldOut.map(HeldOutScores::loss))
                .orElse(OptionalDouble.empty());
    }

    /** How many clients sent an update that was counted. */
    public long updates() {
        return reports.stream().filter(report -> report.refusal().isEmpty()).count();
    }
}
