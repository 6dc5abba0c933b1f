package dev.sotto.experiment.packaging;

import dev.sotto.formats.config.ConfigException;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Ed25519 keys in PEM files that only their owner may read: the private key (PKCS #8), then the public one. A folder with the
 * files {@code key.pem} and {@code public.pem}, as a coordinator keeps them, is read too.
 */
public final class SigningKey {
    private static final String SECRET_FILE = "key.pem";
    private static final String PUBLIC_FILE = "public.pem";
    private static final String PRIVATE = "PRIVATE KEY";
    private static final String PUBLIC = "PUBLIC KEY";
    private static final int LONGEST = 1 << 14;

    private SigningKey() {}

    /** The key in a file; a new one is made and written if there is no such file. */
    public static KeyPair readOrCreate(Path file) {
        return Files.exists(file) ? read(file) : create(file);
    }

    /** A new key. */
    public static KeyPair generate() {
        try {
            return KeyPairGenerator.getInstance(Seal.ALGORITHM).generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Writes a new key; never over a file that is there.
     *
     * @throws ConfigException in one line, if it cannot be written
     */
    public static KeyPair create(Path file) {
        KeyPair key = generate();
        Path target = file.toAbsolutePath();
        Path part = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID() + ".tmp");
        try {
            try {
                Files.createFile(part, ownersOnly(part));
                Files.writeString(
                        part,
                        pem(PRIVATE, key.getPrivate().getEncoded())
                                + pem(PUBLIC, key.getPublic().getEncoded()),
                        StandardOpenOption.WRITE);
                publish(part, target);
            } finally {
                Files.deleteIfExists(part);
            }
            return key;
        } catch (IOException e) {
            throw new ConfigException(file + ": the key cannot be written: " + e);
        }
    }

    private static void publish(Path part, Path target) throws IOException {
        if (Files.exists(target)) {
            throw new IOException("there is a file already");
        }
        try {
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
        } catch (AtomicMoveNotSupportedException e) {
            Files.move(part, target);
        }
    }

    private static FileAttribute<?>[] ownersOnly(Path file) throws IOException {
        boolean posix = file.getFileSystem().supportedFileAttributeViews().contains("posix");
        return posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    /**
     * Reads a key pair.
     *
     * @throws ConfigException in one line, if the file holds none, or others could have read it
     */
    public static KeyPair read(Path file) {
        String text = text(file);
        requireSecret(file);
        try {
            KeyFactory keys = KeyFactory.getInstance(Seal.ALGORITHM);
            KeyPair pair = new KeyPair(
                    keys.generatePublic(new X509EncodedKeySpec(block(file, text, PUBLIC))),
                    keys.generatePrivate(new PKCS8EncodedKeySpec(block(file, text, PRIVATE))));
            byte[] probe = {1};
            Seal.parse(file.toString(), Seal.of(probe, pair).bytes(), probe);
            return pair;
        } catch (GeneralSecurityException | IOException | IllegalArgumentException e) {
            throw e instanceof ConfigException known
                    ? known
                    : new ConfigException(file + ": not a pair of Ed25519 keys (PEM: PRIVATE KEY, then PUBLIC KEY)");
        }
    }

    /**
     * Reads a public key alone: its PEM file, or one with both keys.
     *
     * @throws ConfigException in one line, if the file holds none
     */
    public static PublicKey readPublic(Path file) {
        try {
            return KeyFactory.getInstance(Seal.ALGORITHM)
                    .generatePublic(new X509EncodedKeySpec(block(file, text(file), PUBLIC)));
        } catch (GeneralSecurityException e) {
            throw new ConfigException(file + ": not an Ed25519 public key (PEM: PUBLIC KEY)");
        }
    }

    private static String text(Path file) {
        if (Files.isDirectory(file)) {
            Path secret = file.resolve(SECRET_FILE);
            return (Files.exists(secret) ? text(secret) : "") + text(file.resolve(PUBLIC_FILE));
        }
        try {
            if (!Files.isRegularFile(file) || Files.size(file) > LONGEST) {
                throw new ConfigException(file + ": there is no such key file");
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw new ConfigException(file + ": the key cannot be read: " + e);
        }
    }

    private static void requireSecret(Path file) {
        Path secret = Files.isDirectory(file) ? file.resolve(SECRET_FILE) : file;
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(secret);
            if (permissions.contains(PosixFilePermission.GROUP_READ)
                    || permissions.contains(PosixFilePermission.OTHERS_READ)) {
                throw new ConfigException(file + ": others may read this private key; run chmod 600 on it");
            }
        } catch (UnsupportedOperationException | IOException e) {
            // A file system without such permissions has none to check.
        }
    }

    private static byte[] block(Path file, String text, String kind) {
        Matcher matcher = Pattern.compile("-----BEGIN " + kind + "-----([A-Za-z0-9+/=\\s]*)-----END " + kind + "-----")
                .matcher(text);
        if (!matcher.find()) {
            throw new ConfigException(file + ": it has no PEM block " + kind);
        }
        return Base64.getMimeDecoder().decode(matcher.group(1));
    }

    /** One PEM block. */
    public static String pem(String kind, byte[] content) {
        return "-----BEGIN " + kind + "-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(content) + "\n-----END " + kind
                + "-----\n";
    }

    /** What people compare: the SHA-256 of a public key in hexadecimal. */
    public static String fingerprint(PublicKey key) {
        return HexFormat.of().formatHex(Hashing.sha256().digest(key.getEncoded()));
    }
}
