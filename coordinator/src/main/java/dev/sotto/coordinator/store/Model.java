package dev.sotto.coordinator.store;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A model that there was.
 *
 * @param number of the model; higher for later ones
 * @param sha256 of its parameters as raw 32-bit floats, little-endian: its name among blobs
 * @param parent digest of the model that it was trained from
 * @param session in which it was made; empty where it was given
 * @param round in which it was made; 0 where it was given
 * @param size in bytes
 */
public record Model(
        long number,
        byte[] sha256,
        Optional<byte[]> parent,
        Optional<String> session,
        int round,
        long size,
        OptionalDouble accuracy,
        Origin origin,
        Instant created) {
    /** Where models come from. */
    public enum Origin {
        /** A package. */
        SEED,
        /** A committed round. */
        ROUND,
        /** A file. */
        IMPORT;

        /** As users see it. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
