package dev.sotto.coordinator.identity;

import dev.sotto.coordinator.store.Clients;
import dev.sotto.coordinator.store.Database;
import dev.sotto.coordinator.store.EnrolledClient;
import dev.sotto.coordinator.store.Sha256;
import dev.sotto.wire.Address;
import dev.sotto.wire.JoinToken;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/** The gate of a coordinator, and what its administrators decide about it. Thread-safe. */
public final class Identities implements Gate {
    private static final String ACCESS = "sotto-access.";
    private static final int MOST_TOKEN = 256;
    private static final Duration LONGEST = Duration.ofDays(30 * 365);

    private final Database database;
    private final KnownClients known;
    private final Authority authority;
    private final String coordinator;
    private volatile String address;
    private final PublicKey packageKey;
    private final RefusalRate refusals = new RefusalRate();
    private final RenewalRate renewals;
    private final List<Consumer<String>> revocations = new CopyOnWriteArrayList<>();
    private final List<Consumer<String>> enrolments = new CopyOnWriteArrayList<>();

    /**
     * @param coordinator its id
     * @param address host and port that clients are told to dial
     * @param packageKey that clients are told to trust
     */
    public Identities(
            Database database, Authority authority, String coordinator, String address, PublicKey packageKey) {
        this(database, authority, coordinator, address, packageKey, System::nanoTime);
    }

    /** The same, by another clock for how often certificates are renewed. */
    Identities(
            Database database,
            Authority authority,
            String coordinator,
            String address,
            PublicKey packageKey,
            LongSupplier nanoTime) {
        this.database = database;
        this.renewals = new RenewalRate(authority.clientLifetime(), nanoTime);
        this.known = new KnownClients(database.clients());
        this.authority = authority;
        this.coordinator = coordinator;
        this.address = address;
        this.packageKey = packageKey;
    }

    /** From now on clients are told to dial that address. */
    public void reachedAt(String now) {
        address = now;
    }

    /**
     * A token as it is handed out; nobody can tell it again later.
     *
     * @param expires until when it is valid
     */
    public record Issued(String token, Instant expires) {}

    /** Makes a token to join with, once: for that client id, or for any that is free. */
    public Issued createJoinToken(Optional<String> client, Duration valid, String actor) {
        client.ifPresent(JoinToken::requireClientId);
        requireValid(valid);
        byte[] secret = Keys.secret();
        String token = new JoinToken(Address.parse(address), authority.fingerprint(), secret, client).text();
        return new Issued(token, database.tokens().addJoin(Sha256.of(secret), client, valid, actor));
    }

    /** Makes a token for a person or script. */
    public Issued createAccessToken(String name, Role role, Duration valid, String actor) {
        if (name.isBlank()) {
            throw new IllegalArgumentException("name is empty; an access token needs one, to be recognised by");
        }
        requireValid(valid);
        String token = ACCESS + Keys.text(Keys.secret());
        return new Issued(token, database.tokens().addAccess(digest(token), name, role.word(), valid, actor));
    }

    private static void requireValid(Duration valid) {
        if (valid.isNegative() || valid.isZero() || valid.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "validity is " + valid.toSeconds() + " s; it must be 1 second to " + LONGEST.toDays() + " days");
        }
    }

    /** Makes an access token worthless. */
    public void revokeAccessToken(String name, String actor) {
        database.tokens().revokeAccess(name, actor);
    }

    /**
     * Shuts a client out: its certificate and its signing key count no more. False if it was shut out before.
     *
     * @throws IllegalStateException if there is no such client
     */
    public boolean revokeClient(String client, String reason, String actor) {
        boolean revoked = database.clients().revoke(client, reason, actor);
        known.changed();
        if (revoked) {
            revocations.forEach(listener -> listener.accept(client));
        }
        return revoked;
    }

    @Override
    public Joined join(String token, String clientId, byte[] csr, byte[] signingKey, byte[] proof)
            throws RefusedException {
        try {
            return enrol(token, clientId, csr, signingKey, proof);
        } catch (RefusedException e) {
            noted("stranger", "join refused", clientId, e.getMessage());
            throw e;
        }
    }

    private void noted(String actor, String action, String subject, String reason) {
        OptionalLong untold = refusals.next();
        if (untold.isPresent()) {
            String before = untold.getAsLong() > 0 ? " (and " + untold.getAsLong() + " more before)" : "";
            audit(actor, action, subject, reason + before);
        }
    }

    /** Whoever sends one that is damaged is told no more of it: what stands in it may be anything. */
    private static byte[] secretOf(String token) throws RefusedException {
        try {
            return JoinToken.parse(token).secret();
        } catch (IllegalArgumentException e) {
            throw new RefusedException(
                    "the join token is damaged; it must be the whole text that begins with 'sotto1.'");
        }
    }

    private Joined enrol(String token, String clientId, byte[] csr, byte[] signingKey, byte[] proof)
            throws RefusedException {
        byte[] secret = Sha256.of(secretOf(token));
        try {
            JoinToken.requireClientId(clientId);
        } catch (IllegalArgumentException e) {
            throw new RefusedException(e.getMessage());
        }
        // The token before all else: who has none is not to cost more than a look.
        refuse(database.clients().obstacle(secret, clientId));
        SubjectPublicKeyInfo key = CertificateRequest.key(csr);
        PublicKey signing = Keys.signing(signingKey);
        if (!Keys.signed(signing, csr, proof)) {
            throw new RefusedException("the proof is no signature of the signing key over the certificate request");
        }
        X509Certificate certificate = authority.client(key, clientId);
        Optional<String> obstacle =
                database.clients().enrol(secret, clientId, new Clients.Keys(issued(certificate), signing.getEncoded()));
        known.changed();
        refuse(obstacle);
        enrolments.forEach(listener -> listener.accept(clientId));
        return new Joined(
                List.of(encoded(certificate), encoded(authority.certificate())), coordinator, packageKey.getEncoded());
    }

    private static Clients.Issued issued(X509Certificate certificate) {
        return new Clients.Issued(
                serial(certificate),
                encoded(certificate),
                Sha256.of(certificate.getPublicKey().getEncoded()),
                certificate.getNotAfter().toInstant());
    }

    @Override
    public List<byte[]> renew(X509Certificate shown, byte[] csr, byte[] proof) throws RefusedException {
        String clientId = client(shown)
                .orElseThrow(() -> new RefusedException("the certificate that was shown is unknown, over or revoked"));
        requireSeldom(clientId);
        try {
            Clients.Issued issued = renewed(clientId, shown, csr, proof);
            return List.of(issued.certificate(), encoded(authority.certificate()));
        } catch (RefusedException e) {
            noted(clientId, "renewal refused", clientId, e.getMessage());
            throw e;
        }
    }

    /** Before anything that costs work. Told once until the client is heard again: it may not fill the log either. */
    private void requireSeldom(String clientId) throws RefusedException {
        Optional<RenewalRate.Refusal> refusal = renewals.ask(clientId);
        if (refusal.filter(RenewalRate.Refusal::first).isPresent()) {
            noted(clientId, "renewal refused", clientId, refusal.get().reason());
        }
        refuse(refusal.map(RenewalRate.Refusal::reason));
    }

    private Clients.Issued renewed(String clientId, X509Certificate shown, byte[] csr, byte[] proof)
            throws RefusedException {
        SubjectPublicKeyInfo key = CertificateRequest.key(csr);
        String named = CertificateRequest.client(csr).orElse("");
        if (!named.equals(clientId)) {
            throw new RefusedException("the certificate request names '" + named
                    + "', and the certificate that was shown" + " is of client '" + clientId + "'");
        }
        // A thief of the TLS key alone cannot renew it for ever.
        PublicKey signing = signingKey(clientId).orElseThrow(() -> new RefusedException("the client is revoked"));
        if (!Keys.signed(signing, csr, proof)) {
            throw new RefusedException(
                    "the proof is no signature of the client's signing key over the certificate request");
        }
        X509Certificate next = authority.client(key, clientId);
        if (next.getPublicKey().equals(shown.getPublicKey())) {
            throw new RefusedException("the certificate request has the key of the certificate that was shown; it must"
                    + " have a new one");
        }
        Clients.Renewal renewal = database.clients().renew(clientId, serial(shown), issued(next));
        if (renewal.issued().filter(one -> one.serial().equals(serial(next))).isPresent()) {
            known.changed();
        }
        refuse(renewal.obstacle());
        return renewal.issued().orElseThrow();
    }

    private static void refuse(Optional<String> obstacle) throws RefusedException {
        if (obstacle.isPresent()) {
            throw new RefusedException(obstacle.get());
        }
    }

    @Override
    public Optional<String> client(X509Certificate certificate) {
        return known.bySerial(serial(certificate))
                .filter(client -> client.revoked().isEmpty()
                        && client.expires().isAfter(Instant.now())
                        && MessageDigest.isEqual(client.certificate(), digest(certificate)))
                .map(EnrolledClient::id);
    }

    @Override
    public Optional<PublicKey> signingKey(String clientId) {
        return known.byId(clientId).filter(client -> client.revoked().isEmpty()).map(client -> {
            try {
                return Keys.signing(client.signingKey());
            } catch (RefusedException e) {
                throw new IllegalStateException("client " + clientId + ": its stored key is damaged", e);
            }
        });
    }

    @Override
    public Optional<Access> access(String bearerToken) {
        if (bearerToken.length() > MOST_TOKEN || !bearerToken.startsWith(ACCESS)) {
            return Optional.empty();
        }
        return database.tokens().access(digest(bearerToken)).flatMap(token -> Role.of(token.role())
                .map(role -> new Access(token.name(), role)));
    }

    @Override
    public void seen(Map<String, String> versions) {
        database.clients().seen(versions);
    }

    @Override
    public void audit(String actor, String action, String subject, String detail) {
        database.audit().append(actor, action, subject, detail);
    }

    @Override
    public void onRevoked(Consumer<String> clientId) {
        revocations.add(clientId);
    }

    @Override
    public void onEnrolled(Consumer<String> clientId) {
        enrolments.add(clientId);
    }

    private static byte[] digest(String token) {
        return Sha256.of(token.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] digest(X509Certificate certificate) {
        return Sha256.of(encoded(certificate));
    }

    private static byte[] encoded(X509Certificate certificate) {
        try {
            return certificate.getEncoded();
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String serial(X509Certificate certificate) {
        return certificate.getSerialNumber().toString(16);
    }
}
