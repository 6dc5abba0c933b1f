package dev.sotto.folders.owner;

import com.google.protobuf.ByteString;
import dev.sotto.federation.Fleet;
import dev.sotto.federation.RefusedUpdateException;
import dev.sotto.federation.RoundTask;
import dev.sotto.federation.clientlevel.UpdateRelease;
import dev.sotto.folders.mail.Lines;
import dev.sotto.folders.mail.Names;
import dev.sotto.folders.mail.Parts;
import dev.sotto.learning.DivergedException;
import dev.sotto.owner.NotApprovedException;
import dev.sotto.owner.Release;
import dev.sotto.owner.SessionRefusedException;
import dev.sotto.owner.desk.Activity;
import dev.sotto.owner.desk.Activity.Kind;
import dev.sotto.owner.desk.HostedSession;
import dev.sotto.owner.request.Decision;
import dev.sotto.privacy.ledger.BudgetExceededException;
import dev.sotto.wire.Blobs;
import dev.sotto.wire.ClientReleases;
import dev.sotto.wire.Evaluations;
import dev.sotto.wire.sealed.UnfitFileException;
import dev.sotto.wire.v1.Reason;
import dev.sotto.wire.v1.Refusal;
import dev.sotto.wire.v1.Task;
import dev.sotto.wire.v1.TaskKind;
import dev.sotto.wire.v1.TaskRefused;
import dev.sotto.wire.v1.UpdateHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Works on one task: trains or evaluates, and writes what may leave. The same rules as over the network. */
final class RoundWork {
    private final Correspondence letters;
    private final Activity activity;
    private final HostedSession session;
    private final Task task;
    private final byte[] vectors;
    private final BooleanSupplier wanted;
    private final Supplier<Decision> decision;

    /**
     * A task that its aggregator has signed.
     *
     * @param vectors the model, and what comes with it
     * @param wanted whether anybody still waits for the answer
     * @param decision what the owner says of the session now
     */
    RoundWork(
            Correspondence letters,
            Activity activity,
            HostedSession session,
            Task task,
            byte[] vectors,
            BooleanSupplier wanted,
            Supplier<Decision> decision) {
        this.letters = letters;
        this.activity = activity;
        this.session = session;
        this.task = task;
        this.vectors = vectors;
        this.wanted = wanted;
        this.decision = decision;
    }

    /** Works until it is answered. */
    void run() {
        try {
            if (task.getKind() == TaskKind.TRAIN) {
                train();
            } else {
                evaluate();
            }
        } catch (BudgetExceededException e) {
            refuse(Reason.BUDGET, e.getMessage(), session.owner().epsilon());
        } catch (NotApprovedException e) {
            refuse(Reason.POLICY, e.getMessage(), session.owner().epsilon());
        } catch (SessionRefusedException | RefusedUpdateException e) {
            refuse(Reason.FAILED, e.getMessage(), session.owner().epsilon());
        } catch (DivergedException e) {
            refuse(Reason.DIVERGED, "round " + task.getRound() + ": " + e.getMessage(), OptionalDouble.empty());
        } catch (UnfitFileException e) {
            refuse(Reason.FAILED, "round " + task.getRound() + ": the task: " + e.getMessage(), OptionalDouble.empty());
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            // What went wrong may name files or data of the owner.
            letters.local(words() + " failed", e);
            refuse(
                    Reason.FAILED,
                    "it failed; the owner's own log says why",
                    session.owner().epsilon());
        }
    }

    private String words() {
        return "round " + task.getRound() + (task.getKind() == TaskKind.EVALUATE ? ", evaluation" : "");
    }

    private void train() throws IOException {
        RoundTask round = round();
        byte[] model = task.getModel().getSha256().toByteArray();
        Optional<Release> before = session.owner().released(task.getRound(), model);
        if (before.isEmpty() && !wanted.getAsBoolean()) {
            letters.say(words() + ": nobody waits for it any more; nothing was spent");
            return;
        }
        if (before.isPresent()) {
            letters.say(words() + ": sending what was released before, again");
        } else {
            letters.say(words() + ": training");
            letters.progress(task.getRound(), "training round " + of());
        }
        Release release = before.isPresent()
                ? before.get()
                : activity.during(Kind.TRAINING, session, task.getRound(), training -> session.owner()
                        .train(round, model, training));
        requireNotRevoked();
        // Before the update: once that is counted the project may be over, and its record sealed.
        letters.progress(task.getRound(), "trained round " + of());
        deliver(release);
        letters.say(words() + ": sent");
    }

    /** What lies here still need not leave: the owner may have said no while it was trained, or since it was released. */
    private void requireNotRevoked() {
        Decision now = decision.get();
        if (now instanceof Decision.Revoked || now instanceof Decision.Rejected) {
            throw new NotApprovedException(now.refusal());
        }
    }

    private String of() {
        return task.getRound() + " of " + session.terms().plan().rounds();
    }

    private RoundTask round() throws IOException {
        int bytes = Math.multiplyExact(Float.BYTES, session.parameters());
        Parts.Read<Task> read = new Parts.Read<>(task, vectors);
        boolean extra = task.hasExtra();
        if (task.getModel().getSize() != bytes
                || (extra && task.getExtra().getSize() != bytes)
                || vectors.length != (extra ? 2L * bytes : bytes)) {
            throw new UnfitFileException("its model has "
                    + Long.toUnsignedString(task.getModel().getSize()) + " bytes, and the session's has " + bytes);
        }
        requireDigest(task.getModel().getSha256(), 0, bytes);
        if (extra) {
            requireDigest(task.getExtra().getSha256(), bytes, bytes);
        }
        Optional<UpdateRelease> release =
                task.hasRelease() ? Optional.of(ClientReleases.from(task.getRelease())) : Optional.empty();
        return new RoundTask(
                task.getRound(),
                read.vector(0, bytes),
                session.terms().strategy().method(),
                extra ? read.vector(bytes, bytes) : new float[0],
                release);
    }

    private void requireDigest(ByteString expected, int from, int bytes) throws UnfitFileException {
        var digest = Blobs.sha256();
        digest.update(vectors, from, bytes);
        if (!expected.equals(ByteString.copyFrom(digest.digest()))) {
            throw new UnfitFileException("its values are not those that it names");
        }
    }

    private void deliver(Release release) throws IOException {
        UpdateHeader.Builder header = UpdateHeader.newBuilder()
                .setSession(task.getSession())
                .setTask(task.getId())
                .setRound(release.round())
                .setClientId(session.owner().terms().client())
                .setModel(ByteString.copyFrom(release.model()))
                .setVector(Blobs.named(release.sha256(), release.bytes()))
                .setExamples(release.examples())
                .setSteps(release.steps())
                .putAllMetrics(release.metrics());
        release.epsilon().ifPresent(header::setEpsilon);
        letters.update(release.round(), Parts.of(header.build(), Files.readAllBytes(release.vector())));
    }

    private void evaluate() throws IOException {
        RoundTask round = round();
        if (!wanted.getAsBoolean()) {
            return;
        }
        byte[] model = task.getModel().getSha256().toByteArray();
        Optional<Fleet.Evaluated> found =
                activity.during(Kind.EVALUATION, session, task.getRound(), training -> session.owner()
                        .evaluate(round, model, training.network()));
        letters.answer(
                Names.EVALUATION,
                task.getRound(),
                Parts.of(Evaluations.of(task.getId(), found)),
                Names.evaluation(task.getRound()));
    }

    private void refuse(Reason reason, String message, OptionalDouble epsilon) {
        String shown =
                switch (reason) {
                    case BUDGET -> "the owner's limits do not cover it";
                    case POLICY -> "the owner's approval does not cover it";
                    case DIVERGED -> "training came to no finite end";
                    default -> Lines.of(message);
                };
        letters.say(words() + ": refused: " + shown, shown.equals(message) ? "" : ": " + Lines.of(message));
        letters.progress(task.getRound(), "refused round " + of());
        TaskRefused.Builder refused = TaskRefused.newBuilder()
                .setTask(task.getId())
                .setRefusal(Refusal.newBuilder().setReason(reason).setMessage(Lines.of(message)));
        epsilon.ifPresent(refused::setEpsilon);
        letters.answer(Names.REFUSAL, task.getRound(), Parts.of(refused.build()), Names.refused(task.getRound()));
    }
}
