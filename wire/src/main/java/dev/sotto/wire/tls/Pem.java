package dev.sotto.wire.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Certificates and keys as PEM texts and DER bytes. Private keys are PKCS#8, public ones SubjectPublicKeyInfo. */
public final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final List<String> ALGORITHMS = List.of("EC", "Ed25519", "RSA", "X25519");

    private Pem() {}

    /** A key or a certificate as text. */
    public static String text(Key key) {
        return block(key instanceof PrivateKey ? "PRIVATE KEY" : "PUBLIC KEY", key.getEncoded());
    }

    /** Certificates as text, one after the other. */
    public static String text(List<X509Certificate> certificates) {
        StringBuilder text = new StringBuilder();
        try {
            for (X509Certificate certificate : certificates) {
                text.append(block("CERTIFICATE", certificate.getEncoded()));
            }
        } catch (CertificateException e) {
            throw new IllegalArgumentException("a certificate has no encoding: " + e.getMessage(), e);
        }
        return text.toString();
    }

    /** The certificates of a file, in its order; at least one. */
    public static List<X509Certificate> certificates(Path file) throws IOException {
        List<X509Certificate> certificates = new ArrayList<>();
        for (byte[] der : blocks(file, "CERTIFICATE")) {
            try {
                certificates.add(certificate(der));
            } catch (CertificateException e) {
                throw new IOException(file + ": " + e.getMessage(), e);
            }
        }
        return certificates;
    }

    /** A certificate from DER. */
    public static X509Certificate certificate(byte[] der) throws CertificateException {
        Certificate read = CertificateFactory.getInstance("X.509").generateCertificate(new ByteArrayInputStream(der));
        return (X509Certificate) read;
    }

    /** The private key of a file. */
    public static PrivateKey privateKey(Path file) throws IOException {
        return (PrivateKey)
                key(file, "PRIVATE KEY", (factory, der) -> factory.generatePrivate(new PKCS8EncodedKeySpec(der)));
    }

    /** The public key of a file. */
    public static PublicKey publicKey(Path file) throws IOException {
        return (PublicKey)
                key(file, "PUBLIC KEY", (factory, der) -> factory.generatePublic(new X509EncodedKeySpec(der)));
    }

    /** A public key from DER. */
    public static PublicKey publicKey(byte[] der, String algorithm) throws GeneralSecurityException {
        return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(der));
    }

    @FunctionalInterface
    private interface Reading {
        Key read(KeyFactory factory, byte[] der) throws InvalidKeySpecException;
    }

    private static Key key(Path file, String kind, Reading reading) throws IOException {
        byte[] der = blocks(file, kind).get(0);
        for (String algorithm : ALGORITHMS) {
            try {
                return reading.read(KeyFactory.getInstance(algorithm), der);
            } catch (GeneralSecurityException e) {
                // Then it is one of the others.
            }
        }
        throw new IOException(file + ": its key is none of " + String.join(", ", ALGORITHMS));
    }

    private static List<byte[]> blocks(Path file, String kind) throws IOException {
        List<byte[]> found = new ArrayList<>();
        Matcher block = BLOCK.matcher(Files.readString(file, StandardCharsets.US_ASCII));
        while (block.find()) {
            if (block.group(1).equals(kind)) {
                found.add(decoded(file, block.group(2)));
            }
        }
        if (found.isEmpty()) {
            throw new IOException(file + ": no PEM block 'BEGIN " + kind + "'");
        }
        return found;
    }

    private static byte[] decoded(Path file, String base64) throws IOException {
        try {
            return Base64.getMimeDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            throw new IOException(file + ": damaged PEM block: " + e.getMessage(), e);
        }
    }

    private static String block(String kind, byte[] der) {
        Base64.Encoder encoder = Base64.getMimeEncoder(64, new byte[] {'\n'});
        return "-----BEGIN " + kind + "-----\n" + encoder.encodeToString(der) + "\n-----END " + kind + "-----\n";
    }
}
