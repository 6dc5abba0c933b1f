package dev.sotto.coordinator.store;

import java.time.Instant;
import java.util.Optional;

/**
 * A client that has joined.
 *
 * @param serial of its certificate, in hexadecimal
 * @param certificate SHA-256 of the certificate
 * @param expires when the certificate is over
 * @param signingKey Ed25519, SubjectPublicKeyInfo, DER
 * @param seen when it was connected last; empty if it never was
 * @param version of the software it last came with; empty if it never did
 * @param revoked since when nothing counts any more; empty if it does
 * @param reason of the revocation; empty without
 */
public record EnrolledClient(
        String id,
        String serial,
        byte[] certificate,
        Instant expires,
        byte[] signingKey,
        Instant enrolled,
        Optional<Instant> seen,
        String version,
        Optional<Instant> revoked,
        String reason) {}
