package dev.sotto.node.link;

import dev.sotto.wire.Chunks;
import dev.sotto.wire.v1.Blob;
import dev.sotto.wire.v1.Chunk;
import dev.sotto.wire.v1.DownloadRequest;
import dev.sotto.wire.v1.WorkGrpc.WorkBlockingStub;
import io.grpc.Context;
import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;

/** One blob on its way to the cache. */
final class Downloading implements Persistence.Attempt<Path> {
    private final WorkBlockingStub work;
    private final Blob blob;
    private final BlobCache.Part part;
    private final Duration stall;
    private final ScheduledExecutorService timer;

    Downloading(WorkBlockingStub work, Blob blob, BlobCache.Part part, Duration stall, ScheduledExecutorService timer) {
        this.work = work;
        this.blob = blob;
        this.part = part;
        this.stall = stall;
        this.timer = timer;
    }

    @Override
    public long moved() {
        return part.arrived();
    }

    @Override
    public Path run() throws IOException {
        if (part.arrived() == blob.getSize()) {
            return part.whole();
        }
        Context.CancellableContext context = Context.current().withCancellation();
        Context before = context.attach();
        StallWatch watch = new StallWatch(part::arrived);
        ScheduledFuture<?> watching = timer.scheduleWithFixedDelay(
                () -> watch.look(context), stall.toMillis(), stall.toMillis(), TimeUnit.MILLISECONDS);
        try {
            // Asks for the next chunk when it has the one before, so that no more than a few are in memory.
            Iterator<Chunk> chunks = work.download(DownloadRequest.newBuilder()
                    .setSha256(blob.getSha256())
                    .setOffset(part.arrived())
                    .build());
            while (chunks.hasNext()) {
                part.take(Chunks.checked(chunks.next(), part.arrived(), blob.getSize()));
            }
        } finally {
            watching.cancel(false);
            context.detach(before);
            context.cancel(null);
        }
        if (part.arrived() < blob.getSize()) {
            throw new IOException("the download ended after " + part.arrived() + " of " + blob.getSize() + " bytes");
        }
        return part.whole();
    }

    /** Ends a transfer that has moved nothing since it last looked. */
    static final class StallWatch {
        private final java.util.function.LongSupplier moved;
        private long last = -1;

        StallWatch(java.util.function.LongSupplier moved) {
            this.moved = moved;
        }

        void look(Context.CancellableContext context) {
            long now = moved.getAsLong();
            if (now == last) {
                context.cancel(Status.UNAVAILABLE
                        .withDescription("nothing moved for too long")
                        .asRuntimeException());
            }
            last = now;
        }
    }
}
