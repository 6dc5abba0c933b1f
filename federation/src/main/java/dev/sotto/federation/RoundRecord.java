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
 * @param heldOut all clients' held-out data together, if evaluated in this round
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
        Optional<Evaluation> heldOut,
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

    /** How many clients sent an update that was counted. */
    public long updates() {
        return reports.stream().filter(report -> report.refusal().isEmpty()).count();
    }
}
