package dev.sotto.folders.mail;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sotto.wire.sealed.PrivateFile;
import dev.sotto.wire.sealed.SealedEnvelope.Header;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The numbers of letters: those written here grow, and of those read the latest of each author, project and kind is known, so
 * that an earlier one cannot be put in its place. Kept in a file. Thread-safe.
 */
final class Sequences {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String OWN = "own";

    private final Path file;
    private final TreeMap<String, Seen> seen;

    /** A letter that was read, or the number last given. */
    record Seen(long sequence, String digest) {}

    Sequences(Path file) throws IOException {
        this.file = file;
        this.seen = Files.exists(file)
                ? JSON.readValue(Files.readAllBytes(file), new TypeReference<TreeMap<String, Seen>>() {})
                : new TreeMap<>();
    }

    /** The number of the next letter: never one that was given before, also after a crash or with another clock. */
    synchronized long next() throws IOException {
        long last = seen.getOrDefault(OWN, new Seen(0, "")).sequence();
        long next = Math.max(last + 1, System.currentTimeMillis());
        seen.put(OWN, new Seen(next, ""));
        save();
        return next;
    }

    /** Why a letter must not be taken now, whose author was verified; empty if it may, and is the latest from now on. */
    synchronized Optional<String> refusal(Header header, String digest) throws IOException {
        String key = header.author() + " " + header.project() + " " + header.kind();
        Seen last = seen.get(key);
        if (last != null && header.sequence() < last.sequence()) {
            return Optional.of("it was replayed: number " + header.sequence() + " of " + header.author()
                    + ", from whom there is number " + last.sequence());
        }
        if (last != null && header.sequence() == last.sequence()) {
            return last.digest().equals(digest)
                    ? Optional.empty()
                    : Optional.of("it conflicts with another file of " + header.author() + " with the same number, "
                            + header.sequence());
        }
        seen.put(key, new Seen(header.sequence(), digest));
        save();
        return Optional.empty();
    }

    private void save() throws IOException {
        PrivateFile.write(file, JSON.writeValueAsBytes(seen));
    }
}
