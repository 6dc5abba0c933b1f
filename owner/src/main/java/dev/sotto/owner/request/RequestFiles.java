package dev.sotto.owner.request;

import dev.sotto.formats.config.FileTrouble;
import dev.sotto.owner.ledger.OwnersOnly;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Set;
import java.util.UUID;

/** The packages of requests, by their digests: a cache elsewhere may forget what was asked, the owner does not. */
final class RequestFiles {
    private final Path folder;

    RequestFiles(Path folder) {
        this.folder = folder;
    }

    Path path(String digest) {
        return folder.resolve(digest + ".sotto");
    }

    /** Keeps a copy, whole or not at all; refuses one that is not of that digest. */
    void keep(Path file, String digest) {
        Path target = path(digest);
        if (Files.isRegularFile(target)) {
            return;
        }
        OwnersOnly.folder(folder);
        Path temporary = folder.resolve("." + digest + "." + UUID.randomUUID() + ".tmp");
        try {
            try (InputStream in = Files.newInputStream(file)) {
                requireDigest(digest, copy(in, temporary));
                Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                OwnersOnly.force(folder);
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(FileTrouble.writing(target, e), e);
        }
    }

    private static void requireDigest(String expected, String found) {
        if (!expected.equals(found)) {
            throw new RequestException("the package's digest is " + found + ", and it was offered as " + expected);
        }
    }

    private static String copy(InputStream in, Path to) throws IOException {
        DigestInputStream digested = new DigestInputStream(in, sha256());
        try (FileChannel channel = FileChannel.open(
                        to,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        OwnersOnly.fileAttributes());
                OutputStream out = Channels.newOutputStream(channel)) {
            digested.transferTo(out);
            channel.force(true);
        }
        return HexFormat.of().formatHex(digested.getMessageDigest().digest());
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
