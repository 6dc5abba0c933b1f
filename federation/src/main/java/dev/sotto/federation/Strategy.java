package dev.sotto.federation;

/**
 * How updates become the next model: what they are gathered in, and what is done with the result. A strategy never sees
 * noise: bounding and releasing belong to the privacy plan. Stateful ones serve one run; one thread at a time.
 */
public interface Strategy {
    /** The name in experiment files, such as {@code fedavg}. */
    String name();

    /** Whether the result depends on how many examples clients have, which under add-or-remove-one is private. */
    boolean usesExampleCounts();

    /**
     * An empty aggregate for a round.
     *
     * @param size parameters of the model
     * @param round number of the round, from 1
     * @param mostWeight examples of all clients together; the number of clients if counts are not used
     */
    Aggregate begin(int size, int round, long mostWeight);

    /** Moves the parameters in place by what was gathered; called only if it holds at least one update. */
    void update(float[] parameters, Aggregate gathered);
}
