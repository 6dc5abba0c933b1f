package dev.sotto.page;

import dev.sotto.owner.request.Request;
import dev.sotto.owner.request.RequestWords;
import java.util.OptionalDouble;

/** What a request comes to here. */
public sealed interface Reading {
    /**
     * It can be done.
     *
     * @param words for its owner
     * @param rounds that it asks for
     * @param epsilon that it may reach on one record; empty without bound
     */
    record Clear(RequestWords words, int rounds, OptionalDouble epsilon) implements Reading {}

    /**
     * The owner's settings refuse it, whatever is decided, or its package cannot be read.
     *
     * @param reason in one line
     */
    record Refused(String reason) implements Reading {}

    /** Reads requests. */
    @FunctionalInterface
    interface Reader {
        /** Reads one; agrees to nothing. */
        Reading read(Request request);
    }
}
