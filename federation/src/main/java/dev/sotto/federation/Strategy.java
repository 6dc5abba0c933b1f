package dev.sotto.federation;

import java.util.Map;
import java.util.Optional;

/**
 * How updates become the next model: what they are gathered in, and what is done with the result. A strategy never sees
 * noise: bounding and releasing belong to the privacy plan. Stateful ones serve one run; one thread at a time.
 */
public interface Strategy {
    /** The name in experiment files, such as {@code fedavg}. */
    String name();

    /** Whether the result depends on how many examples clients have, which under add-or-remove-one is private. */
    boolean usesExampleCounts();

    /** What clients do besides plain training. */
    default LocalMethod method() {
        return new LocalMethod.Plain();
    }

    /** Why no bound is known on what one client can change, so that client-level privacy is refused; empty if there is one. */
    Optional<String> unbounded();

    /** Updates without which the model cannot be moved. */
    default int leastUpdates() {
        return 1;
    }

    /** A vector that goes out with the model; empty for most, and for zeros. */
    default float[] extra() {
        return new float[0];
    }

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

    /** The same strategy at the start of a run; itself if it has no state. */
    default Strategy fresh() {
        return this;
    }

    /** What must be kept between rounds besides the model, by name; empty if nothing. Arrays are copies. */
    default Map<String, float[]> state() {
        return Map.of();
    }

    /** Goes on from a state that {@link #state} gave. */
    default void restore(Map<String, float[]> state) {}
}
