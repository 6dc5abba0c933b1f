package dev.sotto.coordinator.network;

import com.google.protobuf.ByteString;
import dev.sotto.coordinator.network.DeliveryRefusedException.Effect;
import dev.sotto.coordinator.session.Reach.RoundRules;
import dev.sotto.federation.Aggregate;
import dev.sotto.federation.ClientProfile;
import dev.sotto.federation.ClientReport;
import dev.sotto.federation.ClientReport.Reason;
import dev.sotto.federation.ClientReport.Refusal;
import dev.sotto.federation.ClientUpdate;
import dev.sotto.federation.Fleet.ClientObserver;
import dev.sotto.federation.RefusedUpdateException;
import dev.sotto.wire.Blobs;
import dev.sotto.wire.v1.Receipt;
import dev.sotto.wire.v1.UpdateHeader;
import io.grpc.Status;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Clients train, and their updates are added up one after the other, off the network's threads. An update that has arrived
 * whole before the round closed counts, although adding it may take longer.
 */
final class TrainingRound extends OpenRound<ClientReport> {
    private static final Logger LOG = Logger.getLogger(TrainingRound.class.getName());

    private final Aggregate aggregate;
    private final ClientObserver observer;
    private CompletableFuture<Void> adding = CompletableFuture.completedFuture(null);
    private int counted;

    TrainingRound(Ground ground, RoundRules rules, RoundOrder order, Aggregate aggregate, ClientObserver observer) {
        super(ground, rules, order);
        this.aggregate = aggregate;
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
            throw new DeliveryRefusedException(Effect.NONE, "it came late, or twice: the task is over");
        }
    }

    /** Bytes of an update that have arrived. */
    long arrived(OpenTask task, ByteString sha256) {
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
     * @param receipt hears when it has been counted or refused
     */
    void landed(OpenTask task, UpdateHeader header, Landing place, Consumer<Receipt> receipt)
            throws DeliveryRefusedException {
        lock().lock();
        try {
            requireOpen(task);
            task.hasLanded();
            // Whatever became of the one before.
            adding = adding.handleAsync(
                    (done, failure) -> {
                        add(task, header, place, receipt);
                        return null;
                    },
                    ground().adding());
        } finally {
            lock().unlock();
        }
    }

    private void add(OpenTask task, UpdateHeader header, Landing place, Consumer<Receipt> receipt) {
        try {
            if (!place.genuine()) {
                fail(task, "its values are not those that were signed for", true, receipt);
                return;
            }
            ClientUpdate update = update(task, header, place.vector());
            RefusedUpdateException.requireFinite(update);
            aggregate.add(update);
            counted(task, ClientReport.of(update, order().task().parameters().length), place, receipt);
        } catch (RefusedUpdateException e) {
            fail(task, e.getMessage(), false, receipt);
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            LOG.log(
                    Level.SEVERE,
                    e,
                    () -> "an update of client " + task.client().id() + " could not be added");
            fail(task, "the coordinator could not add it: " + e, true, receipt);
        }
    }

    private ClientUpdate update(OpenTask task, UpdateHeader header, float[] vector) {
        return new ClientUpdate(
                task.client().id(),
                number(),
                vector,
                header.getExamples(),
                header.getSteps(),
                header.hasEpsilon() ? OptionalDouble.of(header.getEpsilon()) : OptionalDouble.empty(),
                Map.copyOf(header.getMetricsMap()));
    }

    private void counted(OpenTask task, ClientReport report, Landing place, Consumer<Receipt> receipt) {
        lock().lock();
        try {
            counted++;
            String digest = Blobs.hex(place.claimed().getSha256());
            settleLanded(task, report, "it was counted before", Optional.of(digest));
        } finally {
            lock().unlock();
        }
        int bytes = (int) Math.min(Integer.MAX_VALUE, place.claimed().getSize());
        rules().observer().accepted(task.client().id(), number(), bytes);
        receipt.accept(Receipt.newBuilder().setCounted(true).build());
        tell(report);
    }

    private void fail(OpenTask task, String reason, boolean worthAgain, Consumer<Receipt> receipt) {
        boolean again;
        ClientReport report = absent(task.client(), OptionalDouble.empty(), new Refusal(Reason.FAILED, reason));
        lock().lock();
        try {
            again = worthAgain && askedAgain(task, reason);
            if (!again) {
                settleLanded(task, report, reason, Optional.empty());
            }
        } finally {
            lock().unlock();
        }
        refused(task.client().id(), again ? reason + "; it is asked again" : reason);
        receipt.accept(Receipt.newBuilder().setReason(reason).build());
        if (!again) {
            tell(report);
        }
    }
}
