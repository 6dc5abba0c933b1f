package dev.sotto.node;

import com.google.protobuf.ByteString;
import dev.sotto.federation.Fleet;
import dev.sotto.federation.RefusedUpdateException;
import dev.sotto.federation.RoundTask;
import dev.sotto.federation.clientlevel.UpdateRelease;
import dev.sotto.learning.DivergedException;
import dev.sotto.learning.LocalTraining;
import dev.sotto.learning.StoppedException;
import dev.sotto.owner.NotApprovedException;
import dev.sotto.owner.Release;
import dev.sotto.owner.SessionRefusedException;
import dev.sotto.owner.desk.Activity;
import dev.sotto.owner.desk.Activity.Kind;
import dev.sotto.owner.desk.HostedSession;
import dev.sotto.privacy.ledger.BudgetExceededException;
import dev.sotto.wire.Blobs;
import dev.sotto.wire.ByteSource;
import dev.sotto.wire.ClientReleases;
import dev.sotto.wire.Evaluations;
import dev.sotto.wire.FloatVectors;
import dev.sotto.wire.SignedUpdates;
import dev.sotto.wire.v1.Blob;
import dev.sotto.wire.v1.FromNode;
import dev.sotto.wire.v1.Progress;
import dev.sotto.wire.v1.Reason;
import dev.sotto.wire.v1.Receipt;
import dev.sotto.wire.v1.Refusal;
import dev.sotto.wire.v1.Task;
import dev.sotto.wire.v1.TaskKind;
import dev.sotto.wire.v1.TaskRefused;
import dev.sotto.wire.v1.UpdateHeader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import java.util.logging.Level;

/** Works on one task after the other, on any thread: fetches the model, trains or evaluates, and answers. */
final class TaskDesk {
    private final NodeIdentity identity;
    private final Uplink uplink;
    private final NodeLog log;
    private final Activity activity;
    private final boolean progress;

    TaskDesk(NodeIdentity identity, Uplink uplink, NodeLog log, Activity activity, boolean progress) {
        this.identity = identity;
        this.uplink = uplink;
        this.log = log;
        this.activity = activity;
        this.progress = progress;
    }

    /**
     * Works on a task until it is answered, or nobody waits for the answer any more.
     *
     * @return false if there is an answer that did not reach the coordinator
     */
    boolean work(Job job, HostedSession session) {
        Task task = job.task();
        try {
            if (task.getKind() == TaskKind.TRAIN) {
                return train(job, session);
            } else if (task.getKind() == TaskKind.EVALUATE) {
                evaluate(job, session);
            } else {
                refuse(task, Reason.FAILED, "this node does not know what kind of task it is", OptionalDouble.empty());
            }
        } catch (StoppedException e) {
            // Noise may have been drawn, and a ledger refunds nothing; but nothing was released.
            givenUp(job, session, "training was given up between two steps; what was reserved for it stays spent");
        } catch (BudgetExceededException e) {
            refuse(task, Reason.BUDGET, e.getMessage(), session.owner().epsilon());
        } catch (NotApprovedException e) {
            refuse(task, Reason.POLICY, e.getMessage(), session.owner().epsilon());
        } catch (SessionRefusedException | RefusedUpdateException e) {
            refuse(task, Reason.FAILED, e.getMessage(), session.owner().epsilon());
        } catch (DivergedException e) {
            refuse(task, Reason.DIVERGED, "round " + task.getRound() + ": " + e.getMessage(), OptionalDouble.empty());
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            // What went wrong may name files or data of the owner.
            log.local(words(task) + " failed", e);
            refuse(
                    task,
                    Reason.FAILED,
                    "it failed; the node's own log says why",
                    session.owner().epsilon());
        }
        return true;
    }

    /** Nobody waits for an answer any more, or the owner wants none to be given: then that is the answer. */
    private void givenUp(Job job, HostedSession session, String what) {
        Task task = job.task();
        log.local(Level.INFO, words(task) + ": " + job.unwanted() + ": " + what);
        job.forbidden()
                .ifPresent(reason ->
                        refuse(task, Reason.POLICY, reason, session.owner().epsilon()));
    }

    private boolean train(Job job, HostedSession session) throws IOException {
        Task task = job.task();
        byte[] model = task.getModel().getSha256().toByteArray();
        Optional<Release> before = session.owner().released(task.getRound(), model);
        Release release;
        if (before.isPresent()) {
            release = before.get();
            log.both(task.getSession(), "round " + task.getRound() + ": sending what was released before, again");
        } else {
            RoundTask round = round(task, session);
            if (!job.wanted()) {
                givenUp(job, session, "it is not begun; nothing was spent");
                return true;
            }
            log.both(task.getSession(), "round " + task.getRound() + ": training");
            release = activity.during(
                    Kind.TRAINING,
                    session,
                    task.getRound(),
                    watcher(task, session),
                    training -> whileWanted(
                            job, session.owner().terms().privacy().isPresent(), training, () -> session.owner()
                                    .train(round, model, training)));
            warnOfOvershoot(task, session, release);
        }
        if (!mayLeave(job, session)) {
            givenUp(job, session, "what was released is kept, and not sent");
            return true;
        }
        return deliver(job, session, release);
    }

    /** Asked right before something leaves: nothing does that the owner has revoked meanwhile. */
    private static boolean mayLeave(Job job, HostedSession session) {
        session.owner().forbidden().ifPresent(job::forbid);
        return job.wanted();
    }

    /**
     * What the coordinator hears of a training under way, if the owner lets it. Not where it is a secret who takes part or how
     * many examples there are: how fast tenths pass would help to guess.
     */
    private LocalTraining.Watcher watcher(Task task, HostedSession session) {
        boolean open = progress
                && session.terms().plan().clientLevel().isEmpty()
                && session.owner().countIsPublic();
        return open ? new Tenths(tenths -> tell(task, tenths)) : (done, of) -> {};
    }

    /** What cannot be told must not end the training that it is about, which is paid for. */
    private void tell(Task task, int tenths) {
        try {
            uplink.send(FromNode.newBuilder()
                    .setProgress(Progress.newBuilder().setTask(task.getId()).setTenths(tenths))
                    .build());
        } catch (RuntimeException e) {
            log.local(words(task) + ": how far it is could not be told", e);
        }
    }

    private static Release whileWanted(Job job, boolean paid, LocalTraining training, Supplier<Release> work) {
        // What is paid for is finished and kept: the same may be asked again, and would have to be paid for again.
        training.stoppedBy(paid ? job::isOver : () -> !job.wanted());
        try {
            return work.get();
        } finally {
            training.stoppedBy(() -> false);
        }
    }

    private void warnOfOvershoot(Task task, HostedSession session, Release release) {
        session.owner().terms().privacy().flatMap(own -> own.limit()).ifPresent(limit -> {
            if (release.epsilon().orElse(0) > limit.value()) {
                log.both(
                        task.getSession(),
                        String.format(
                                Locale.ROOT,
                                "round %d: epsilon %.4g is past the target of %s, which is no hard limit",
                                task.getRound(),
                                release.epsilon().getAsDouble(),
                                limit));
            }
        });
    }

    private RoundTask round(Task task, HostedSession session) throws IOException {
        float[] extra = task.hasExtra() ? vector(task, task.getExtra(), session.parameters()) : new float[0];
        Optional<UpdateRelease> release =
                task.hasRelease() ? Optional.of(ClientReleases.from(task.getRelease())) : Optional.empty();
        return new RoundTask(
                task.getRound(),
                vector(task, task.getModel(), session.parameters()),
                session.terms().strategy().method(),
                extra,
                release);
    }

    private float[] vector(Task task, Blob blob, int values) throws IOException {
        long bytes = (long) Float.BYTES * values;
        if (blob.getSize() != bytes) {
            throw new SessionRefusedException("round " + task.getRound() + ": the task's model has "
                    + Long.toUnsignedString(blob.getSize()) + " bytes, and the session's has " + bytes);
        }
        try (InputStream in = Files.newInputStream(uplink.download(blob, bytes))) {
            return FloatVectors.read(in, bytes);
        }
    }

    private boolean deliver(Job job, HostedSession session, Release release) {
        Task task = job.task();
        UpdateHeader.Builder header = UpdateHeader.newBuilder()
                .setSession(task.getSession())
                .setTask(task.getId())
                .setRound(release.round())
                .setClientId(identity.client())
                .setModel(ByteString.copyFrom(release.model()))
                .setVector(Blobs.named(release.sha256(), release.bytes()))
                .setExamples(release.examples())
                .setSteps(release.steps())
                .putAllMetrics(release.metrics());
        release.epsilon().ifPresent(header::setEpsilon);
        Receipt receipt;
        try (FileChannel vector = FileChannel.open(release.vector(), StandardOpenOption.READ)) {
            receipt = uplink.deliver(
                    SignedUpdates.sign(header.build(), identity.signingKey()), ByteSource.of(vector), job::wanted);
        } catch (IOException e) {
            if (!job.wanted()) {
                givenUp(job, session, "what was released is kept, and was not sent whole");
                return true;
            }
            // It is kept; the coordinator asks again once there is a connection.
            log.local(Level.WARNING, words(task) + ": could not be sent: " + e.getMessage());
            return false;
        }
        if (receipt.getCounted()) {
            log.both(task.getSession(), "round " + task.getRound() + ": sent and counted");
        } else {
            log.both(task.getSession(), "round " + task.getRound() + ": not counted: " + receipt.getReason());
        }
        return true;
    }

    private void evaluate(Job job, HostedSession session) throws IOException {
        Task task = job.task();
        RoundTask round = round(task, session);
        if (!job.wanted()) {
            givenUp(job, session, "it is not begun; nothing was spent");
            return;
        }
        byte[] model = task.getModel().getSha256().toByteArray();
        Optional<Fleet.Evaluated> found =
                activity.during(Kind.EVALUATION, session, task.getRound(), training -> session.owner()
                        .evaluate(round, model, training.network()));
        if (!mayLeave(job, session)) {
            givenUp(job, session, "what was found is kept, and not sent");
            return;
        }
        uplink.send(FromNode.newBuilder()
                .setEvaluated(Evaluations.of(task.getId(), found))
                .build());
    }

    /** Answers that a task is not done. */
    void refuse(Task task, Reason reason, String message, OptionalDouble epsilon) {
        log.both(task.getSession(), "round " + task.getRound() + ": refused: " + message);
        TaskRefused.Builder refused = TaskRefused.newBuilder()
                .setTask(task.getId())
                .setRefusal(Refusal.newBuilder().setReason(reason).setMessage(message));
        epsilon.ifPresent(refused::setEpsilon);
        uplink.send(FromNode.newBuilder().setRefused(refused).build());
    }

    static String words(Task task) {
        return "session " + task.getSession() + ", round " + task.getRound()
                + (task.getKind() == TaskKind.EVALUATE ? ", evaluation" : "");
    }
}
