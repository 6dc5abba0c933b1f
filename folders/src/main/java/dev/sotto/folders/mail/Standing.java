package dev.sotto.folders.mail;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sotto.wire.sealed.UnfitFileException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * How an owner stands in a project, behind its answer. Nothing in it tells of the data.
 *
 * @param clients that the answer is for
 * @param hasData whether it has added its data
 * @param decision of the owner: waiting, yes, rejected, revoked or no
 * @param round that it trains, or trained last; 0 before the first
 * @param progress of it, in words
 */
public record Standing(int clients, boolean hasData, String decision, int round, String progress) {
    /** Decisions. */
    public static final String WAITING = "waiting";

    public static final String YES = "yes";
    public static final String NO = "no";
    public static final String REJECTED = "rejected";
    public static final String REVOKED = "revoked";

    private static final int MOST_CHARACTERS = 100;
    private static final JsonMapper JSON = JsonMapper.builder()
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    /** As it follows an answer. */
    public byte[] bytes() {
        try {
            return JSON.writeValueAsBytes(this);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From what follows an answer; texts are cut and cleaned. */
    public static Standing parse(byte[] bytes) throws UnfitFileException {
        try {
            Standing read = JSON.readValue(new String(bytes, StandardCharsets.UTF_8), Standing.class);
            if (read == null) { // the word null is JSON too
                throw new UnfitFileException("it is signed, and does not say how its author stands");
            }
            return new Standing(
                    read.clients, read.hasData, line(read.decision), Math.max(0, read.round), line(read.progress));
        } catch (IOException e) {
            throw new UnfitFileException("it is signed, and does not say how its author stands");
        }
    }

    private static String line(String text) {
        return Lines.of(text == null ? "" : text, MOST_CHARACTERS);
    }
}
