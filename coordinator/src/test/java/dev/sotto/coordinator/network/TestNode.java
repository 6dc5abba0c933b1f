package dev.sotto.coordinator.network;

import dev.sotto.coordinator.network.TestNetwork.Member;
import dev.sotto.federation.Client;
import dev.sotto.federation.ClientUpdate;
import dev.sotto.federation.Fleet;
import dev.sotto.federation.LocalMethod;
import dev.sotto.federation.RoundTask;
import dev.sotto.federation.clientlevel.UpdateRelease;
import dev.sotto.learning.LocalTraining;
import dev.sotto.node.link.CoordinatorLink;
import dev.sotto.node.link.Handler;
import dev.sotto.node.link.LinkRefusedException;
import dev.sotto.node.link.LinkSettings;
import dev.sotto.privacy.ledger.BudgetExceededException;
import dev.sotto.wire.ByteSource;
import dev.sotto.wire.ClientReleases;
import dev.sotto.wire.Evaluations;
import dev.sotto.wire.FloatVectors;
import dev.sotto.wire.SignedUpdates;
import dev.sotto.wire.v1.Accepted;
import dev.sotto.wire.v1.Answer;
import dev.sotto.wire.v1.Blob;
import dev.sotto.wire.v1.FromNode;
import dev.sotto.wire.v1.Offer;
import dev.sotto.wire.v1.Reason;
import dev.sotto.wire.v1.Receipt;
import dev.sotto.wire.v1.Refusal;
import dev.sotto.wire.v1.SessionOver;
import dev.sotto.wire.v1.SignedUpdate;
import dev.sotto.wire.v1.Task;
import dev.sotto.wire.v1.TaskKind;
import dev.sotto.wire.v1.TaskRefused;
import dev.sotto.wire.v1.UpdateHeader;
import dev.sotto.wire.v1.Withdraw;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A node in this JVM: a real link, and a real client behind it that trains what it is asked to. */
final class TestNode implements Handler, AutoCloseable {
    private final Member member;
    private final CoordinatorLink link;
    private final Client client;
    private final LocalMethod method;
    private final LocalTraining training;
    private final ExecutorService worker = Executors.newSingleThreadExecutor();
    private final Thread runner;
    private final Map<String, Optional<Delivered>> tasks = new HashMap<>();
    private final List<String> sessions = new CopyOnWriteArrayList<>();
    final List<String> ended = new CopyOnWriteArrayList<>();
    final List<Receipt> receipts = new CopyOnWriteArrayList<>();
    final Map<String, String> withdrawn = new ConcurrentHashMap<>();
    volatile Optional<LinkRefusedException> refused = Optional.empty();
    volatile int connections;

    private record Delivered(SignedUpdate update, float[] vector) {}

    TestNode(Member member, LinkSettings settings, Client client, LocalMethod method, LocalTraining training)
            throws IOException {
        this.member = member;
        this.client = client;
        this.method = method;
        this.training = training;
        this.link = new CoordinatorLink(settings);
        this.runner = new Thread(this::run, "test-node-" + member.id());
        runner.setDaemon(true);
        runner.start();
    }

    CoordinatorLink link() {
        return link;
    }

    private void run() {
        try {
            link.run(this);
        } catch (LinkRefusedException e) {
            refused = Optional.of(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public List<String> sessions() {
        return sessions;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread at a time
    public void connected(dev.sotto.wire.v1.Welcome welcome) {
        connections++;
    }

    @Override
    public void offer(Offer offer) {
        worker.execute(() -> {
            try {
                link.download(offer.getPackage(), 1 << 20);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            if (!sessions.contains(offer.getSession())) {
                sessions.add(offer.getSession());
            }
            link.send(FromNode.newBuilder()
                    .setAnswer(Answer.newBuilder()
                            .setSession(offer.getSession())
                            .setAccepted(Accepted.newBuilder()
                                    .setExamples(client.profile().examples())
                                    .setSeeded(true)))
                    .build());
        });
    }

    @Override
    public void task(Task task) {
        worker.execute(() -> {
            try {
                work(task);
            } catch (IOException e) {
                withdrawn.putIfAbsent(task.getId(), e.getMessage());
            }
        });
    }

    private void work(Task task) throws IOException {
        if (tasks.containsKey(task.getId())) {
            if (tasks.get(task.getId()).isPresent()) {
                deliver(tasks.get(task.getId()).get());
            }
            return;
        }
        Optional<UpdateRelease> release =
                task.hasRelease() ? Optional.of(ClientReleases.from(task.getRelease())) : Optional.empty();
        float[] extra = task.hasExtra() ? vector(task.getExtra()) : new float[0];
        RoundTask round = new RoundTask(task.getRound(), vector(task.getModel()), method, extra, release);
        if (task.getKind() == TaskKind.EVALUATE) {
            Optional<Fleet.Evaluated> found = client.evaluate(round, training.network());
            link.send(FromNode.newBuilder()
                    .setEvaluated(Evaluations.of(task.getId(), found))
                    .build());
            return;
        }
        try {
            Delivered made = delivered(task, client.train(round, training));
            tasks.put(task.getId(), Optional.of(made));
            deliver(made);
        } catch (BudgetExceededException e) {
            tasks.put(task.getId(), Optional.empty());
            TaskRefused.Builder refusal = TaskRefused.newBuilder()
                    .setTask(task.getId())
                    .setRefusal(Refusal.newBuilder().setReason(Reason.BUDGET).setMessage(e.getMessage()));
            client.epsilon().ifPresent(refusal::setEpsilon);
            link.send(FromNode.newBuilder().setRefused(refusal).build());
        }
    }

    private void deliver(Delivered made) throws IOException {
        receipts.add(link.deliver(made.update(), ByteSource.of(made.vector()), () -> true));
    }

    private Delivered delivered(Task task, ClientUpdate update) {
        UpdateHeader.Builder header = UpdateHeader.newBuilder()
                .setSession(task.getSession())
                .setTask(task.getId())
                .setRound(task.getRound())
                .setClientId(member.id())
                .setModel(task.getModel().getSha256())
                .setVector(FloatVectors.blob(update.delta()))
                .setExamples(update.examples())
                .setSteps(update.steps())
                .putAllMetrics(update.metrics());
        update.epsilon().ifPresent(header::setEpsilon);
        return new Delivered(
                SignedUpdates.sign(header.build(), member.keys().signing().getPrivate()), update.delta());
    }

    private float[] vector(Blob blob) throws IOException {
        Path file = link.download(blob, 1 << 28);
        try (InputStream in = Files.newInputStream(file)) {
            return FloatVectors.read(in, blob.getSize());
        }
    }

    @Override
    public void withdraw(Withdraw withdraw) {
        withdrawn.put(withdraw.getTask(), withdraw.getReason());
    }

    @Override
    public void over(SessionOver over) {
        sessions.remove(over.getSession());
        ended.add(over.getSession() + ": " + over.getEnding());
    }

    @Override
    public void close() {
        link.close();
        worker.shutdownNow();
        runner.interrupt();
    }
}
