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
 *
 * <p>A pipe that still has its name is let go: to open it for reading and writing at once waits for nobody, and wakes whoever
 * waits for a writer. One whose name is gone can be reached by nobody and holds its thread for good. So that whoever exchanges
 * pipes without end does not stop all reading, files are opened for both from some number of busy threads on, where that is
 * permitted. Not from the first: programs that watch a folder take a file for changed that was open to be written.
 */
final class BoundedOpening {
    /** A slow network's, too. */
    static final Duration LONGEST = Duration.ofSeconds(5);

    /** For all of a process. */
    static final BoundedOpening SHARED = new BoundedOpening(256);

    private static final ExecutorService THREADS = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "sotto-opening");
        thread.setDaemon(true);
        return thread;
    });

    private final int most;
    private final AtomicInteger busy = new AtomicInteger();

    /** With so many threads that may have to wait, and as many again that do not, unless a disk does not answer. */
    BoundedOpening(int most) {
        this.most = most;
    }

    int busy() {
        return busy.get();
    }

    /** What is opened, wherever its name leads now. */
    interface Opening {
        /**
         * Opens it, after a look at whether it is a file.
         *
         * @param toWrite too, so that nobody waits if it is a pipe by now
         */
        SeekableByteChannel open(boolean toWrite) throws IOException;

        /** Opens it to read and write, and closes it, if it is neither file nor folder nor link. */
        void wake() throws IOException;
    }

    /**
     * Opens a file to read.
     *
     * @throws UnfitFileException if what was opened is none
     * @throws IOException if it took too long; if what was to be opened is no longer there, as the opening says
     */
    SeekableByteChannel open(Opening opening, Duration longest) throws IOException {
        int now = busy.incrementAndGet();
        if (now > 2 * most) {
            busy.decrementAndGet();
            throw new IOException(
                    now - 1 + " files are being opened and do not open; see who writes here, and whether the"
                            + " disk answers");
        }
        CompletableFuture<SeekableByteChannel> opened = new CompletableFuture<>();
        THREADS.execute(() -> open(opening, now > most, opened));
        try {
            SeekableByteChannel channel = opened.get(longest.toMillis(), TimeUnit.MILLISECONDS);
            return file(channel);
        } catch (TimeoutException e) {
            throw late(opening, opened, longest);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw late(opening, opened, longest);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IOException(e.getCause());
        }
    }

    private void open(Opening opening, boolean toWrite, CompletableFuture<SeekableByteChannel> opened) {
        try {
            SeekableByteChannel channel = opening.open(toWrite);
            if (!opened.complete(channel)) {
                channel.close();
            }
        } catch (IOException | RuntimeException e) {
            opened.completeExceptionally(e);
        } finally {
            busy.decrementAndGet();
        }
    }

    private IOException late(Opening opening, CompletableFuture<SeekableByteChannel> opened, Duration longest)
            throws IOException {
        IOException late = new IOException("it cannot be opened within " + longest.toSeconds() + " s");
        if (!opened.completeExceptionally(late) && !opened.isCompletedExceptionally()) {
            opened.join().close();
        }
        if (busy.get() <= 2 * most) {
            THREADS.execute(() -> wake(opening));
        }
        return late;
    }

    private void wake(Opening opening) {
        busy.incrementAndGet();
        try {
            opening.wake();
        } catch (IOException e) {
            // It is gone, or nobody may write to it: its thread stays.
        } finally {
            busy.decrementAndGet();
        }
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
