package dev.sotto.coordinator.identity;

import dev.sotto.coordinator.store.PrivateFiles;
import dev.sotto.coordinator.store.Sha256;
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
    /** How long a client's certificate is valid. */
    static final Duration CLIENT = Duration.ofDays(365);

    private static final Duration OWN = Duration.ofDays(30 * 365);
    private static final Duration SERVER = Duration.ofDays(730);
    private static final Duration RENEWAL = Duration.ofDays(180);
    private static final String KEY = "key.pem";
    private static final String CERTIFICATE = "certificate.pem";
    private static final String CHAIN = "chain.pem";

    private final String coordinator;
    private final KeyPair key;
    private final X509Certificate certificate;

    private Authority(String coordinator, KeyPair key, X509Certificate certificate) {
        this.coordinator = coordinator;
        this.key = key;
        this.certificate = certificate;
    }

    /** Makes an authority, in a folder that is made for it. */
    public static Authority create(Path folder, String coordinator) throws IOException {
        KeyPair key = Keys.tls();
        X509Certificate certificate = Certificates.authority(key, coordinator, OWN);
        PrivateFiles.createFolder(folder);
        PrivateFiles.write(folder.resolve(KEY), Pem.write(key.getPrivate()));
        PrivateFiles.write(folder.resolve(CERTIFICATE), Pem.write(certificate));
        return new Authority(coordinator, key, certificate);
    }

    /** Reads an authority. */
    public static Authority open(Path folder, String coordinator) throws IOException {
        X509Certificate certificate =
                Pem.certificates(folder.resolve(CERTIFICATE)).get(0);
        KeyPair key = new KeyPair(certificate.getPublicKey(), Pem.privateKey(folder.resolve(KEY), Keys.TLS));
        return new Authority(coordinator, key, certificate);
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
     * host is missing, or they will be over within months.
     */
    public ServerIdentity server(Path folder, Collection<String> hosts) throws IOException {
        ServerIdentity identity = new ServerIdentity(folder.resolve(KEY), folder.resolve(CHAIN));
        List<String> all = Hosts.with(hosts);
        if (!Files.exists(identity.chain()) || !serves(identity, all)) {
            KeyPair own = Keys.tls();
            X509Certificate issued = Certificates.server(key, certificate, own, coordinator, all, SERVER);
            PrivateFiles.createFolder(folder);
            // The key first: if nothing more happens, the chain does not fit it, and both are made anew.
            PrivateFiles.write(identity.key(), Pem.write(own.getPrivate()));
            PrivateFiles.write(identity.chain(), Pem.write(issued, certificate));
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
            return issued.getNotAfter().toInstant().isAfter(Instant.now().plus(RENEWAL))
                    && issued.getIssuerX500Principal().equals(certificate.getSubjectX500Principal())
                    && names.containsAll(hosts.stream().map(Hosts::normal).toList())
                    && Keys.pair(issued.getPublicKey(), Pem.privateKey(identity.key(), Keys.TLS));
        } catch (CertificateException e) {
            return false;
        }
    }

    /** A certificate for a client's key. */
    X509Certificate client(SubjectPublicKeyInfo clientKey, String client) {
        return Certificates.client(key, certificate, clientKey, client, CLIENT);
    }
}
