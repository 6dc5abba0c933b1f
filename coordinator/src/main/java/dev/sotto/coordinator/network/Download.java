package dev.sotto.coordinator.network;

import com.google.protobuf.UnsafeByteOperations;
import dev.sotto.wire.Chunks;
import dev.sotto.wire.v1.Chunk;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Sends a blob, as fast as the client reads and no faster. The call's callbacks come one after the other. */
final class Download {
    private static final Logger LOG = Logger.getLogger(Download.class.getName());

    private final InputStream in;
    private final long size;
    private final ServerCallStreamObserver<Chunk> out;
    private long next;
    private boolean over;

    /**
     * A download that begins when the client can take something.
     *
     * @param in the blob's bytes from {@code offset} on; closed at the end
     */
    Download(InputStream in, long offset, long size, ServerCallStreamObserver<Chunk> out) {
        this.in = in;
        this.size = size;
        this.out = out;
        this.next = offset;
        out.setOnReadyHandler(this::send);
        out.setOnCancelHandler(this::end);
        out.setOnCloseHandler(this::end);
    }

    private void send() {
        try {
            while (!over && out.isReady()) {
                if (next == size) {
                    end();
                    out.onCompleted();
                    return;
                }
                byte[] data = in.readNBytes((int) Math.min(Chunks.BYTES, size - next));
                if (data.length == 0) {
                    throw new IOException("it ends after " + next + " of " + size + " bytes");
                }
                out.onNext(Chunks.of(next, UnsafeByteOperations.unsafeWrap(data)));
                next += data.length;
            }
        } catch (IOException e) {
            LOG.log(Level.SEVERE, "a blob cannot be read", e);
            end();
            out.onError(Status.INTERNAL
                    .withDescription("the coordinator cannot read it")
                    .asRuntimeException());
        }
    }

    private void end() {
        if (!over) {
            over = true;
            try {
                in.close();
            } catch (IOException e) {
                LOG.log(Level.FINE, "a blob did not close", e);
            }
        }
    }
}
