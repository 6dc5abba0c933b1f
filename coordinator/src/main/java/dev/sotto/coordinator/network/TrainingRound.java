package dev.sotto.coordinator.network;

import com.google.protobuf.ByteString;
import dev.sotto.coordinator.network.DeliveryRefusedException.Effect;
import dev.sotto.coordinator.session.Reach.RoundRules;
import dev.sotto.coordinator.session.RefusalKind;
import dev.sotto.federation.Aggregate;
import dev.sotto.federation.ClientProfile;
import dev.sotto.federation.ClientReport;
import dev.sotto.federation.ClientReport.Reason;
import dev.sotto.federation.ClientReport.Refusal;
import dev.sotto.federation.ClientUpdate;
import dev.sotto.federation.Fleet.ClientObserver;
import dev.sotto.federation.RefusedUpdateException;
import dev.sotto.wire.Blobs;
import dev.sotto.wire.UpdateRules;
import dev.sotto.wire.v1.Receipt;
import dev.sotto.wire.v1.UpdateHeader;
import io.grpc.Status;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Clients train, and their updates are added up as they arrive, off the network's threads. An update that has arrived whole
 * before the round closed counts, although adding it may take longer.
 */
final class TrainingRound extends OpenRound<ClientReport> {
    private static final Logger LOG = Logger.getLogger(TrainingRound.class.getName());

    private final Adding adding;
    private final ClientObserver observer;
    private int counted;

    TrainingRound(Ground ground, RoundRules rules, RoundOrder order, Aggregate aggregate, ClientObserver observer) {
        super(ground, rules, order);
        this.adding = new Adding(aggregate, UpdateRules.width(order.task()), ground.adding());
        this.observer = observer;
    }

    @Override
    ClientReport absent(ClientProfile client, OptionalDouble epsilon, Refusal refusal) {
        return ClientReport.refused(client.id(), client.examples(), epsilon, refusal);
    }

    @Override
    boolean enough() {
        return rules().enough() > 0 && counted >= rules().enough();
    }

    @Override
    void heard(ClientReport report) {
        observer.finished(report);
    }

    /** The place where a client's update arrives: the one that has a part of the same update, or a new one. */
    Landing landing(OpenTask task, UpdateHeader header, GuardedCall<?, ?> call)
            throws DeliveryRefusedException, IOException {
        Optional<GuardedCall<?, ?>> before;
        Landing place;
        lock().lock();
        try {
            requireOpen(task);
            if (task.landing()
                    .filter(old -> !old.claimed().equals(header.getVector()))
                    .isPresent()) {
                task.discard();
            }
            if (task.landing().isEmpty()) {
                task.land(ground().landings().open(header.getVector()));
            }
            place = task.landing().orElseThrow();
            before = task.deliveredBy(call);
        } finally {
            lock().unlock();
        }
        before.ifPresent(old -> old.end(Status.ABORTED.withDescription("the client delivers on another call")));
        return place;
    }

    private void requireOpen(OpenTask task) throws DeliveryRefusedException {
        if (!isOpen(task)) {
            throw new DeliveryRefusedException(
                    Effect.NONE, RefusalKind.LATE, "it came late, or twice: the task is over");
        }
    }

    /**
     * Asks when the rest of an update may be sent.
     *
     * @param answer hears how much of it has arrived, and whether it is time
     */
    void turn(OpenTask task, ByteString sha256, BiConsumer<Long, Boolean> answer) {
        lock().lock();
        try {
            if (isOpen(task)) {
                long left = (long) Float.BYTES * UpdateRules.width(order().task()) - arrived(task, sha256);
                ground().turns()
                        .ask(
                                task.id(),
                                left,
                                () -> arrived(task, sha256),
                                now -> answer.accept(arrived(task, sha256), now));
                return;
            }
        } finally {
            lock().unlock();
        }
        answer.accept(0L, true);
    }

    /** Bytes of an update that have arrived. */
    private long arrived(OpenTask task, ByteString sha256) {
        lock().lock();
        try {
            return task.landing()
                    .filter(place -> place.claimed().getSha256().equals(sha256))
                    .map(Landing::arrived)
                    .orElse(0L);
        } finally {
            lock().unlock();
        }
    }

    /**
     * All of an update is there: adds it in its turn.
     *
     * @param lastByte when that came, as {@link System#nanoTime} has it
     * @param receipt hears when it has been counted or refused
     */
    void landed(OpenTask task, UpdateHeader header, Landing place, long lastByte, Consumer<Receipt> receipt)
            throws DeliveryRefusedException {
        lock().lock();
        try {
            requireOpen(task);
            task.hasLanded();
        } finally {
            lock().unlock();
        }
        adding.add(part -> add(part, task, header, place, lastByte, receipt));
    }

    /** All that came and counts is in the sum from now on; to be called after the wait for it. */
    void merge() {
        adding.merge();
    }

    private void add(
            Aggregate part,
            OpenTask task,
            UpdateHeader header,
            Landing place,
            long lastByte,
            Consumer<Receipt> receipt) {
        try {
            if (!place.genuine()) {
                fail(task, header, RefusalKind.DAMAGED, "its values are not those that were signed for", receipt);
                return;
            }
            ClientUpdate update = update(task, header, place.vector());
            if (!place.finite()) {
                RefusedUpdateException.requireFinite(update);
            }
            part.add(update);
            counted(task, ClientReport.of(update, order().task().parameters().length), place, lastByte, receipt);
        } catch (RefusedUpdateException e) {
            fail(task, header, RefusalKind.VALUES, e.getMessage(), receipt);
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            LOG.log(
                    Level.SEVERE,
                    e,
                    () -> "an update of client " + task.client().id() + " could not be added");
            fail(task, header, RefusalKind.COORDINATOR, "the coordinator could not add it: " + e, receipt);
        }
    }

    private ClientUpdate update(OpenTask task, UpdateHeader header, float[] vector) {
        return new ClientUpdate(
                task.client().id(),
                number(),
                vector,
                header.getExamples(),
                header.getSteps(),
                epsilon(header),
                Map.copyOf(header.getMetricsMap()));
    }

    private static OptionalDouble epsilon(UpdateHeader header) {
        return header.hasEpsilon() ? OptionalDouble.of(header.getEpsilon()) : OptionalDouble.empty();
    }

    private void counted(OpenTask task, ClientReport report, Landing place, long lastByte, Consumer<Receipt> receipt) {
        lock().lock();
        try {
            counted++;
            String digest = Blobs.hex(place.claimed().getSha256());
            settleLanded(task, report, "it was counted before", Optional.of(digest));
        } finally {
            lock().unlock();
        }
        rules().observer()
                .accepted(task.client().id(), number(), place.claimed().getSize(), lastByte);
        receipt.accept(Receipt.newBuilder().setCounted(true).build());
        tell(report);
    }

    /** What is not counted has left all the same, and its client says what it has spent with it. */
    private void fail(OpenTask task, UpdateHeader header, RefusalKind kind, String reason, Consumer<Receipt> receipt) {
        // Values that the client has signed would be the same the next time.
        boolean worthAgain = kind != RefusalKind.VALUES;
        boolean again;
        ClientReport report = absent(task.client(), epsilon(header), new Refusal(Reason.FAILED, reason));
        lock().lock();
        try {
            again = worthAgain && askedAgain(task, reason);
            if (!again) {
                settleLanded(task, report, reason, Optional.empty());
            }
        } finally {
            lock().unlock();
        }
        refused(task.client().id(), kind, again ? reason + "; it is asked again" : reason);
        receipt.accept(Receipt.newBuilder().setReason(reason).build());
        if (!again) {
            tell(report);
        }
    }
}
