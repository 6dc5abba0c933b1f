package dev.sotto.coordinator.network;

import com.google.protobuf.ByteString;
import dev.sotto.coordinator.network.TestNetwork.Member;
import dev.sotto.wire.ByteSource;
import dev.sotto.wire.Channels;
import dev.sotto.wire.Chunks;
import dev.sotto.wire.FloatVectors;
import dev.sotto.wire.Protocol;
import dev.sotto.wire.SignedUpdates;
import dev.sotto.wire.proxy.ProxyRules;
import dev.sotto.wire.tls.Tls;
import dev.sotto.wire.v1.Chunk;
import dev.sotto.wire.v1.DeliverPart;
import dev.sotto.wire.v1.FromNode;
import dev.sotto.wire.v1.Hello;
import dev.sotto.wire.v1.Receipt;
import dev.sotto.wire.v1.SignedUpdate;
import dev.sotto.wire.v1.Task;
import dev.sotto.wire.v1.ToNode;
import dev.sotto.wire.v1.UpdateHeader;
import dev.sotto.wire.v1.WorkGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A node that says whatever a test wants it to say. */
final class RawNode implements StreamObserver<ToNode>, AutoCloseable {
    final ManagedChannel channel;
    final WorkGrpc.WorkStub work;
    private final Member member;
    private final StreamObserver<FromNode> out;
    private final BlockingQueue<ToNode> said = new LinkedBlockingQueue<>();
    final CompletableFuture<Status> end = new CompletableFuture<>();

    RawNode(TestNetwork network, Member member, String... sessions) {
        this.member = member;
        this.channel = Channels.open(
                network.address(), Tls.mutual(member.identity(), member.joined().authority()), ProxyRules.of(Map.of()));
        this.work = WorkGrpc.newStub(channel);
        this.out = work.attend(this);
        out.onNext(FromNode.newBuilder()
                .setHello(Hello.newBuilder().setProtocol(Protocol.VERSION).addAllSessions(List.of(sessions)))
                .build());
    }

    Member member() {
        return member;
    }

    void say(FromNode message) {
        out.onNext(message);
    }

    /** The next message of a kind; others are passed over. */
    ToNode next(ToNode.SaidCase kind) throws InterruptedException {
        while (true) {
            ToNode message = said.poll(60, TimeUnit.SECONDS);
            if (message == null) {
                throw new AssertionError("no " + kind + " in 60 s");
            }
            if (message.getSaidCase() == kind) {
                return message;
            }
        }
    }

    Task task() throws InterruptedException {
        return next(ToNode.SaidCase.TASK).getTask();
    }

    /** An honest header of that update. */
    UpdateHeader header(Task task, float[] update, int examples) {
        return UpdateHeader.newBuilder()
                .setSession(task.getSession())
                .setTask(task.getId())
                .setRound(task.getRound())
                .setClientId(member.id())
                .setModel(task.getModel().getSha256())
                .setVector(FloatVectors.blob(update))
                .setExamples(examples)
                .setSteps(1)
                .build();
    }

    SignedUpdate sign(UpdateHeader header) {
        return SignedUpdates.sign(header, member.keys().signing().getPrivate());
    }

    static List<Chunk> chunks(float[] update) throws IOException {
        ByteSource source = ByteSource.of(update);
        List<Chunk> chunks = new ArrayList<>();
        for (long at = 0;
                at < source.size();
                at += chunks.get(chunks.size() - 1).getData().size()) {
            chunks.add(Chunks.of(source, at));
        }
        return chunks;
    }

    static Chunk chunk(long offset, byte[] bytes) {
        return Chunks.of(offset, ByteString.copyFrom(bytes));
    }

    Receipt deliver(Task task, float[] update, int examples) throws Exception {
        return deliver(sign(header(task, update, examples)), chunks(update));
    }

    /** A delivery of exactly these parts. */
    Receipt deliver(SignedUpdate header, List<Chunk> chunks) throws Exception {
        CompletableFuture<Receipt> receipt = new CompletableFuture<>();
        StreamObserver<DeliverPart> parts = work.deliver(observer(receipt));
        parts.onNext(DeliverPart.newBuilder().setHeader(header).build());
        for (Chunk chunk : chunks) {
            parts.onNext(DeliverPart.newBuilder().setChunk(chunk).build());
        }
        parts.onCompleted();
        return receipt.get(60, TimeUnit.SECONDS);
    }

    static <T> StreamObserver<T> observer(CompletableFuture<T> first) {
        return new StreamObserver<>() {
            @Override
            public void onNext(T value) {
                first.complete(value);
            }

            @Override
            public void onError(Throwable failure) {
                first.completeExceptionally(failure);
            }

            @Override
            public void onCompleted() {}
        };
    }

    @Override
    public void onNext(ToNode message) {
        said.add(message);
    }

    @Override
    public void onError(Throwable failure) {
        end.complete(Status.fromThrowable(failure));
    }

    @Override
    public void onCompleted() {
        end.complete(Status.OK);
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
