package dev.sotto.experiment.run;

import dev.sotto.federation.ClientReport.Refusal;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What stands in {@code checkpoint.json}: as of one round, what the journal's lines up to it do not tell.
 *
 * @param round finished last
 * @param arrays file of each array, by name
 * @param clippingNorm of the next round under client-level privacy; null without it
 * @param exhausted clients that can pay for no later round
 * @param epsilon the largest of the clients', so far
 * @param seconds that the run has taken
 */
record Checkpoint(
        int round,
        Map<String, String> arrays,
        Double clippingNorm,
        Map<String, Refusal> exhausted,
        OptionalDouble epsilon,
        double seconds) {
    static final String PARAMETERS = "parameters";
    static final String STRATEGY = "strategy/";
    static final String NOISE = "noise";
    static final String CLIENT = "client/";

    /** What names of a client's arrays begin with. */
    static String client(String id) {
        return CLIENT + id + "/";
    }
}
