package dev.sotto.coordinator.session;

import java.util.Map;
import java.util.OptionalDouble;

/**
 * How far a session has come, in the numbers that may be shown; kept with each round so that a list of sessions costs little.
 *
 * @param rounds committed
 * @param accuracy the last one measured
 * @param epsilon spent so far: of clients where they are protected, else the largest of an example
 * @param unit whose presence is hidden; empty before the first round
 * @param members each client's part; none under client-level privacy
 */
record Standing(
        int rounds,
        OptionalDouble accuracy,
        OptionalDouble loss,
        OptionalDouble epsilon,
        OptionalDouble delta,
        String unit,
        Map<String, Member> members) {
    static final Standing NONE = new Standing(
            0,
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            OptionalDouble.empty(),
            "",
            Map.of());

    Standing {
        members = Map.copyOf(members);
    }

    /** A client's part. */
    record Member(int examples, int steps, OptionalDouble epsilon, OptionalDouble delta) {}
}
