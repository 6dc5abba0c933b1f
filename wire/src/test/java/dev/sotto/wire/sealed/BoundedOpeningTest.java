package dev.sotto.wire.sealed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A file that somebody exchanges for a pipe")
@Timeout(value = 60, unit = TimeUnit.SECONDS, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BoundedOpeningTest {
    private static final Duration BRIEF = Duration.ofMillis(300);

    @TempDir
    private Path folder;

    private Path pipe;

    @BeforeEach
    void makePipe() throws IOException, InterruptedException {
        pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
    }

    private SeekableByteChannel open() throws IOException {
        return BoundedOpening.open(() -> Files.newByteChannel(pipe, StandardOpenOption.READ), BRIEF);
    }

    @Test
    void holdsNobodyUp() throws IOException {
        assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("cannot be opened within");
        // Lets the thread go that waits for somebody to write.
        Files.newByteChannel(pipe, StandardOpenOption.WRITE).close();
    }

    @Test
    void isNoFileAlsoWhereSomebodyWrites() throws Exception {
        Thread writer = new Thread(() -> {
            try (SeekableByteChannel out = Files.newByteChannel(pipe, StandardOpenOption.WRITE)) {
                while (out.isOpen()) {
                    Thread.sleep(10);
                }
            } catch (IOException | InterruptedException e) {
                // The test is over.
            }
        });
        writer.start();
        assertThatThrownBy(() -> BoundedOpening.open(
                        () -> Files.newByteChannel(pipe, StandardOpenOption.READ), Duration.ofSeconds(5)))
                .isInstanceOf(UnfitFileException.class)
                .hasMessage("it is no file");
        writer.interrupt();
        writer.join();
    }

    @Test
    void isReadWhileItIsOne() throws IOException {
        Files.delete(pipe);
        Files.writeString(pipe, "content");
        try (SeekableByteChannel channel = open()) {
            assertThat(channel.size()).isEqualTo(7);
        }
        Files.delete(pipe);
        assertThatThrownBy(this::open).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void neverStopsAReaderOfAGuardedFolder() throws Exception {
        Path spare = Files.writeString(folder.resolve("spare"), "content");
        Path place = folder.resolve("place");
        Thread hostile = new Thread(() -> {
            try {
                for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
                    Path next = folder.resolve("next");
                    if (i % 2 == 0) {
                        Files.copy(spare, next);
                    } else {
                        Files.createLink(next, pipe);
                    }
                    Files.move(next, place, StandardCopyOption.ATOMIC_MOVE);
                }
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        hostile.start();
        GuardedFolder guarded = GuardedFolder.root(folder);
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(8);
        int reads = 0;
        while (System.nanoTime() < end) {
            try {
                guarded.read("place", 100);
            } catch (IOException e) {
                assertThat(e).hasMessageContaining("it");
            }
            reads++;
        }
        hostile.interrupt();
        hostile.join();
        assertThat(reads).isPositive();
    }
}
