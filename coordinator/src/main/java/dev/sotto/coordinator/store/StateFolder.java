package dev.sotto.coordinator.store;

import dev.sotto.federation.FederationState;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The secret states of sessions, a folder each. Files carry the epoch of the lease under which they were written, so that a
 * process that was overtaken without noticing removes none of its successor's.
 */
final class StateFolder {
    private static final int BUFFER = 1 << 16;

    private final Path folder;

    StateFolder(Path folder) throws IOException {
        this.folder = folder;
        PrivateFiles.createFolder(folder);
    }

    private Path file(String session, long epoch, byte[] sha256) {
        return folder.resolve(session).resolve(epoch + "-" + Sha256.hex(sha256));
    }

    /** Stores a state beside those that are there, and says its digest. */
    byte[] put(Lease lease, FederationState state) {
        String session = lease.session();
        Path own = folder.resolve(session);
        Path temporary = own.resolve(lease.epoch() + "-" + UUID.randomUUID());
        try (InputStream bytes = StateFile.write(session, state)) {
            PrivateFiles.createFolder(own);
            try {
                byte[] sha256 = FolderBlobStore.write(bytes, Long.MAX_VALUE, temporary);
                PrivateFiles.move(temporary, file(session, lease.epoch(), sha256));
                return sha256;
            } finally {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("state of session " + session + ": cannot be written: " + e.getMessage(), e);
        }
    }

    /** @throws DamagedException if it is not there, or not what was put there */
    FederationState read(String session, long epoch, byte[] sha256, float[] parameters) {
        MessageDigest digest = Sha256.digest();
        Path file = file(session, epoch, sha256);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
            FederationState state = StateFile.read(new DigestInputStream(in, digest), session, parameters);
            if (!MessageDigest.isEqual(digest.digest(), sha256)) {
                throw new DamagedException(file + ": damaged; session " + session + " cannot go on");
            }
            return state;
        } catch (IOException e) {
            throw new DamagedException(file + ": cannot be read; session " + session + " cannot go on", e);
        }
    }

    /** Removes what this lease and those before it left, but that state. */
    void keepOnly(Lease lease, byte[] sha256) {
        Path kept = file(lease.session(), lease.epoch(), sha256);
        try (Stream<Path> files = Files.list(kept.getParent())) {
            for (Path file : files.toList()) {
                if (!file.equals(kept) && epoch(file) <= lease.epoch()) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("state of session " + lease.session() + ": " + e.getMessage(), e);
        }
    }

    private static long epoch(Path file) {
        String name = file.getFileName().toString();
        return Long.parseLong(name.substring(0, name.indexOf('-')));
    }

    void forget(String session) {
        try {
            PrivateFiles.delete(folder.resolve(session));
        } catch (IOException e) {
            throw new UncheckedIOException("state of session " + session + ": " + e.getMessage(), e);
        }
    }
}
