package dev.sotto.coordinator.store;

/**
 * The right to run a session. Each claim counts the epoch up, which ends all earlier leases on the session, those of the same
 * owner too.
 *
 * @param owner instance of a coordinator
 */
public record Lease(String session, String owner, long epoch) {}
