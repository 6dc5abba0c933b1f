package dev.sotto.owner;

import dev.sotto.owner.ledger.SessionKey;
import java.nio.file.Path;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * What a client released in a round, as it is kept and, if need be, sent again.
 *
 * @param session which
 * @param round of it
 * @param model digest of the model that was trained
 * @param vector the update's file: little-endian 32-bit floats
 * @param sha256 of the file
 * @param bytes of the file
 * @param examples that the client trains on; 1 where that does not leave
 * @param steps taken in this round; 0 where that does not leave
 * @param epsilon spent by the session after this round; empty without example-level privacy
 * @param metrics local measurements by name; empty under privacy
 * @param again whether it was released before: nothing was trained and nothing spent
 */
public record Release(
        SessionKey session,
        int round,
        byte[] model,
        Path vector,
        byte[] sha256,
        long bytes,
        int examples,
        int steps,
        OptionalDouble epsilon,
        Map<String, Double> metrics,
        boolean again) {}
