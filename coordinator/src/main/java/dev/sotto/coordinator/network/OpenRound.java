package dev.sotto.coordinator.network;

import dev.sotto.coordinator.session.Reach.RoundRules;
import dev.sotto.coordinator.session.RefusalKind;
import dev.sotto.federation.ClientProfile;
import dev.sotto.federation.ClientReport.Reason;
import dev.sotto.federation.ClientReport.Refusal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Clients that have been asked, until all have answered, enough have, or the time is over. One thread waits; the network's
 * threads bring answers, and never wait.
 *
 * @param <T> what becomes of a client's part
 */
abstract class OpenRound<T> {
    private static final Logger LOG = Logger.getLogger(OpenRound.class.getName());
    private static final long MILLIS_BEFORE_AGAIN = 500;

    /** A client that can do no better than this in one task does not take part. */
    private static final int MOST_REFUSED_DELIVERIES = 8;

    private final Ground ground;
    private final RoundRules rules;
    private final RoundOrder order;
    private final long deadline;
    private final RoundParts<T> parts;
    private final TaskMessages messages;

    OpenRound(Ground ground, RoundRules rules, RoundOrder order) {
        this.ground = ground;
        this.rules = rules;
        this.order = order;
        this.deadline = System.nanoTime() + rules.timeout().toNanos();
        this.parts = new RoundParts<>(ground.book(), ground.turns());
        this.messages = new TaskMessages(ground.connections(), order, deadline);
    }

    /** What becomes of a client that takes no part. */
    abstract T absent(ClientProfile client, OptionalDouble epsilon, Refusal refusal);

    /** Whether no more answers are needed; called under the lock. */
    abstract boolean enough();

    /** Hears what became of a client; called under no lock. */
    abstract void heard(T outcome);

    final Ground ground() {
        return ground;
    }

    final RoundRules rules() {
        return rules;
    }

    final RoundOrder order() {
        return order;
    }

    final String session() {
        return order.template().getSession();
    }

    final int number() {
        return order.task().round();
    }

    final ReentrantLock lock() {
        return parts.lock();
    }

    final void refused(String client, RefusalKind kind, String reason) {
        rules.observer().refused(client, number(), kind, reason);
    }

    /** Asks them all. */
    final void ask(List<ClientProfile> cohort) {
        for (ClientProfile client : cohort) {
            OpenTask task = new OpenTask(ground.book().newId(), this, client, false);
            parts.enter(task);
            // Who is connected was let in; asking the gate about each of thousands takes long.
            if (ground.connections().of(client.id()).isPresent()
                    || ground.gate().signingKey(client.id()).isPresent()) {
                send(client.id());
            } else {
                failed(task, RefusalKind.REVOKED, new Refusal(Reason.FAILED, "client " + client.id() + " is revoked"));
            }
        }
    }

    /** Sends a client its open task, if it has one and is connected and ready; again after it has connected again. */
    final void send(String client) {
        parts.waiting(client).filter(each -> !each.id().isEmpty()).ifPresent(messages::send);
    }

    /** Whether a task waits for its client; to be called under the lock. */
    final boolean isOpen(OpenTask task) {
        return parts.isOpen(task);
    }

    /**
     * Settles a client's part. Nothing happens if it is settled, if its update has landed, or if the round has closed.
     *
     * @param why later answers are refused
     */
    final boolean settle(OpenTask task, T outcome, String why) {
        if (!parts.settleOpen(task, outcome, why)) {
            return false;
        }
        tell(outcome);
        return true;
    }

    /**
     * Settles the part of a client whose update has landed; to be called once, under the lock, with {@link #tell} to follow.
     *
     * @param counted digest of the update, if it was counted
     */
    final void settleLanded(OpenTask task, T outcome, String why, Optional<String> counted) {
        parts.settle(task, outcome, why, counted);
    }

    /** Lets the outcome be heard; the round does not end before it was. */
    final void tell(T outcome) {
        try {
            heard(outcome);
        } catch (RuntimeException e) {
            LOG.log(Level.SEVERE, "who watches a round failed", e);
        }
        parts.told();
    }

    /** A client's part has come to nothing: it is asked once more, if that makes sense and there is time. */
    final void failed(OpenTask task, RefusalKind kind, Refusal refusal, OptionalDouble epsilon, boolean worthAgain) {
        boolean again;
        lock().lock();
        try {
            if (!isOpen(task)) {
                return;
            }
            again = worthAgain && askedAgain(task, refusal.message());
        } finally {
            lock().unlock();
        }
        if (again) {
            refused(task.client().id(), kind, refusal.message() + "; it is asked again");
        } else if (settle(task, absent(task.client(), epsilon, refusal), refusal.message())) {
            refused(task.client().id(), kind, refusal.message());
        }
    }

    /** The same, for good. */
    final void failed(OpenTask task, RefusalKind kind, Refusal refusal) {
        failed(task, kind, refusal, OptionalDouble.empty(), false);
    }

    /** Under the lock: puts another task in the place of one that failed, unless it is the second, or too late. */
    final boolean askedAgain(OpenTask task, String why) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (parts.isClosed() || task.again() || left < 2 * MILLIS_BEFORE_AGAIN) {
            return false;
        }
        OpenTask next = new OpenTask("", this, task.client(), true);
        parts.replace(task, why, next);
        var unused = ground.timer().schedule(() -> askAgain(next), MILLIS_BEFORE_AGAIN, TimeUnit.MILLISECONDS);
        return true;
    }

    private void askAgain(OpenTask waiting) {
        lock().lock();
        try {
            if (!isOpen(waiting)) {
                return;
            }
            parts.enter(new OpenTask(ground.book().newId(), this, waiting.client(), true));
        } finally {
            lock().unlock();
        }
        send(waiting.client().id());
    }

    /** A delivery was refused, which does not settle its task unless it is one of too many. */
    final void refusedDelivery(OpenTask task, RefusalKind kind, String reason) {
        if (parts.refusedTooOften(task, MOST_REFUSED_DELIVERIES)) {
            String message = MOST_REFUSED_DELIVERIES + " deliveries were refused, the last: " + reason;
            failed(task, kind, new Refusal(Reason.FAILED, message));
        } else {
            refused(task.client().id(), kind, reason);
        }
    }

    /** A client has come so far with its part. */
    final void progressed(OpenTask task, int tenths) {
        if (parts.furtherThan(task, tenths)) {
            rules.observer().progressed(task.client().id(), number(), tenths);
        }
    }

    /** A client that takes no further part: it was revoked, or it has changed its mind. */
    final void withdrawn(String client, RefusalKind kind, Refusal refusal) {
        parts.waiting(client).ifPresent(each -> failed(each, kind, refusal));
    }

    /**
     * Waits until all have answered, enough have, or the time is over. From then on nobody's answer counts, but for updates
     * that have arrived whole. An interrupt ends the wait and stays pending.
     *
     * @return what became of each client
     */
    final Map<String, T> await() {
        boolean interrupted = false;
        Map<OpenTask, T> late = new LinkedHashMap<>();
        String reason;
        lock().lock();
        try {
            try {
                parts.awaitAnswers(this::enough, deadline);
            } catch (InterruptedException e) {
                interrupted = true;
            }
            reason = reason(interrupted);
            for (OpenTask task : parts.close()) {
                late.put(task, dropped(task, reason));
            }
            parts.awaitTold();
        } finally {
            lock().unlock();
        }
        late.forEach((task, outcome) -> withdraw(task, outcome, reason));
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return parts.settled(); // nothing is settled any more
    }

    private T dropped(OpenTask task, String reason) {
        String message = "client " + task.client().id() + ", round " + number() + ": " + reason;
        T outcome = absent(task.client(), OptionalDouble.empty(), new Refusal(Reason.DROPPED, message));
        parts.drop(task, outcome, "it came late: " + reason);
        return outcome;
    }

    private void withdraw(OpenTask task, T outcome, String reason) {
        String client = task.client().id();
        messages.withdraw(task, reason);
        refused(client, RefusalKind.ABSENT, reason);
        heard(outcome);
    }

    private String reason(boolean interrupted) {
        if (interrupted) {
            return "the round was ended";
        }
        return enough()
                ? "enough others answered first"
                : "no answer within " + rules.timeout().toSeconds() + " s";
    }
}
