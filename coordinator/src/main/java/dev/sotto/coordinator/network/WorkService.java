package dev.sotto.coordinator.network;

import com.google.protobuf.ByteString;
import dev.sotto.coordinator.identity.RefusedException;
import dev.sotto.coordinator.store.BlobStore;
import dev.sotto.wire.Blobs;
import dev.sotto.wire.v1.ArrivedRequest;
import dev.sotto.wire.v1.ArrivedResponse;
import dev.sotto.wire.v1.Chunk;
import dev.sotto.wire.v1.DeliverPart;
import dev.sotto.wire.v1.DownloadRequest;
import dev.sotto.wire.v1.FromNode;
import dev.sotto.wire.v1.Receipt;
import dev.sotto.wire.v1.RenewRequest;
import dev.sotto.wire.v1.RenewResponse;
import dev.sotto.wire.v1.ToNode;
import dev.sotto.wire.v1.WorkGrpc;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;

/** What nodes ask of their coordinator. The client is that of the certificate. */
final class WorkService extends WorkGrpc.WorkImplBase {
    private final NetworkReach reach;
    private final Refusals refusals;
    private final NetworkSettings settings;

    WorkService(NetworkReach reach, Refusals refusals, NetworkSettings settings) {
        this.reach = reach;
        this.refusals = refusals;
        this.settings = settings;
    }

    @Override
    public StreamObserver<FromNode> attend(StreamObserver<ToNode> answer) {
        return new Attendance(
                Callers.CLIENT.get(), Callers.CALL.get(), reach, settings, (ServerCallStreamObserver<ToNode>) answer);
    }

    @Override
    public void download(DownloadRequest request, StreamObserver<Chunk> answer) {
        String client = Callers.CLIENT.get();
        byte[] sha256 = request.getSha256().toByteArray();
        // The same answer whether it exists or not.
        if (sha256.length != Blobs.DIGEST_BYTES || !reach.mayRead(client, request.getSha256())) {
            refusals.note(
                    client, "download.refused", Blobs.hex(request.getSha256()), "nothing of this client's names it");
            answer.onError(Status.NOT_FOUND
                    .withDescription("no open offer or task of this client names it")
                    .asRuntimeException());
            return;
        }
        BlobStore blobs = reach.ground().blobs();
        try {
            long size = blobs.size(sha256);
            if (request.getOffset() < 0 || request.getOffset() > size) {
                answer.onError(Status.OUT_OF_RANGE
                        .withDescription("it has " + size + " bytes")
                        .asRuntimeException());
                return;
            }
            new Download(blobs.open(sha256, request.getOffset()), request.getOffset(), size, (ServerCallStreamObserver<
                            Chunk>)
                    answer);
        } catch (NoSuchFileException e) {
            answer.onError(
                    Status.NOT_FOUND.withDescription("it is no longer here").asRuntimeException());
        } catch (IOException e) {
            answer.onError(Status.INTERNAL
                    .withDescription("the coordinator cannot read it")
                    .withCause(e)
                    .asRuntimeException());
        }
    }

    @Override
    public void arrived(ArrivedRequest request, StreamObserver<ArrivedResponse> answer) {
        ((ServerCallStreamObserver<ArrivedResponse>) answer).setOnCancelHandler(WorkService::gone);
        String client = Callers.CLIENT.get();
        Optional<OpenTask> task = reach.ground().book().open(request.getTask()).filter(open -> open.client()
                .id()
                .equals(client));
        if (task.isPresent() && task.get().round() instanceof TrainingRound round) {
            round.turn(task.get(), request.getSha256(), (bytes, now) -> arrived(answer, bytes, now));
        } else {
            arrived(answer, 0, true);
        }
    }

    /** Set for a call, it keeps answering a client that has gone from throwing. */
    private static void gone() {}

    private static void arrived(StreamObserver<ArrivedResponse> answer, long bytes, boolean now) {
        answer.onNext(
                ArrivedResponse.newBuilder().setBytes(bytes).setLater(!now).build());
        answer.onCompleted();
    }

    @Override
    public StreamObserver<DeliverPart> deliver(StreamObserver<Receipt> answer) {
        ((ServerCallStreamObserver<Receipt>) answer).setOnCancelHandler(WorkService::gone);
        return new Delivery(Callers.CLIENT.get(), Callers.CALL.get(), reach, refusals, answer);
    }

    @Override
    public void renew(RenewRequest request, StreamObserver<RenewResponse> answer) {
        try {
            RenewResponse.Builder response = RenewResponse.newBuilder();
            reach.ground()
                    .gate()
                    .renew(
                            Callers.CERTIFICATE.get(),
                            request.getCertificateRequest().toByteArray(),
                            request.getProof().toByteArray())
                    .forEach(der -> response.addCertificateChain(ByteString.copyFrom(der)));
            answer.onNext(response.build());
            answer.onCompleted();
        } catch (RefusedException e) {
            answer.onError(
                    Status.PERMISSION_DENIED.withDescription(e.getMessage()).asRuntimeException());
        }
    }
}
