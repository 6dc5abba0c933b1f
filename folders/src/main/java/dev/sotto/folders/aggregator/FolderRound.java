package dev.sotto.folders.aggregator;

import dev.sotto.federation.ClientProfile;
import dev.sotto.federation.ClientReport.Reason;
import dev.sotto.federation.ClientReport.Refusal;
import dev.sotto.federation.RoundTask;
import dev.sotto.folders.Email;
import dev.sotto.folders.mail.Expected;
import dev.sotto.folders.mail.Letter;
import dev.sotto.folders.mail.Lines;
import dev.sotto.folders.mail.Names;
import dev.sotto.folders.mail.Parts;
import dev.sotto.wire.ClientReleases;
import dev.sotto.wire.Evaluations;
import dev.sotto.wire.FloatVectors;
import dev.sotto.wire.sealed.GuardedFolder;
import dev.sotto.wire.sealed.KeyCard;
import dev.sotto.wire.v1.Task;
import dev.sotto.wire.v1.TaskKind;
import dev.sotto.wire.v1.TaskRefused;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Participants that have been asked, until all have answered, enough have, or the time is over. Whatever is wrong with the files
 * of one of them concerns nobody else.
 *
 * @param <T> what becomes of a participant's part
 */
abstract class FolderRound<T> {
    private static final Logger LOG = Logger.getLogger(FolderRound.class.getName());
    private static final int MOST_REFUSAL = 1 << 16;

    private final RoundContext context;
    private final RoundTask task;
    private final Task message;
    private final Map<String, T> settled = new HashMap<>();

    FolderRound(RoundContext context, RoundTask task, TaskKind kind) {
        this.context = context;
        this.task = task;
        Task.Builder asked = Task.newBuilder()
                .setId(kind.name().toLowerCase(java.util.Locale.ROOT) + "-" + task.round())
                .setSession(context.project().session())
                .setRound(task.round())
                .setKind(kind)
                .setModel(FloatVectors.blob(task.parameters()))
                .setSeconds((int) Math.min(
                        Integer.MAX_VALUE, context.project().rules().round().toSeconds()));
        if (task.extra().length > 0) {
            asked.setExtra(FloatVectors.blob(task.extra()));
        }
        task.release().ifPresent(release -> asked.setRelease(ClientReleases.of(release)));
        this.message = asked.build();
    }

    /** Name of the file that asks. */
    abstract String question();

    /** Kind of the letter that asks. */
    abstract String kind();

    /** Looks for a participant's answer; empty if there is none yet. */
    abstract Optional<T> answer(GuardedFolder mailbox, KeyCard card, ClientProfile client);

    /** What becomes of a participant that takes no part. */
    abstract T absent(ClientProfile client, OptionalDouble epsilon, Refusal refusal);

    /** Whether no more answers are needed. */
    abstract boolean enough();

    /** Hears what became of a participant. */
    abstract void heard(T outcome);

    final RoundContext context() {
        return context;
    }

    final RoundTask task() {
        return task;
    }

    final Task message() {
        return message;
    }

    /** Asks, waits, and says what became of each. */
    final Map<String, T> answers(Map<Email, ClientProfile> cohort) {
        long deadline = System.nanoTime() + context.project().rules().round().toNanos();
        byte[] content = Parts.of(message, task.parameters(), task.extra());
        Map<Email, ClientProfile> open = new LinkedHashMap<>(cohort);
        cohort.keySet().forEach(email -> ask(email, content));
        for (; ; ) {
            look(open);
            context.changed().run();
            if (open.isEmpty() || enough() || System.nanoTime() - deadline > 0) {
                break;
            }
            context.clock().pause();
        }
        String why = enough()
                ? "enough others answered first"
                : "no answer within " + context.project().rules().round().toSeconds() + " s";
        open.forEach((email, client) -> {
            String line = "client " + client.id() + ", round " + task.round() + ": " + why;
            settle(client, absent(client, OptionalDouble.empty(), new Refusal(Reason.DROPPED, line)));
        });
        context.post().forget(context.project().session(), question()::equals);
        return settled;
    }

    private void ask(Email email, byte[] content) {
        Project project = context.project();
        Optional<KeyCard> card = context.attendance().of(email).card();
        if (card.isEmpty()) {
            return; // it will have been seen before it was on the roster, and be seen again
        }
        try {
            context.post()
                    .post(
                            card.get(),
                            project.session(),
                            kind(),
                            task.round(),
                            content,
                            question(),
                            Names.models(context.post().datasite(), card.get(), project.name()));
        } catch (IOException e) {
            LOG.log(Level.WARNING, "project {0}: {1} cannot be asked in round {2}: {3}", new Object[] {
                project.name(), email, task.round(), e.getMessage()
            });
        }
    }

    private void look(Map<Email, ClientProfile> open) {
        context.attendance().clearDone();
        context.attendance().look();
        for (Email email : java.util.List.copyOf(open.keySet())) {
            ClientProfile client = open.get(email);
            Attendance.Seen seen = context.attendance().of(email);
            if (seen.card().isEmpty()) {
                continue;
            }
            GuardedFolder mailbox = context.attendance().mailbox(email);
            Optional<T> outcome = answer(mailbox, seen.card().get(), client)
                    .or(() -> refused(mailbox, seen.card().get(), client))
                    .or(() -> withdrawn(seen, client));
            if (outcome.isPresent()) {
                open.remove(email);
                settle(client, outcome.get());
            }
            if (enough()) {
                return;
            }
        }
    }

    private void settle(ClientProfile client, T outcome) {
        settled.put(client.id(), outcome);
        heard(outcome);
    }

    /** A letter in which a participant says why it does not do the task. */
    private Optional<T> refused(GuardedFolder mailbox, KeyCard card, ClientProfile client) {
        String name = Names.refused(task.round());
        Expected expected = new Expected(context.project().session(), Names.REFUSAL, task.round(), card, MOST_REFUSAL);
        return context.post().take(mailbox, name, expected).flatMap(letter -> refusal(letter, mailbox, name, client));
    }

    private Optional<T> refusal(Letter letter, GuardedFolder mailbox, String name, ClientProfile client) {
        try {
            TaskRefused read =
                    Parts.read(letter.content(), TaskRefused.parser()).message();
            if (!read.getTask().equals(message.getId())) {
                return Optional.empty(); // of the round's other task
            }
            Reason reason =
                    switch (read.getRefusal().getReason()) {
                        case BUDGET -> Reason.BUDGET;
                        case DIVERGED -> Reason.DIVERGED;
                        default -> Reason.FAILED;
                    };
            OptionalDouble epsilon =
                    read.hasEpsilon() ? Evaluations.epsilon(read.getEpsilon()) : OptionalDouble.empty();
            String line = Lines.of(read.getRefusal().getMessage());
            return Optional.of(absent(client, epsilon, new Refusal(reason, line.isEmpty() ? reason.name() : line)));
        } catch (IOException | IllegalArgumentException e) {
            context.post().quarantine().note(mailbox.file(name), Lines.of(e));
            return Optional.of(absent(client, OptionalDouble.empty(), new Refusal(Reason.FAILED, Lines.of(e))));
        }
    }

    /** A participant that has changed its mind about the whole project. */
    private Optional<T> withdrawn(Attendance.Seen seen, ClientProfile client) {
        return seen.refused().map(why -> absent(client, OptionalDouble.empty(), new Refusal(Reason.FAILED, why)));
    }
}
