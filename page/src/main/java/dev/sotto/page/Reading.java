package dev.sotto.page;

import dev.sotto.owner.request.Request;
import dev.sotto.owner.request.RequestWords;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a request comes to here.
 *
 * @param words for its owner; empty if the package cannot be read
 * @param rounds that it asks for; 0 if that is unknown
 * @param epsilon that it may reach on one record; empty without bound
 * @param refusal why the owner's own settings refuse it, whatever is decided, in one line; empty if they do not
 */
public record Reading(Optional<RequestWords> words, int rounds, OptionalDouble epsilon, Optional<String> refusal) {
    /** Reads requests. */
    @FunctionalInterface
    public interface Reader {
        /** Reads one; agrees to nothing. */
        Reading read(Request request);
    }

    /** Whether the owner may approve it. */
    boolean approvable() {
        return words.isPresent() && refusal.isEmpty();
    }
}
