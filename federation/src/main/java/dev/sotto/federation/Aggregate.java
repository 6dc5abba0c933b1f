package dev.sotto.federation;

/**
 * Updates taken together: made in parts, merged in any order, with the same bits whatever the order. One thread at a time.
 */
public interface Aggregate {
    /** An empty one of the same kind. */
    Aggregate fresh();

    /**
     * Takes an update in.
     *
     * @throws RefusedUpdateException if it has another shape or round, is not finite, or is too large
     */
    void add(ClientUpdate update);

    /** Takes in all that another one of the same kind holds. */
    void merge(Aggregate other);

    /** How many updates are in. */
    int updates();
}
