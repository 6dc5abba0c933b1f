package dev.sotto.federation;

/**
 * What clients are told in a round.
 *
 * @param round number of the round, from 1
 * @param parameters the current model; shared, never written to
 */
public record RoundTask(int round, float[] parameters) {}
