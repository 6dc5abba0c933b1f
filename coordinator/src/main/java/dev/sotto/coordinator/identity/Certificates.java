package dev.sotto.coordinator.identity;

import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509ExtensionUtils;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** Makes the three kinds of certificates. Each can do one thing: issue, serve, or be a client. */
final class Certificates {
    private static final String SIGNATURE = "SHA256withECDSA";
    private static final int SERIAL_BYTES = 16;
    /** Clocks differ; but a certificate that is valid for a minute was not valid for ten before. */
    private static final Duration EARLIER = Duration.ofMinutes(10);

    private Certificates() {}

    static X509Certificate authority(KeyPair key, String coordinator, Duration valid) {
        X500Name name = name("Sotto authority " + coordinator);
        return build(name, name, spki(key), key, valid, builder -> {
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
        });
    }

    static X509Certificate server(
            KeyPair issuer,
            X509Certificate authority,
            KeyPair key,
            String coordinator,
            List<String> hosts,
            Duration valid) {
        return build(issuer(authority), name("Sotto coordinator " + coordinator), spki(key), issuer, valid, builder -> {
            leaf(builder, KeyPurposeId.id_kp_serverAuth);
            builder.addExtension(Extension.subjectAlternativeName, false, new GeneralNames(Hosts.names(hosts)));
        });
    }

    /** Nothing of what was asked for is in it but the key. */
    static X509Certificate client(
            KeyPair issuer, X509Certificate authority, SubjectPublicKeyInfo key, String client, Duration valid) {
        return build(
                issuer(authority),
                name(client),
                key,
                issuer,
                valid,
                builder -> leaf(builder, KeyPurposeId.id_kp_clientAuth));
    }

    private interface Extensions {
        void addTo(X509v3CertificateBuilder builder) throws CertIOException;
    }

    private static void leaf(X509v3CertificateBuilder builder, KeyPurposeId purpose) throws CertIOException {
        builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
        builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
        builder.addExtension(Extension.extendedKeyUsage, true, new ExtendedKeyUsage(purpose));
    }

    private static X509Certificate build(
            X500Name issuer,
            X500Name subject,
            SubjectPublicKeyInfo key,
            KeyPair signer,
            Duration valid,
            Extensions extensions) {
        Instant now = Instant.now();
        Duration earlier = EARLIER.compareTo(valid.dividedBy(10)) < 0 ? EARLIER : valid.dividedBy(10);
        byte[] serial = Keys.random(SERIAL_BYTES);
        serial[0] = (byte) ((serial[0] & 0x7f) | 0x40); // positive, and as long in every certificate
        X509v3CertificateBuilder builder = new X509v3CertificateBuilder(
                issuer,
                new BigInteger(serial),
                Date.from(now.minus(earlier)),
                Date.from(now.plus(valid)),
                subject,
                key);
        try {
            extensions.addTo(builder);
            JcaX509ExtensionUtils identifiers = new JcaX509ExtensionUtils();
            builder.addExtension(Extension.subjectKeyIdentifier, false, identifiers.createSubjectKeyIdentifier(key));
            builder.addExtension(
                    Extension.authorityKeyIdentifier, false, identifiers.createAuthorityKeyIdentifier(spki(signer)));
            PrivateKey secret = signer.getPrivate();
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder(SIGNATURE).build(secret)));
        } catch (IOException | GeneralSecurityException | OperatorCreationException e) {
            throw new IllegalStateException("a certificate cannot be made: " + e.getMessage(), e);
        }
    }

    private static X500Name issuer(X509Certificate authority) {
        return X500Name.getInstance(authority.getSubjectX500Principal().getEncoded());
    }

    /** By attribute, never by parsing a text: an id is not to become two attributes. */
    private static X500Name name(String commonName) {
        return new X500NameBuilder(BCStyle.INSTANCE)
                .addRDN(BCStyle.CN, commonName)
                .build();
    }

    private static SubjectPublicKeyInfo spki(KeyPair key) {
        return SubjectPublicKeyInfo.getInstance(key.getPublic().getEncoded());
    }
}
