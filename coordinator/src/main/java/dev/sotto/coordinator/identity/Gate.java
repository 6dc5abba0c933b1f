package dev.sotto.coordinator.identity;

import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What the network asks before it lets anybody in. Answers are always as of now: a certificate that was revoked a moment ago
 * is unknown. Safe for use by several threads.
 */
public interface Gate {
    /**
     * Enrols a client, once for each token.
     *
     * @param token as it was handed to the owner
     * @param clientId that the client asks for
     * @param csr PKCS#10, DER, with a P-256 key
     * @param signingKey Ed25519, SubjectPublicKeyInfo, DER
     * @param proof Ed25519 signature over {@code csr}
     * @throws RefusedException with one line that may be told to whoever asked
     */
    Joined join(String token, String clientId, byte[] csr, byte[] signingKey, byte[] proof) throws RefusedException;

    /**
     * Gives a client a certificate for another key, besides those it has. Asked again for the same key it gives the same. Who
     * asks too often is refused before anything is read.
     *
     * @param shown certificate that the client came with
     * @param csr PKCS#10, DER, with a new P-256 key; its subject is the client's id
     * @param proof Ed25519 signature over {@code csr} with the key that signs the client's updates
     * @return X.509, DER, the client's own first, the authority's last
     * @throws RefusedException with one line that may be told to whoever asked
     */
    List<byte[]> renew(X509Certificate shown, byte[] csr, byte[] proof) throws RefusedException;

    /** The client that a certificate is bound to; empty if it is unknown, over or revoked. To be asked at each call. */
    Optional<String> client(X509Certificate certificate);

    /** The Ed25519 key that a client's updates are signed with; empty if the client is unknown or revoked. */
    Optional<PublicKey> signingKey(String clientId);

    /** What the bearer of an access token may do; empty if it is unknown, over or revoked. */
    Optional<Access> access(String bearerToken);

    /**
     * Notes that clients are, or until now were, connected.
     *
     * @param versions of the software that each came with, by client id
     */
    void seen(Map<String, String> versions);

    /** Writes a line to the audit log. */
    void audit(String actor, String action, String subject, String detail);

    /**
     * Calls with the id of each client that is enrolled from now on, after that holds. If it was known before, no certificate
     * that it had counts any more.
     */
    void onEnrolled(Consumer<String> clientId);

    /** Calls with the id of each client that is revoked from now on, after the revocation holds. */
    void onRevoked(Consumer<String> clientId);
}
