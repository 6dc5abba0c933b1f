package dev.sotto.benchmarks.load;

import dev.sotto.node.link.Joined;
import dev.sotto.node.link.NodeKeys;
import dev.sotto.wire.Channels;
import dev.sotto.wire.Protocol;
import dev.sotto.wire.proxy.ProxyRules;
import dev.sotto.wire.tls.Tls;
import dev.sotto.wire.tls.TlsIdentity;
import dev.sotto.wire.v1.Accepted;
import dev.sotto.wire.v1.Alive;
import dev.sotto.wire.v1.Answer;
import dev.sotto.wire.v1.Evaluated;
import dev.sotto.wire.v1.FromNode;
import dev.sotto.wire.v1.Hello;
import dev.sotto.wire.v1.Offer;
import dev.sotto.wire.v1.Task;
import dev.sotto.wire.v1.TaskKind;
import dev.sotto.wire.v1.ToNode;
import dev.sotto.wire.v1.WorkGrpc;
import io.grpc.ManagedChannel;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * A client as its coordinator sees one: a certificate of its own, a connection of its own, downloads, and a signed update. It
 * does not train, has no ledger, and holds no thread.
 */
final class Volunteer implements StreamObserver<ToNode>, AutoCloseable {
    private static final FromNode ALIVE =
            FromNode.newBuilder().setAlive(Alive.getDefaultInstance()).build();

    private final String id;
    private final NodeKeys keys;
    private final ManagedChannel channel;
    private final WorkGrpc.WorkStub work;
    private final IntFunction<SharedUpdate> updates;
    private final Tally tally;
    private StreamObserver<FromNode> out;
    private boolean over;

    Volunteer(String id, NodeKeys keys, Joined joined, IntFunction<SharedUpdate> updates, Tally tally) {
        this.id = id;
        this.keys = keys;
        this.updates = updates;
        this.tally = tally;
        TlsIdentity identity = new TlsIdentity(joined.chain(), keys.tls().getPrivate());
        channel = Channels.open(joined.address(), Tls.mutual(identity, joined.authority()), ProxyRules.of(Map.of()));
        work = WorkGrpc.newStub(channel);
    }

    void connect() {
        synchronized (this) {
            out = work.attend(this);
        }
        say(FromNode.newBuilder()
                .setHello(
                        Hello.newBuilder().setVersion("load").setEngine("none").setProtocol(Protocol.VERSION))
                .build());
    }

    void beat() {
        say(ALIVE);
    }

    private synchronized void say(FromNode message) {
        if (!over) {
            out.onNext(message);
        }
    }

    @Override
    public void onNext(ToNode message) {
        switch (message.getSaidCase()) {
            case WELCOME -> tally.welcomed().countDown();
            case OFFER -> offered(message.getOffer());
            case TASK -> asked(message.getTask());
            default -> {} // alive, or over
        }
    }

    private void offered(Offer offer) {
        tally.offered();
        new Fetching(offer.getPackage(), tally)
                .start(
                        work,
                        () -> say(FromNode.newBuilder()
                                .setAnswer(Answer.newBuilder()
                                        .setSession(offer.getSession())
                                        .setAccepted(Accepted.newBuilder().setExamples(1)))
                                .build()));
    }

    private void asked(Task task) {
        if (task.getKind() == TaskKind.EVALUATE) {
            say(FromNode.newBuilder()
                    .setEvaluated(Evaluated.newBuilder().setTask(task.getId()).setWithheld(true))
                    .build());
            return;
        }
        tally.task();
        new Fetching(task.getModel(), tally).start(work, () -> {
            SharedUpdate update = updates.apply((int) (task.getModel().getSize() / Float.BYTES));
            new Handing(id, keys, task, update, tally).start(work);
        });
    }

    @Override
    public void onError(Throwable broken) {
        end("connection: " + broken.getMessage());
    }

    @Override
    public void onCompleted() {
        end("the coordinator has ended the connection");
    }

    private synchronized void end(String reason) {
        if (!over) {
            over = true;
            tally.failed(reason);
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            over = true;
        }
        channel.shutdownNow();
    }
}
