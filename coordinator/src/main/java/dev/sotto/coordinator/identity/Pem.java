package dev.sotto.coordinator.identity;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Keys and certificates as texts. */
final class Pem {
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String PRIVATE = "PRIVATE KEY";
    private static final String PUBLIC = "PUBLIC KEY";
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

    private Pem() {}

    private record Block(String type, byte[] der) {}

    static byte[] write(X509Certificate... chain) {
        StringBuilder text = new StringBuilder();
        for (X509Certificate certificate : chain) {
            try {
                text.append(block(CERTIFICATE, certificate.getEncoded()));
            } catch (CertificateEncodingException e) {
                throw new IllegalStateException(e);
            }
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] write(PrivateKey key) {
        return block(PRIVATE, key.getEncoded()).getBytes(StandardCharsets.US_ASCII);
    }

    static byte[] write(PublicKey key) {
        return block(PUBLIC, key.getEncoded()).getBytes(StandardCharsets.US_ASCII);
    }

    private static String block(String type, byte[] der) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der)
                + "\n-----END " + type + "-----\n";
    }

    static List<X509Certificate> certificates(Path file) throws IOException {
        List<X509Certificate> chain = new ArrayList<>();
        try {
            CertificateFactory factory = CertificateFactory.getInstance("X.509");
            for (Block block : read(file, CERTIFICATE)) {
                chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.der())));
            }
        } catch (GeneralSecurityException e) {
            throw damaged(file, e);
        }
        return chain;
    }

    static PrivateKey privateKey(Path file, String algorithm) throws IOException {
        try {
            return KeyFactory.getInstance(algorithm)
                    .generatePrivate(
                            new PKCS8EncodedKeySpec(read(file, PRIVATE).get(0).der()));
        } catch (GeneralSecurityException e) {
            throw damaged(file, e);
        }
    }

    static PublicKey publicKey(Path file, String algorithm) throws IOException {
        try {
            return KeyFactory.getInstance(algorithm)
                    .generatePublic(
                            new X509EncodedKeySpec(read(file, PUBLIC).get(0).der()));
        } catch (GeneralSecurityException e) {
            throw damaged(file, e);
        }
    }

    private static List<Block> read(Path file, String type) throws IOException {
        List<Block> blocks = new ArrayList<>();
        Matcher found = BLOCK.matcher(Files.readString(file, StandardCharsets.US_ASCII));
        while (found.find()) {
            if (found.group(1).equals(type)) {
                blocks.add(new Block(type, Base64.getMimeDecoder().decode(found.group(2))));
            }
        }
        if (blocks.isEmpty()) {
            throw new IOException(file + ": it holds no " + type);
        }
        return blocks;
    }

    private static IOException damaged(Path file, Exception cause) {
        return new IOException(file + ": damaged: " + cause.getMessage(), cause);
    }
}
