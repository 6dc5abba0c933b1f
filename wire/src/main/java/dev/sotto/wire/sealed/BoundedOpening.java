package dev.sotto.wire.sealed;

import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Opens files that others may exchange at any time, also between a look at one and its opening. To open a pipe waits for
 * somebody who writes, perhaps for ever, and Java cannot be told not to; so files are opened on threads of their own, and one
 * that turns out to be a pipe holds up such a thread and nobody else.
 */
final class BoundedOpening {
    /** A slow network's, too. */
    static final Duration LONGEST = Duration.ofSeconds(5);

    private static final int MOST_HELD = 256;
    private static final AtomicInteger HELD = new AtomicInteger();
    private static final ExecutorService THREADS = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "sotto-opening");
        thread.setDaemon(true);
        return thread;
    });

    private BoundedOpening() {}

    interface Opening {
        SeekableByteChannel open() throws IOException;
    }

    /**
     * Opens a file to read.
     *
     * @throws UnfitFileException if what was opened is none
     * @throws IOException if it took too long; if what was to be opened is no longer there, as the opening says
     */
    static SeekableByteChannel open(Opening opening, Duration longest) throws IOException {
        if (HELD.get() >= MOST_HELD) {
            throw new IOException("files were exchanged for pipes while they were opened, " + MOST_HELD
                    + " times, and nothing more is opened; see who writes here, and start again");
        }
        CompletableFuture<SeekableByteChannel> opened = new CompletableFuture<>();
        THREADS.execute(() -> open(opening, opened));
        try {
            SeekableByteChannel channel = opened.get(longest.toMillis(), TimeUnit.MILLISECONDS);
            return file(channel);
        } catch (TimeoutException e) {
            throw late(opened, longest);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw late(opened, longest);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IOException(e.getCause());
        }
    }

    private static void open(Opening opening, CompletableFuture<SeekableByteChannel> opened) {
        HELD.incrementAndGet();
        try {
            SeekableByteChannel channel = opening.open();
            if (!opened.complete(channel)) {
                channel.close();
            }
        } catch (IOException | RuntimeException e) {
            opened.completeExceptionally(e);
        } finally {
            HELD.decrementAndGet();
        }
    }

    private static IOException late(CompletableFuture<SeekableByteChannel> opened, Duration longest)
            throws IOException {
        IOException late = new IOException("it cannot be opened within " + longest.toSeconds() + " s");
        if (!opened.completeExceptionally(late) && !opened.isCompletedExceptionally()) {
            opened.join().close();
        }
        return late;
    }

    /** A pipe somebody writes to opens at once, and would never end; it has no positions. */
    private static SeekableByteChannel file(SeekableByteChannel channel) throws IOException {
        try {
            channel.position(channel.position());
            return channel;
        } catch (IOException e) {
            channel.close();
            throw new UnfitFileException("it is no file");
        }
    }
}
