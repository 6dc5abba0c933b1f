package dev.sotto.privacy.correlated;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * Where a run keeps the state of its correlated noise: a file that only its owner reads, replaced as a whole, so that a kill
 * at any moment leaves the old state or the new. It is a secret; it belongs beside a run's directory, not in what is
 * exported of it.
 *
 * @param path of the file; its folder must exist
 */
public record NoiseStateFile(Path path) {
    /** Replaces the file; returns when the state is on the disk. */
    public void write(CorrelatedNoise noise) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        // Files made as temporary ones are readable by their owner alone from the start.
        Path fresh = Files.createTempFile(folder, path.getFileName().toString(), ".part");
        try {
            try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE);
                    OutputStream out = Channels.newOutputStream(channel)) {
                noise.save(out);
                channel.force(true);
            }
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /**
     * The noise as it was written.
     *
     * @throws IOException in one line: the file, and why it cannot be gone on from
     */
    public CorrelatedNoise read(CorrelatedGaussian plan, int length) throws IOException {
        try (InputStream in = Files.newInputStream(path)) {
            return CorrelatedNoise.restore(in, plan, length);
        } catch (NoSuchFileException e) {
            throw new IOException(
                    path + ": the state of the correlated noise is missing; without it the run cannot go on, only anew",
                    e);
        } catch (IOException e) {
            throw new IOException(path + ": " + e.getMessage(), e);
        }
    }
}
