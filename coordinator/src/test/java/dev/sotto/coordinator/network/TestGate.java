package dev.sotto.coordinator.network;

import dev.sotto.coordinator.identity.Access;
import dev.sotto.coordinator.identity.Gate;
import dev.sotto.coordinator.identity.Joined;
import dev.sotto.coordinator.identity.RefusedException;
import dev.sotto.coordinator.identity.Role;
import dev.sotto.wire.tls.Pem;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;

/** A gate that remembers in memory, with real certificates and signatures. */
final class TestGate implements Gate {
    private final TestAuthority authority;
    private final PublicKey packageKey;
    private final Set<String> tokens = ConcurrentHashMap.newKeySet();
    private final Map<X509Certificate, String> clients = new ConcurrentHashMap<>();
    private final Map<String, PublicKey> signingKeys = new ConcurrentHashMap<>();
    private final List<Consumer<String>> revocations = new CopyOnWriteArrayList<>();
    private final List<Consumer<String>> enrolments = new CopyOnWriteArrayList<>();
    private final Map<String, String> seen = new ConcurrentHashMap<>();
    private final List<String> audit = new CopyOnWriteArrayList<>();
    private volatile Duration lifetime = Duration.ofDays(1);

    TestGate(TestAuthority authority, PublicKey packageKey) {
        this.authority = authority;
        this.packageKey = packageKey;
    }

    void admit(String token) {
        tokens.add(token);
    }

    /** Lines of the form {@code actor action subject: detail}. */
    List<String> audited() {
        return audit;
    }

    /** Certificates are valid for so long from now on. */
    void issueFor(Duration valid) {
        lifetime = valid;
    }

    /** As if another process had done it: nobody is told. */
    void forget(String clientId) {
        clients.values().remove(clientId);
    }

    void revoke(String clientId) {
        signingKeys.remove(clientId);
        clients.values().remove(clientId);
        revocations.forEach(heard -> heard.accept(clientId));
    }

    @Override
    public Joined join(String token, String clientId, byte[] csr, byte[] signingKey, byte[] proof)
            throws RefusedException {
        if (!tokens.remove(token)) {
            audit("stranger", "join refused", clientId, "this token is unknown, or was used");
            throw new RefusedException("this token is unknown, or was used");
        }
        try {
            JcaPKCS10CertificationRequest request = new JcaPKCS10CertificationRequest(csr);
            PublicKey signing = Pem.publicKey(signingKey, "Ed25519");
            Signature signature = Signature.getInstance("Ed25519");
            signature.initVerify(signing);
            signature.update(csr);
            if (!signature.verify(proof)
                    || !request.isSignatureValid(
                            new JcaContentVerifierProviderBuilder().build(request.getPublicKey()))) {
                throw new RefusedException("a proof does not hold");
            }
            X509Certificate certificate = authority.client(clientId, request.getPublicKey(), lifetime);
            clients.values().remove(clientId);
            clients.put(certificate, clientId);
            signingKeys.put(clientId, signing);
            enrolments.forEach(heard -> heard.accept(clientId));
            return new Joined(
                    List.of(certificate.getEncoded(), authority.certificate().getEncoded()),
                    "test coordinator",
                    packageKey.getEncoded());
        } catch (RefusedException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** Who wants to see a renewal starts a whole coordinator. */
    @Override
    public List<byte[]> renew(X509Certificate shown, byte[] csr, byte[] proof) throws RefusedException {
        throw new RefusedException("this gate renews nothing");
    }

    @Override
    public Optional<String> client(X509Certificate certificate) {
        boolean over = !certificate.getNotAfter().toInstant().isAfter(Instant.now());
        return over ? Optional.empty() : Optional.ofNullable(clients.get(certificate));
    }

    @Override
    public Optional<PublicKey> signingKey(String clientId) {
        return Optional.ofNullable(signingKeys.get(clientId));
    }

    @Override
    public Optional<Access> access(String bearerToken) {
        return bearerToken.equals("viewer-token") ? Optional.of(new Access("vera", Role.VIEWER)) : Optional.empty();
    }

    @Override
    public void seen(Map<String, String> versions) {
        seen.putAll(versions);
    }

    /** Versions of the software that clients last came with, by id. */
    Map<String, String> seen() {
        return seen;
    }

    @Override
    public void audit(String actor, String action, String subject, String detail) {
        audit.add(actor + " " + action + " " + subject + ": " + detail);
    }

    @Override
    public void onEnrolled(Consumer<String> heard) {
        enrolments.add(heard);
    }

    @Override
    public void onRevoked(Consumer<String> heard) {
        revocations.add(heard);
    }
}
