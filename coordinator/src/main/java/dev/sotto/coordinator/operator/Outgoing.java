package dev.sotto.coordinator.operator;

import com.google.protobuf.ByteString;
import dev.sotto.wire.Chunks;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;

/** Sends many messages no faster than they are read, on a thread that may wait. */
final class Outgoing<T> {
    private static final long LONGEST_WAIT_MILLIS = 60_000;

    private final ServerCallStreamObserver<T> answer;
    private final Object ready = new Object();

    private Outgoing(StreamObserver<T> answer) {
        this.answer = (ServerCallStreamObserver<T>) answer;
        this.answer.setOnReadyHandler(this::wake);
        this.answer.setOnCancelHandler(this::wake);
    }

    private void wake() {
        synchronized (ready) {
            ready.notifyAll();
        }
    }

    /** Who has something to send. */
    @FunctionalInterface
    interface Sending<T> {
        void to(Outgoing<T> out) throws IOException;
    }

    /** Has it sent on that executor; to be called on the call's own thread. */
    static <T> void on(Executor executor, StreamObserver<T> answer, Sending<T> sending) {
        Outgoing<T> out = new Outgoing<>(answer);
        executor.execute(() -> {
            try {
                sending.to(out);
                out.answer.onCompleted();
            } catch (IOException | RuntimeException e) {
                if (!out.answer.isCancelled()) {
                    out.answer.onError(Asked.status(e));
                }
            }
        });
    }

    /** Sends a message when there is room for it. */
    void send(T message) {
        long until = System.nanoTime() + LONGEST_WAIT_MILLIS * 1_000_000;
        synchronized (ready) {
            while (!answer.isReady() && !answer.isCancelled()) {
                long left = (until - System.nanoTime()) / 1_000_000;
                if (left <= 0) {
                    throw Status.DEADLINE_EXCEEDED
                            .withDescription("nobody reads what was asked for")
                            .asRuntimeException();
                }
                try {
                    ready.wait(left);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw Status.UNAVAILABLE
                            .withDescription("the coordinator is shutting down")
                            .asRuntimeException();
                }
            }
        }
        if (answer.isCancelled()) {
            throw Status.CANCELLED.asRuntimeException();
        }
        answer.onNext(message);
    }

    void all(Iterator<T> messages) {
        messages.forEachRemaining(this::send);
    }

    /** Sends a file in pieces. */
    void file(Path file, BiFunction<Long, ByteString, T> piece) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            long at = 0;
            for (byte[] bytes = in.readNBytes(Chunks.BYTES); bytes.length > 0; bytes = in.readNBytes(Chunks.BYTES)) {
                send(piece.apply(at, ByteString.copyFrom(bytes)));
                at += bytes.length;
            }
        }
    }
}
