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
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
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
        pipe = pipe("pipe");
    }

    private Path pipe(String name) throws IOException, InterruptedException {
        Path path = folder.resolve(name);
        assertThat(new ProcessBuilder("mkfifo", path.toString()).start().waitFor())
                .isZero();
        return path;
    }

    /** Looks at nothing before it opens: as if that had been a file when it was looked at. */
    private record Exchanged(Path path, boolean named) implements BoundedOpening.Opening {
        @Override
        public SeekableByteChannel open(boolean toWrite) throws IOException {
            return toWrite
                    ? Files.newByteChannel(path, StandardOpenOption.READ, StandardOpenOption.WRITE)
                    : Files.newByteChannel(path, StandardOpenOption.READ);
        }

        @Override
        public void wake() throws IOException {
            if (!named) {
                throw new NoSuchFileException("its name is gone");
            }
            open(true).close();
        }
    }

    private SeekableByteChannel open() throws IOException {
        return new BoundedOpening(1).open(new Exchanged(pipe, true), Duration.ofSeconds(30));
    }

    private static void holdsUp(BoundedOpening opening, Path path, boolean named) {
        assertThatThrownBy(() -> opening.open(new Exchanged(path, named), BRIEF))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot be opened within");
    }

    private static void untilIdle(BoundedOpening opening) throws InterruptedException {
        while (opening.busy() > 0) {
            Thread.sleep(10);
        }
    }

    @Test
    void holdsNobodyUpNorAThreadForGood() throws Exception {
        BoundedOpening opening = new BoundedOpening(2);
        for (int i = 0; i < 7; i++) {
            holdsUp(opening, pipe, true);
            untilIdle(opening);
        }
    }

    @Test
    void whoseNameIsGoneHoldsAThreadAndStopsNoReading() throws Exception {
        BoundedOpening opening = new BoundedOpening(3);
        List<Path> gone = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            gone.add(pipe("gone-" + i));
            holdsUp(opening, gone.get(i), false);
        }
        Path file = Files.writeString(folder.resolve("file"), "content");
        for (int i = 0; i < 20; i++) {
            try (SeekableByteChannel channel = opening.open(new Exchanged(file, true), Duration.ofSeconds(30))) {
                assertThat(channel.size()).isEqualTo(7);
            }
            assertThatThrownBy(() -> opening.open(new Exchanged(pipe, true), Duration.ofSeconds(30)))
                    .isInstanceOf(UnfitFileException.class)
                    .hasMessage("it is no file");
        }
        for (Path each : gone) {
            new Exchanged(each, true).wake();
        }
        untilIdle(opening);
    }

    @Test
    void isWokenByItsNameInAGuardedFolderAndAFileThereIsLeftAlone() throws Exception {
        Path file = Files.writeString(folder.resolve("file"), "content");
        FileTime before = Files.getLastModifiedTime(file);
        new FileOpening(folder, List.of(), "file", 100).wake();
        assertThat(file).hasContent("content");
        assertThat(Files.getLastModifiedTime(file)).isEqualTo(before);
        try (SeekableByteChannel channel = new FileOpening(folder, List.of(), "file", 100).open(true)) {
            assertThat(channel.size()).isEqualTo(7);
        }
        assertThatThrownBy(() -> new FileOpening(folder, List.of(), "pipe", 100).open(false))
                .isInstanceOf(UnfitFileException.class);

        Thread waiting = new Thread(() -> {
            try {
                Files.newByteChannel(pipe, StandardOpenOption.READ).close();
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        });
        waiting.start();
        while (waiting.isAlive()) {
            new FileOpening(folder, List.of(), "pipe", 100).wake();
            waiting.join(10);
        }
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
        assertThatThrownBy(() -> new BoundedOpening(1).open(new Exchanged(pipe, true), Duration.ofSeconds(30)))
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
