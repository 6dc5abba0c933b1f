package dev.sotto.owner.ledger;

import dev.sotto.formats.Printable;

/**
 * Which session of which coordinator. Two coordinators may give one id to two sessions.
 *
 * @param coordinator its id
 * @param session its id there
 */
public record SessionKey(String coordinator, String session) {
    private static final int LONGEST = 200;

    /** Ids appear in ledgers, log lines and on screens: an {@link IllegalArgumentException} if one could forge more than itself. */
    public SessionKey {
        requirePrintable("coordinator", coordinator);
        requirePrintable("session", session);
    }

    private static void requirePrintable(String what, String id) {
        if (id.length() > LONGEST || !Printable.is(id)) {
            throw new IllegalArgumentException(
                    "the id of a " + what + " is at most " + LONGEST + " characters that can be printed");
        }
    }

    @Override
    public String toString() {
        return "session " + session + " of " + coordinator;
    }
}
