package dev.sotto.benchmarks.load;

import dev.sotto.wire.Chunks;
import dev.sotto.wire.DamagedChunkException;
import dev.sotto.wire.v1.Blob;
import dev.sotto.wire.v1.Chunk;
import dev.sotto.wire.v1.DownloadRequest;
import dev.sotto.wire.v1.WorkGrpc.WorkStub;
import io.grpc.stub.StreamObserver;

/** A blob that is downloaded, checked chunk by chunk, and forgotten. */
final class Fetching implements StreamObserver<Chunk> {
    private final Blob blob;
    private final Tally tally;
    private Runnable then;
    private long arrived;

    Fetching(Blob blob, Tally tally) {
        this.blob = blob;
        this.tally = tally;
    }

    void start(WorkStub work, Runnable next) {
        then = next;
        work.download(DownloadRequest.newBuilder().setSha256(blob.getSha256()).build(), this);
    }

    @Override
    public void onNext(Chunk chunk) {
        try {
            arrived += Chunks.checked(chunk, arrived, blob.getSize()).remaining();
        } catch (DamagedChunkException e) {
            tally.failed("download: " + e.getMessage());
        }
    }

    @Override
    public void onError(Throwable broken) {
        tally.failed("download: " + broken.getMessage());
    }

    @Override
    public void onCompleted() {
        tally.downloaded(arrived);
        if (arrived == blob.getSize()) {
            then.run();
        } else {
            tally.failed("download: " + arrived + " of " + blob.getSize() + " bytes");
        }
    }
}
