package dev.sotto.coordinator.operator;

import dev.sotto.wire.Chunks;
import dev.sotto.wire.v1.Chunk;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Bytes that somebody sends in pieces, kept in a file until they are all there. */
final class Incoming implements StreamObserver<Chunk> {
    private final long most;
    private final StreamObserver<?> answer;
    private final Whole whole;
    private final Path file;
    private final FileChannel channel;
    private long at;
    private boolean over;

    /** What is done with all of it. */
    @FunctionalInterface
    interface Whole {
        void arrived(Path file) throws IOException;
    }

    /**
     * Waits for the first piece.
     *
     * @param most bytes that are taken
     */
    Incoming(long most, StreamObserver<?> answer, Whole whole) throws IOException {
        this.most = most;
        this.answer = answer;
        this.whole = whole;
        this.file = Files.createTempFile("sotto-upload-", ".part");
        this.channel = FileChannel.open(file, StandardOpenOption.WRITE);
    }

    @Override
    public void onNext(Chunk chunk) {
        if (over) {
            return;
        }
        try {
            if (at + chunk.getData().size() > most) {
                throw new IOException("more than " + most + " bytes");
            }
            ByteBuffer data = Chunks.checked(chunk, at, most);
            while (data.hasRemaining()) {
                at += channel.write(data);
            }
        } catch (IOException e) {
            end();
            answer.onError(Status.INVALID_ARGUMENT
                    .withDescription("upload: " + e.getMessage())
                    .withCause(e)
                    .asRuntimeException());
        }
    }

    @Override
    public void onError(Throwable failure) {
        end();
    }

    @Override
    public void onCompleted() {
        if (over) {
            return;
        }
        try {
            channel.close();
            whole.arrived(file);
        } catch (IOException | RuntimeException e) {
            answer.onError(Asked.status(e));
        } finally {
            end();
        }
    }

    private void end() {
        over = true;
        try {
            channel.close();
            Files.deleteIfExists(file);
        } catch (IOException e) {
            file.toFile().deleteOnExit();
        }
    }
}
