package dev.sotto.owner.request;

import dev.sotto.privacy.Epsilon;
import java.time.Instant;
import java.util.Optional;

/**
 * How far an approval goes.
 *
 * @param rounds the last round that may be trained or evaluated; at least 1
 * @param epsilon the most that the session may have spent after any round, at the session's delta; empty for no cap beside the
 *     session's own limit and the owner's policy
 * @param expires from when on nothing more is done
 */
public record ApprovalLimits(int rounds, Optional<Epsilon> epsilon, Instant expires) {
    /** Checks the number of rounds. */
    public ApprovalLimits {
        if (rounds < 1) {
            throw new RequestException("an approval is for at least 1 round, not " + rounds);
        }
    }
}
