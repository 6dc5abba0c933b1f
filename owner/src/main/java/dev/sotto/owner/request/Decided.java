package dev.sotto.owner.request;

import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/**
 * One decision in the order they were made. Each is signed over the request, the decision and the link before it.
 *
 * @param number from 1, without gaps
 * @param at when
 * @param kind what was decided
 * @param request on what
 * @param limits of an approval
 * @param reason of a rejection or revocation; else empty
 * @param automatic whether the owner's policy decided
 * @param signer SHA-256 of the public key that signed, in hexadecimal
 * @param hash link of the chain, in hexadecimal
 * @param broken what is wrong with it; empty if it is what the owner signed
 */
public record Decided(
        long number,
        Instant at,
        Kind kind,
        Request request,
        Optional<ApprovalLimits> limits,
        String reason,
        boolean automatic,
        String signer,
        String hash,
        Optional<String> broken) {
    /** What can be decided. */
    public enum Kind {
        /** It may be done. */
        APPROVED,
        /** It is not begun. */
        REJECTED,
        /** It does not go on. */
        REVOKED;

        /** The word in files and lists. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Kind of(String label) {
            return valueOf(label.toUpperCase(Locale.ROOT));
        }
    }
}
