package dev.sotto.owner.ledger;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;

/**
 * One line of the owner's ledger. What does not apply is empty, or 0.
 *
 * @param number from 1, without gaps
 * @param at when, ISO 8601 in UTC
 * @param kind what it says
 * @param dataSet the owner's id of the data
 * @param key for whom
 * @param reservation number of the line that reserved what is committed here
 * @param event what was reserved, as JSON
 * @param detail purpose of a reservation, digest of what was committed, or the terms of the other kinds as JSON
 */
public record LedgerLine(
        long number,
        String at,
        Kind kind,
        String dataSet,
        SessionKey key,
        long reservation,
        String event,
        String detail) {
    /** What nobody in particular asked for. */
    static final SessionKey OWNER = new SessionKey("", "");

    /** What lines say. */
    public enum Kind {
        /** The owner named a data set, and which ones it shares examples with. */
        DECLARED,
        /** The owner set the limit of a data set. */
        LIMITED,
        /** The Renyi order of a data set was fixed, before anything was released from it. */
        ORDER,
        /** An event was booked before data was touched. */
        RESERVED,
        /** What was reserved was released. */
        COMMITTED;

        String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Kind of(String label) {
            return valueOf(label.toUpperCase(Locale.ROOT));
        }
    }

    /** The link of the chain: SHA-256 over the link before and everything that this line says. */
    byte[] hash(byte[] previous) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            out.write("sotto-ledger-1\n".getBytes(StandardCharsets.US_ASCII));
            out.write(previous);
            out.writeLong(number);
            for (String text :
                    new String[] {at, kind.label(), dataSet, key.coordinator(), key.session(), event, detail}) {
                byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
                // Lengths first: no two lines have one encoding.
                out.writeInt(utf8.length);
                out.write(utf8);
            }
            out.writeLong(reservation);
            out.flush();
            return MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
