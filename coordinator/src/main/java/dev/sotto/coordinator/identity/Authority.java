package dev.sotto.coordinator.identity;

import dev.sotto.coordinator.store.PrivateFiles;
import dev.sotto.coordinator.store.Sha256;
import dev.sotto.wire.tls.Pem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/** Issues a coordinator's certificates. Whoever has its key can pose as any client, and as the coordinator. Thread-safe. */
public final class Authority {
    private static final Duration OWN = Duration.ofDays(30 * 365);
    private static final Duration OWN_RENEWAL = Duration.ofDays(5 * 365);
    /** Of a server certificate's life, what is left when another is made. */
    private static final int SERVER_RENEWAL = 4;

    private static final String KEY = "key.pem";
    private static final String CERTIFICATE = "certificate.pem";

    private final Path folder;
    private final String coordinator;
    private final KeyPair key;
    private final Lifetimes lifetimes;
    private volatile X509Certificate certificate;

    private Authority(Path folder, String coordinator, KeyPair key, Lifetimes lifetimes, X509Certificate certificate) {
        this.folder = folder;
        this.coordinator = coordinator;
        this.key = key;
        this.lifetimes = lifetimes;
        this.certificate = certificate;
    }

    /** Makes an authority, in a folder that is made for it. */
    public static Authority create(Path folder, String coordinator, Lifetimes lifetimes) throws IOException {
        return create(folder, coordinator, lifetimes, OWN);
    }

    /** The same, valid for so long: who tests what happens before its end cannot wait for thirty years. */
    static Authority create(Path folder, String coordinator, Lifetimes lifetimes, Duration own) throws IOException {
        KeyPair key = Keys.tls();
        X509Certificate certificate = Certificates.authority(key, coordinator, own);
        PrivateFiles.createFolder(folder);
        PrivateFiles.write(folder.resolve(KEY), Pem.text(key.getPrivate()));
        PrivateFiles.write(folder.resolve(CERTIFICATE), Pem.text(List.of(certificate)));
        return new Authority(folder, coordinator, key, lifetimes, certificate);
    }

    /** Reads an authority. */
    public static Authority open(Path folder, String coordinator, Lifetimes lifetimes) throws IOException {
        X509Certificate certificate =
                Pem.certificates(folder.resolve(CERTIFICATE)).get(0);
        KeyPair key = new KeyPair(certificate.getPublicKey(), Pem.privateKey(folder.resolve(KEY)));
        return new Authority(folder, coordinator, key, lifetimes, certificate);
    }

    /**
     * Makes another certificate for the same key and name, if the one that there is will be over within years. Join tokens and
     * nodes know the authority by its key, so both certificates are good; nodes get the new one when theirs is renewed.
     *
     * @return whether it did
     */
    public synchronized boolean renew() throws IOException {
        if (certificate.getNotAfter().toInstant().isAfter(Instant.now().plus(OWN_RENEWAL))) {
            return false;
        }
        X509Certificate next = Certificates.authority(key, coordinator, OWN);
        PrivateFiles.write(folder.resolve(CERTIFICATE), Pem.text(List.of(next)));
        certificate = next;
        return true;
    }

    /** Its certificate's file in its folder. */
    public static Path certificate(Path folder) {
        return folder.resolve(CERTIFICATE);
    }

    /** Its own certificate. */
    public X509Certificate certificate() {
        return certificate;
    }

    /** What join tokens know it by: SHA-256 of its public key. */
    public byte[] fingerprint() {
        return Sha256.of(certificate.getPublicKey().getEncoded());
    }

    /**
     * Sees to it that a folder holds a key and a certificate for a server of these hosts: makes new ones if there are none, a
     * host is missing, or a quarter of their time is left.
     */
    public synchronized ServerIdentity server(Path place, Collection<String> hosts) throws IOException {
        ServerIdentity identity = ServerIdentity.in(place);
        List<String> all = Hosts.with(hosts);
        if (!Files.exists(identity.chain()) || !serves(identity, all)) {
            KeyPair own = Keys.tls();
            X509Certificate issued = Certificates.server(key, certificate, own, coordinator, all, lifetimes.server());
            PrivateFiles.createFolder(place);
            // The key first: if nothing more happens, the chain does not fit it, and both are made anew.
            PrivateFiles.write(identity.key(), Pem.text(own.getPrivate()));
            PrivateFiles.write(identity.chain(), Pem.text(List.of(issued, certificate)));
        }
        return identity;
    }

    private boolean serves(ServerIdentity identity, List<String> hosts) throws IOException {
        X509Certificate issued = identity.certificate();
        try {
            Set<String> names = new HashSet<>();
            for (List<?> name : issued.getSubjectAlternativeNames()) {
                names.add(Hosts.normal((String) name.get(1)));
            }
            return !over(issued)
                    && issued.getIssuerX500Principal().equals(certificate.getSubjectX500Principal())
                    && names.containsAll(hosts.stream().map(Hosts::normal).toList())
                    && Keys.pair(issued.getPublicKey(), Pem.privateKey(identity.key()));
        } catch (CertificateException e) {
            return false;
        }
    }

    private static boolean over(X509Certificate issued) {
        Instant end = issued.getNotAfter().toInstant();
        Duration whole = Duration.between(issued.getNotBefore().toInstant(), end);
        return !end.minus(whole.dividedBy(SERVER_RENEWAL)).isAfter(Instant.now());
    }

    /** How long clients' certificates are valid. */
    Duration clientLifetime() {
        return lifetimes.client();
    }

    /** A certificate for a client's key. */
    X509Certificate client(SubjectPublicKeyInfo clientKey, String client) {
        return Certificates.client(key, certificate, clientKey, client, lifetimes.client());
    }
}
