package dev.sotto.coordinator.network;

import dev.sotto.coordinator.store.BlobStore;
import dev.sotto.wire.Blobs;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.HexFormat;

/** Blobs as files of a folder. */
record TestBlobs(Path folder) implements BlobStore {
    private Path file(byte[] sha256) {
        return folder.resolve(HexFormat.of().formatHex(sha256));
    }

    @Override
    public byte[] put(InputStream in, long most) throws IOException {
        MessageDigest digest = Blobs.sha256();
        Path fresh = Files.createTempFile(folder, "blob", ".tmp");
        byte[] piece = new byte[1 << 18];
        try (OutputStream out = Files.newOutputStream(fresh)) {
            for (int read = in.read(piece); read >= 0; read = in.read(piece)) {
                digest.update(piece, 0, read);
                out.write(piece, 0, read);
            }
        }
        if (Files.size(fresh) > most) {
            throw new IOException("more than " + most + " bytes");
        }
        byte[] sha256 = digest.digest();
        Files.move(fresh, file(sha256), StandardCopyOption.REPLACE_EXISTING);
        return sha256;
    }

    @Override
    public byte[] put(byte[]... parts) throws IOException {
        byte[] last = new byte[0];
        for (byte[] part : parts) {
            last = put(new ByteArrayInputStream(part), part.length);
        }
        return last;
    }

    @Override
    public boolean keeps(byte[] sha256, long size) throws IOException {
        return has(sha256) && size(sha256) == size;
    }

    @Override
    public boolean has(byte[] sha256) {
        return Files.exists(file(sha256));
    }

    @Override
    public long size(byte[] sha256) throws IOException {
        return Files.size(file(sha256));
    }

    @Override
    public InputStream open(byte[] sha256, long offset) throws IOException {
        return Channels.newInputStream(FileChannel.open(file(sha256)).position(offset));
    }

    @Override
    public void delete(byte[] sha256) throws IOException {
        Files.deleteIfExists(file(sha256));
    }
}
