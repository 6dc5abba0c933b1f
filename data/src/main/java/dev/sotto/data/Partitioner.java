package dev.sotto.data;

/**
 * Deals examples out to clients. Implementations are values, and deterministic: the same examples, number of clients
 * and seed give the same partition on every machine.
 */
@FunctionalInterface
public interface Partitioner {
    /**
     * Gives each client its examples.
     *
     * @param clients at least 1
     * @throws DataException if the split cannot be made, for example with more clients than examples
     */
    Partition split(Examples examples, int clients, long seed);
}
