package dev.sotto.node.link;

import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Transfers that do not give up over a broken connection: they are tried again as long as the link is open. */
final class Persistence {
    /** Attempts in a row that move nothing, whatever the reason, before a transfer gives up. */
    private static final int MOST_FRUITLESS = 12;

    private final LinkSettings settings;
    private final CountDownLatch closed;

    Persistence(LinkSettings settings, CountDownLatch closed) {
        this.settings = settings;
        this.closed = closed;
    }

    /** Moves what it can, and says how far it has come when it was interrupted. */
    interface Attempt<T> {
        T run() throws IOException;

        /** Bytes moved so far, in all attempts. */
        long moved();
    }

    /**
     * Attempts until it is done.
     *
     * @throws IOException if the coordinator refuses, the link is closed, or attempt after attempt moves nothing
     */
    <T> T complete(String what, Attempt<T> attempt) throws IOException {
        Backoff backoff = new Backoff(settings.firstRetry(), settings.mostRetry());
        int fruitless = 0;
        while (true) {
            long before = attempt.moved();
            IOException failure;
            try {
                return attempt.run();
            } catch (StatusRuntimeException e) {
                if (refuses(e.getStatus())) {
                    throw new LinkRefusedException(what + ": " + Reasons.of(e), e);
                }
                failure = new IOException(what + ": " + Reasons.of(e), e);
            } catch (LinkRefusedException e) {
                throw e;
            } catch (IOException e) {
                failure = e;
            }
            if (attempt.moved() > before) {
                fruitless = 0;
                backoff.succeeded();
            } else if (++fruitless == MOST_FRUITLESS) {
                throw failure;
            }
            pause(backoff.next(), failure);
        }
    }

    static boolean refuses(Status status) {
        return switch (status.getCode()) {
            case UNAUTHENTICATED,
                    PERMISSION_DENIED,
                    NOT_FOUND,
                    FAILED_PRECONDITION,
                    OUT_OF_RANGE,
                    UNIMPLEMENTED,
                    INVALID_ARGUMENT -> true;
            default -> false;
        };
    }

    private void pause(Duration wait, IOException failure) throws IOException {
        try {
            if (closed.await(wait.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IOException("the link was closed: " + failure.getMessage(), failure);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        }
    }
}
