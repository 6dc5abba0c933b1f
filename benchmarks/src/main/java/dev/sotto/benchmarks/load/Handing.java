package dev.sotto.benchmarks.load;

import dev.sotto.node.link.NodeKeys;
import dev.sotto.wire.SignedUpdates;
import dev.sotto.wire.v1.ArrivedRequest;
import dev.sotto.wire.v1.ArrivedResponse;
import dev.sotto.wire.v1.DeliverPart;
import dev.sotto.wire.v1.Receipt;
import dev.sotto.wire.v1.SignedUpdate;
import dev.sotto.wire.v1.Task;
import dev.sotto.wire.v1.UpdateHeader;
import dev.sotto.wire.v1.WorkGrpc.WorkStub;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.grpc.stub.StreamObserver;

/** One client's update on its way, in the steps that a node takes: what has arrived, the signed header, chunks, receipt. */
final class Handing implements ClientResponseObserver<DeliverPart, Receipt> {
    private final Task task;
    private final SharedUpdate update;
    private final SignedUpdate signed;
    private final Tally tally;
    private ClientCallStreamObserver<DeliverPart> out;
    private boolean begun;
    private boolean waits;
    private int next;
    private boolean done;

    Handing(String client, NodeKeys keys, Task task, SharedUpdate update, Tally tally) {
        this.task = task;
        this.update = update;
        this.tally = tally;
        this.signed = SignedUpdates.sign(
                UpdateHeader.newBuilder()
                        .setSession(task.getSession())
                        .setTask(task.getId())
                        .setRound(task.getRound())
                        .setClientId(client)
                        .setModel(task.getModel().getSha256())
                        .setVector(update.blob())
                        .setExamples(1)
                        .setSteps(1)
                        .build(),
                keys.signing().getPrivate());
    }

    void start(WorkStub work) {
        ArrivedRequest request = ArrivedRequest.newBuilder()
                .setTask(task.getId())
                .setSha256(update.blob().getSha256())
                .build();
        work.arrived(request, new StreamObserver<>() {
            @Override
            public void onNext(ArrivedResponse arrived) {
                waits = arrived.getLater();
                if (arrived.getBytes() != 0) {
                    tally.failed("some of an update has arrived that was never sent");
                }
            }

            @Override
            public void onError(Throwable broken) {
                tally.failed("arrived: " + broken.getMessage());
            }

            @Override
            public void onCompleted() {
                if (waits) {
                    start(work);
                } else {
                    var unused = work.deliver(Handing.this);
                }
            }
        });
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<DeliverPart> stream) {
        out = stream;
        stream.setOnReadyHandler(this::send);
    }

    /** The call's callbacks come one after the other. */
    private void send() {
        if (!begun) {
            begun = true;
            out.onNext(DeliverPart.newBuilder().setHeader(signed).build());
        }
        // After the last chunk too: what is ready again has all but 32 KiB of it on the wire.
        while (!done && out.isReady()) {
            if (next == update.chunks().size()) {
                done = true;
                out.onCompleted();
                tally.sent(update.blob().getSize());
            } else {
                out.onNext(update.chunks().get(next++));
            }
        }
    }

    @Override
    public void onNext(Receipt receipt) {
        if (receipt.getCounted()) {
            tally.counted();
        } else {
            tally.failed("receipt: " + receipt.getReason());
        }
    }

    @Override
    public void onError(Throwable broken) {
        tally.failed("deliver: " + broken.getMessage());
    }

    @Override
    public void onCompleted() {}
}
