package dev.sotto.coordinator.identity;

import java.time.Duration;

/**
 * How long certificates are valid. Each is renewed long before it is over: a server's when a quarter is left, a client's, which
 * asks for it, when about a third is.
 *
 * @param client of a client's
 * @param server of the coordinator's own
 */
public record Lifetimes(Duration client, Duration server) {
    /** Shorter than this nothing could be renewed in time. */
    public static final Duration LEAST = Duration.ofSeconds(10);

    /** No certificate may outlast the authority's, which is renewed five years before it is over. */
    public static final Duration MOST = Duration.ofDays(3 * 365);

    /** A year and two. */
    public static final Lifetimes DEFAULT = new Lifetimes(Duration.ofDays(365), Duration.ofDays(730));

    /** Checks both. */
    public Lifetimes {
        require("client", client);
        require("server", server);
    }

    private static void require(String what, Duration lifetime) {
        if (lifetime.compareTo(LEAST) < 0 || lifetime.compareTo(MOST) > 0) {
            throw new IllegalArgumentException("a " + what + "'s certificate is to be valid for " + lifetime.toSeconds()
                    + " s; it must be " + LEAST.toSeconds() + " s to " + MOST.toDays() + " days");
        }
    }
}
