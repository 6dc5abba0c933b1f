package dev.sotto.coordinator.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.coordinator.store.BlobStore.TooLargeException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FolderBlobStoreTest {
    @TempDir
    private Path folder;

    private BlobStore blobs;

    @BeforeEach
    void open() throws IOException {
        blobs = new FolderBlobStore(folder.resolve("blobs"));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private long files() throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            return all.filter(Files::isRegularFile).count();
        }
    }

    @Test
    void aBlobIsNamedByItsBytesHoweverTheyCome() throws IOException {
        byte[] name = blobs.put(bytes("one "), new byte[0], bytes("blob"));
        assertThat(name).isEqualTo(Sha256.of(bytes("one blob")));
        assertThat(blobs.put(new ByteArrayInputStream(bytes("one blob")), 8)).isEqualTo(name);
        assertThat(blobs.has(name)).isTrue();
        assertThat(blobs.size(name)).isEqualTo(8);
        assertThat(files()).isEqualTo(1);
    }

    @Test
    void readingGoesOnFromAnOffset() throws IOException {
        byte[] name = blobs.put(bytes("one blob"));
        try (InputStream in = blobs.open(name, 4)) {
            assertThat(in.readAllBytes()).isEqualTo(bytes("blob"));
        }
        try (InputStream in = blobs.open(name, 8)) {
            assertThat(in.readAllBytes()).isEmpty();
        }
        assertThatThrownBy(() -> blobs.open(name, 9)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> blobs.open(name, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nothingIsLeftOfWhatWasTooLargeOrBrokeOff() throws IOException {
        assertThatThrownBy(() -> blobs.put(new ByteArrayInputStream(new byte[100_000]), 99_999))
                .isInstanceOf(TooLargeException.class)
                .hasMessageContaining("99999");
        InputStream broken = new SequenceInputStream(new ByteArrayInputStream(new byte[70_000]), new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection lost");
            }

            @Override
            public int read(byte[] into, int from, int length) throws IOException {
                return read();
            }
        });
        assertThatThrownBy(() -> blobs.put(broken, 1_000_000)).isInstanceOf(IOException.class);
        assertThat(files()).isZero();
    }

    @Test
    void aBlobThatIsDeletedIsGoneButNotForWhoeverReadsIt() throws IOException {
        byte[] name = blobs.put(bytes("one blob"));
        try (InputStream in = blobs.open(name, 0)) {
            blobs.delete(name);
            blobs.delete(name);
            assertThat(in.readAllBytes()).isEqualTo(bytes("one blob"));
        }
        assertThat(blobs.has(name)).isFalse();
        assertThatThrownBy(() -> blobs.size(name)).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> blobs.open(name, 0)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void namesThatAreNoDigestsReachNoFile() {
        assertThatThrownBy(() -> blobs.has(bytes("../../etc/passwd"))).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void whatADiskLostIsReplaced() throws IOException {
        byte[] name = blobs.put(bytes("one blob"));
        Path file = folder.resolve("blobs")
                .resolve(Sha256.hex(name).substring(0, 2))
                .resolve(Sha256.hex(name));
        Files.write(file, new byte[3]);
        blobs.put(bytes("one blob"));
        assertThat(Files.readAllBytes(file)).isEqualTo(bytes("one blob"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void whatKilledProcessesLeftIsRemovedLater() throws IOException {
        Path old = Files.createFile(folder.resolve("blobs/incoming/old"));
        Path recent = Files.createFile(folder.resolve("blobs/incoming/recent"));
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
        new FolderBlobStore(folder.resolve("blobs"));
        assertThat(old).doesNotExist();
        assertThat(recent).exists();
    }
}
