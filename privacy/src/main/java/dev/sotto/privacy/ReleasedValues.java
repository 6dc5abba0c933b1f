package dev.sotto.privacy;

/**
 * Takes what a mechanism releases, a stretch of the vector after the other, each while it is in cache. Together the
 * stretches are the whole vector, in ascending order.
 */
@FunctionalInterface
public interface ReleasedValues {
    /** Leaves them where they are. */
    ReleasedValues KEPT = (values, from, to) -> {};

    /**
     * Comes before noise is added to {@code values[.. to)}, which must be complete then; those that were taken must not change
     * any more. {@code to} ascends.
     */
    default void complete(float[] values, int to) {}

    /** {@code values[from .. to)} were released; they may be changed now, the rest of the array not. */
    void take(float[] values, int from, int to);
}
