package dev.sotto.federation;

import java.util.Map;
import java.util.OptionalDouble;

/**
 * What one client sends back.
 *
 * @param client who
 * @param round the task's round: an update of another round is refused
 * @param delta trained minus received parameters, and after them what the strategy asked for; owned by the receiver until its {@code add} returns
 * @param examples how many examples the client trains on: its weight, where clients are weighted
 * @param steps optimizer steps taken
 * @param epsilon what the client's ledger says is spent on its data set after this round; empty without example-level
 *     privacy
 * @param metrics local measurements by name; empty under privacy, where nothing un-noised leaves
 */
public record ClientUpdate(
        String client,
        int round,
        float[] delta,
        int examples,
        int steps,
        OptionalDouble epsilon,
        Map<String, Double> metrics) {}
