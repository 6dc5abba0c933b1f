package dev.sotto.federation;

import dev.sotto.privacy.Require;

/**
 * What everyone may know of a client. Under the zero-out relation the roster and the sizes are public.
 *
 * @param id unique in the federation: letters, digits, dot, dash and underscore
 * @param examples how many training examples it holds; at least 1
 */
public record ClientProfile(String id, int examples) {
    /** Checks the ranges; an {@link IllegalArgumentException} names the value and the range. */
    public ClientProfile {
        // Ids name files and random streams: two clients must not be able to meet in one.
        if (!id.matches("[A-Za-z0-9._-]+")) {
            throw new IllegalArgumentException(
                    "client id is '" + id + "'; it must be letters, digits, dots, dashes and underscores");
        }
        Require.atLeast("number of examples of client " + id, examples, 1);
    }
}
