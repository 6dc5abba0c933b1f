package dev.sotto.federation;

import dev.sotto.privacy.Require;
import java.util.Optional;

/**
 * Simulated: who of those that are asked does not answer in time. Clients that really are elsewhere need none of this.
 *
 * @param dropout probability with which each client asked vanishes before it trains, on its own in each round
 * @param deadline by when answers count; empty to wait for all
 */
public record Reliability(double dropout, Optional<Deadline> deadline) {
    /** Everybody answers. */
    public static final Reliability FULL = new Reliability(0, Optional.empty());

    /** Checks the ranges; an {@link IllegalArgumentException} names the value and the range. */
    public Reliability {
        Require.probability("dropout", dropout);
    }

    /** Whether everybody answers. */
    public boolean full() {
        return dropout == 0 && deadline.isEmpty();
    }

    /**
     * When a round closes. A client past it has trained, and what its ledger reserved stays spent; its update is lost.
     *
     * @param seconds from the round's start, in simulated time
     * @param pace how long clients take
     */
    public record Deadline(double seconds, Pace pace) {
        public Deadline {
            Require.positive("deadline", seconds);
        }
    }

    /**
     * Simulated seconds that an optimizer step takes: {@code median exp(spread g + jitter h)}, where g is a standard normal
     * number of each client and h one of each client and round.
     *
     * @param median above 0
     * @param spread how clients differ: 0 not at all; with 0.5 the slowest of 40 takes three times the median
     * @param jitter how one client's rounds differ
     */
    public record Pace(double median, double spread, double jitter) {
        public Pace {
            Require.positive("median of seconds-per-step", median);
            Require.nonNegative("spread of seconds-per-step", spread);
            Require.nonNegative("jitter of seconds-per-step", jitter);
        }
    }
}
