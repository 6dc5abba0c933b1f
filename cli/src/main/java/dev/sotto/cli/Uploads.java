package dev.sotto.cli;

import com.google.protobuf.ByteString;
import dev.sotto.wire.Chunks;
import dev.sotto.wire.v1.Chunk;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/** Sends bytes to a coordinator in checked pieces, no faster than it takes them. */
final class Uploads {
    private static final long MINUTES = 10;

    private Uploads() {}

    /** A call that takes chunks and answers once. */
    interface Call<T> extends Function<StreamObserver<T>, StreamObserver<Chunk>> {}

    static <T> T send(OperatorLink link, byte[] bytes, Call<T> call) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        // The sender drives the stream itself.
        var unused = call.apply(new Sender<>(bytes, answer));
        try {
            return answer.get(MINUTES, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while sending", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof StatusRuntimeException failed
                    ? link.explain(failed)
                    : new IllegalStateException(
                            "sending failed: " + e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException(
                    "the coordinator at " + link.address() + " took more than " + MINUTES + " minutes for "
                            + bytes.length + " bytes",
                    e);
        }
    }

    private static final class Sender<T> implements ClientResponseObserver<Chunk, T> {
        private final byte[] bytes;
        private final CompletableFuture<T> answer;
        private int at;
        private boolean completed;

        Sender(byte[] bytes, CompletableFuture<T> answer) {
            this.bytes = bytes;
            this.answer = answer;
        }

        @Override
        public void beforeStart(ClientCallStreamObserver<Chunk> call) {
            call.setOnReadyHandler(() -> {
                while (call.isReady() && !completed) {
                    if (at == bytes.length) {
                        completed = true;
                        call.onCompleted();
                    } else {
                        int length = Math.min(Chunks.BYTES, bytes.length - at);
                        call.onNext(Chunks.of(at, ByteString.copyFrom(bytes, at, length)));
                        at += length;
                    }
                }
            });
        }

        @Override
        public void onNext(T value) {
            answer.complete(value);
        }

        @Override
        public void onError(Throwable failure) {
            answer.completeExceptionally(failure);
        }

        @Override
        public void onCompleted() {
            answer.completeExceptionally(new IllegalStateException("the coordinator said nothing"));
        }
    }
}
