package dev.sotto.coordinator.network;

import dev.sotto.node.link.NodeKeys;
import dev.sotto.wire.tls.TlsIdentity;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** A certificate authority with real certificates. */
final class TestAuthority {
    private static final long DAY = 24 * 3600;

    private final KeyPair keys = NodeKeys.generate().tls();
    private final X500Name name;
    private final AtomicLong serial = new AtomicLong();
    private final X509Certificate certificate;

    TestAuthority(String name) {
        this.name = new X500Name("CN=" + name);
        this.certificate = signed(this.name, keys.getPublic(), true, List.of());
    }

    X509Certificate certificate() {
        return certificate;
    }

    X509Certificate client(String id, PublicKey key) {
        return client(id, key, Duration.ofSeconds(DAY));
    }

    X509Certificate client(String id, PublicKey key, Duration valid) {
        return signed(new X500Name("CN=" + id), key, false, List.of(), valid);
    }

    TlsIdentity server() {
        KeyPair own = NodeKeys.generate().tls();
        List<GeneralName> names = List.of(
                new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
                new GeneralName(GeneralName.dNSName, "coordinator.test"));
        return new TlsIdentity(
                List.of(signed(new X500Name("CN=coordinator"), own.getPublic(), false, names)), own.getPrivate());
    }

    private X509Certificate signed(X500Name subject, PublicKey key, boolean authority, List<GeneralName> names) {
        return signed(subject, key, authority, names, Duration.ofSeconds(DAY));
    }

    private X509Certificate signed(
            X500Name subject, PublicKey key, boolean authority, List<GeneralName> names, Duration valid) {
        Instant now = Instant.now();
        X509v3CertificateBuilder builder = new JcaX509v3CertificateBuilder(
                name,
                BigInteger.valueOf(serial.incrementAndGet()),
                Date.from(now.minusSeconds(DAY)),
                Date.from(now.plus(valid)),
                subject,
                key);
        try {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
            if (!names.isEmpty()) {
                builder.addExtension(
                        Extension.subjectAlternativeName, false, new GeneralNames(names.toArray(GeneralName[]::new)));
            }
            return new JcaX509CertificateConverter()
                    .getCertificate(
                            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
