package dev.sotto.coordinator.network;

import dev.sotto.coordinator.network.DeliveryRefusedException.Effect;
import dev.sotto.coordinator.session.RefusalKind;
import dev.sotto.federation.ClientReport.Reason;
import dev.sotto.federation.ClientReport.Refusal;
import dev.sotto.wire.Blobs;
import dev.sotto.wire.v1.DeliverPart;
import dev.sotto.wire.v1.Receipt;
import dev.sotto.wire.v1.SignedUpdate;
import dev.sotto.wire.v1.UpdateHeader;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.Optional;

/** One call that delivers an update or a part of it. The call's callbacks come one after the other. */
final class Delivery implements StreamObserver<DeliverPart> {
    private final String client;
    private final GuardedCall<?, ?> call;
    private final NetworkReach reach;
    private final Refusals refusals;
    private final StreamObserver<Receipt> answer;
    private final Traffic.Call traffic = Traffic.CALL.get();
    private Optional<UpdateHeader> header = Optional.empty();
    private Optional<OpenTask> task = Optional.empty();
    private Optional<Landing> place = Optional.empty();
    private boolean answered;

    Delivery(
            String client,
            GuardedCall<?, ?> call,
            NetworkReach reach,
            Refusals refusals,
            StreamObserver<Receipt> answer) {
        this.client = client;
        this.call = call;
        this.reach = reach;
        this.refusals = refusals;
        this.answer = answer;
    }

    @Override
    public void onNext(DeliverPart part) {
        if (answered) {
            return; // what was under way when it was refused
        }
        try {
            if (part.hasHeader() && header.isEmpty()) {
                open(part.getHeader());
            } else if (part.hasChunk() && place.isPresent()) {
                place.get().take(part.getChunk());
            } else {
                throw new DeliveryRefusedException(
                        Effect.TRY_AGAIN, RefusalKind.DAMAGED, "a delivery is a header and then its chunks");
            }
        } catch (DeliveryRefusedException e) {
            refuse(e);
        } catch (IOException e) {
            refuse(new DeliveryRefusedException(Effect.TRY_AGAIN, RefusalKind.DAMAGED, e.getMessage()));
        }
    }

    private void open(SignedUpdate update) throws DeliveryRefusedException, IOException {
        UpdateHeader signed = HeaderCheck.signed(update, client, reach.ground().gate());
        header = Optional.of(signed);
        TaskBook book = reach.ground().book();
        task = book.open(signed.getTask()).filter(open -> open.client().id().equals(client));
        if (task.isEmpty()) {
            over(signed, book.closed(signed.getTask()).filter(closed -> closed.client()
                    .equals(client)));
            return;
        }
        if (!(task.get().round() instanceof TrainingRound round)) {
            throw new DeliveryRefusedException(Effect.TRY_AGAIN, RefusalKind.REPLAYED, "the task asks for no update");
        }
        HeaderCheck.answers(signed, task.get(), round.rules().mostUpdateBytes());
        place = Optional.of(round.landing(task.get(), signed, call));
    }

    /** A task that is over: who sends again what was counted has lost the receipt, and gets it again. */
    private void over(UpdateHeader signed, Optional<TaskBook.Closed> closed) throws DeliveryRefusedException {
        String digest = Blobs.hex(signed.getVector().getSha256());
        if (closed.flatMap(TaskBook.Closed::counted).filter(digest::equals).isPresent()) {
            reach.refused(
                    signed.getSession(),
                    client,
                    signed.getRound(),
                    RefusalKind.REPEATED,
                    "it was sent again, and is counted once");
            answer(Receipt.newBuilder()
                    .setCounted(true)
                    .setReason("it was counted before")
                    .build());
            return;
        }
        throw new DeliveryRefusedException(
                Effect.NONE,
                RefusalKind.LATE,
                closed.map(TaskBook.Closed::why).orElse("its task is none of this client's, or long over"));
    }

    @Override
    public void onCompleted() {
        if (answered) {
            return;
        }
        try {
            if (place.isEmpty()) {
                throw new DeliveryRefusedException(Effect.TRY_AGAIN, RefusalKind.DAMAGED, "it has no header");
            }
            long size = place.get().claimed().getSize();
            if (place.get().arrived() < size) {
                throw new DeliveryRefusedException(
                        Effect.TRY_AGAIN,
                        RefusalKind.DAMAGED,
                        "it is truncated: " + place.get().arrived() + " of " + size + " bytes");
            }
            TrainingRound round = (TrainingRound) task.orElseThrow().round();
            round.landed(task.get(), header.orElseThrow(), place.get(), traffic.last(), this::added);
        } catch (DeliveryRefusedException e) {
            refuse(e);
        }
    }

    /** The connection broke: what has arrived stays, for the client to go on. */
    @Override
    public void onError(Throwable broken) {}

    private void added(Receipt receipt) {
        if (!receipt.getCounted()) {
            note(receipt.getReason());
        }
        answer(receipt);
    }

    private void refuse(DeliveryRefusedException refused) {
        String reason = Refusals.line(refused.getMessage());
        note(reason);
        if (header.isEmpty()) {
            reach.ground().meter().refused(refused.kind());
        } else if (task.isEmpty() || refused.effect() == Effect.NONE) {
            UpdateHeader signed = header.get();
            reach.refused(signed.getSession(), client, signed.getRound(), refused.kind(), reason);
        } else if (refused.effect() == Effect.FINAL) {
            task.get().round().failed(task.get(), refused.kind(), new Refusal(Reason.FAILED, reason));
        } else {
            task.get().round().refusedDelivery(task.get(), refused.kind(), reason);
        }
        answer(Receipt.newBuilder()
                .setReason(reason)
                .setAgain(refused.effect() == Effect.TRY_AGAIN)
                .build());
    }

    private void note(String reason) {
        String subject = header.map(signed -> "session " + signed.getSession() + " round " + signed.getRound())
                .orElse("no session");
        refusals.note(client, "update.refused", subject, reason);
    }

    private void answer(Receipt receipt) {
        answered = true;
        answer.onNext(receipt);
        answer.onCompleted();
    }
}
