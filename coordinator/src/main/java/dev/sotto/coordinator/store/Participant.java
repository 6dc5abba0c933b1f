package dev.sotto.coordinator.store;

import dev.sotto.federation.ClientProfile;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * A client on a session's roster.
 *
 * @param heldOut examples that it keeps for evaluation; empty if nobody may know
 * @param epsilon the limit that it holds its examples to; empty without example-level privacy
 * @param delta that goes with it
 * @param seeded whether its randomness can be drawn again, so that nothing is private
 */
public record Participant(
        ClientProfile profile, OptionalInt heldOut, OptionalDouble epsilon, OptionalDouble delta, boolean seeded) {}
