package dev.sotto.coordinator.store;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A session as it stands.
 *
 * @param id letters, digits and dashes
 * @param name that a person gave it
 * @param packageDigest of the package that says what is trained
 * @param settings what was decided when it was started, as its runner wrote it
 * @param plannedRounds how many rounds are to be run
 * @param rounds committed
 * @param reason why it stands where it does; empty if there is no more to say
 * @param seed of the coordinator's randomness; empty where that is secret
 * @param model after the last committed round, or the one to begin with
 * @param standing what its runner noted with the last committed round; empty before
 * @param result what its runner noted at the end; empty before
 */
public record Session(
        String id,
        String name,
        byte[] packageDigest,
        String settings,
        int plannedRounds,
        int rounds,
        SessionState state,
        String reason,
        OptionalLong seed,
        byte[] model,
        String standing,
        String result,
        Instant created,
        Optional<Instant> ended) {}
