package dev.sotto.coordinator.identity;

/**
 * Who holds an access token, and what for.
 *
 * @param name of the token, as the audit log gives it
 */
public record Access(String name, Role role) {}
