package dev.sotto.owner.request;

import dev.sotto.owner.ledger.SessionKey;
import java.nio.file.Path;
import java.time.Instant;

/**
 * A session that asks for an owner's data. It never changes: another package, number of clients or state of the data makes
 * another request.
 *
 * @param id 16 hexadecimal digits of a SHA-256 over all that is asked
 * @param key which session
 * @param authority SHA-256 of the key that the coordinator's identity rests on, in hexadecimal
 * @param client what the federation calls the owner
 * @param dataSet the owner's id of the data
 * @param packageDigest SHA-256 of the package, in hexadecimal
 * @param file the package, as the owner keeps it
 * @param clients that the session is planned for
 * @param arrived when it was first asked
 */
public record Request(
        String id,
        SessionKey key,
        String authority,
        String client,
        String dataSet,
        String packageDigest,
        Path file,
        int clients,
        Instant arrived) {
    private static final int SHORT = 8;

    /** The beginning of the id, as people read and type it. */
    public String shortId() {
        return id.substring(0, SHORT);
    }

    /** Whether the same asks: by its name, or by the key that its identity rests on. */
    boolean isOfTheAskerOf(Request other) {
        return key.coordinator().equals(other.key.coordinator()) || authority.equals(other.authority);
    }
}
