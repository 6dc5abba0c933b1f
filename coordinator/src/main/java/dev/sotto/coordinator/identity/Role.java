package dev.sotto.coordinator.identity;

import java.util.Locale;
import java.util.Optional;

/** What a person or script may do at a coordinator, from least to most; each role may also do what those before it may. */
public enum Role {
    /** Look. */
    VIEWER,
    /** Also start and stop sessions, upload packages and models. */
    OPERATOR,
    /** Also decide who takes part: tokens and revocation. */
    ADMIN;

    /** Whether this role may do what needs that one. */
    public boolean allows(Role needed) {
        return compareTo(needed) >= 0;
    }

    /** As users write it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The role of that word; empty if there is none. */
    public static Optional<Role> of(String word) {
        for (Role role : values()) {
            if (role.word().equals(word)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }
}
