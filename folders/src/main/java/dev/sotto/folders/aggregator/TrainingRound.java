package dev.sotto.folders.aggregator;

import dev.sotto.federation.Aggregate;
import dev.sotto.federation.ClientProfile;
import dev.sotto.federation.ClientReport;
import dev.sotto.federation.ClientReport.Reason;
import dev.sotto.federation.ClientReport.Refusal;
import dev.sotto.federation.ClientUpdate;
import dev.sotto.federation.Fleet.ClientObserver;
import dev.sotto.federation.RefusedUpdateException;
import dev.sotto.federation.RoundTask;
import dev.sotto.folders.mail.Expected;
import dev.sotto.folders.mail.Letter;
import dev.sotto.folders.mail.Lines;
import dev.sotto.folders.mail.Names;
import dev.sotto.folders.mail.Parts;
import dev.sotto.wire.Blobs;
import dev.sotto.wire.UpdateRules;
import dev.sotto.wire.sealed.GuardedFolder;
import dev.sotto.wire.sealed.KeyCard;
import dev.sotto.wire.v1.TaskKind;
import dev.sotto.wire.v1.UpdateHeader;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/** Participants train, and their updates are added up as they are found. */
final class TrainingRound extends FolderRound<ClientReport> {
    private final Aggregate aggregate;
    private final ClientObserver observer;
    private int counted;

    TrainingRound(RoundContext context, RoundTask task, Aggregate aggregate, ClientObserver observer) {
        super(context, task, TaskKind.TRAIN);
        this.aggregate = aggregate;
        this.observer = observer;
    }

    @Override
    String question() {
        return Names.model(task().round() - 1);
    }

    @Override
    String kind() {
        return Names.TASK;
    }

    @Override
    Optional<ClientReport> answer(GuardedFolder mailbox, KeyCard card, ClientProfile client) {
        String name = Names.trained(task().round());
        Expected expected = new Expected(
                context().project().session(),
                Names.UPDATE,
                task().round(),
                card,
                context().mostBytes() + Parts.MOST_MESSAGE);
        return context().post().take(mailbox, name, expected).map(letter -> {
            try {
                return counted(letter, client, name, mailbox);
            } catch (IOException | IllegalArgumentException e) {
                // Its author has signed it, so writing it again would bring the same.
                context().post().quarantine().note(mailbox.file(name), Lines.of(e));
                return absent(client, OptionalDouble.empty(), new Refusal(Reason.FAILED, Lines.of(e)));
            }
        });
    }

    private ClientReport counted(Letter letter, ClientProfile client, String name, GuardedFolder mailbox)
            throws IOException {
        Parts.Read<UpdateHeader> read = Parts.read(letter.content(), UpdateHeader.parser());
        UpdateHeader header = read.message();
        Optional<String> misfit = header.getClientId().equals(client.id())
                ? UpdateRules.misfit(
                                header,
                                message(),
                                task(),
                                client.examples(),
                                context().mostBytes())
                        .map(UpdateRules.Misfit::reason)
                : Optional.of("it says that it is of client " + header.getClientId() + ", and " + client.id()
                        + " has signed it");
        if (misfit.isPresent()) {
            throw new IOException(misfit.get());
        }
        if (!Blobs.of(read.rest()).equals(header.getVector())) {
            throw new IOException("its values are not those that its header names");
        }
        ClientUpdate update = new ClientUpdate(
                client.id(),
                task().round(),
                read.vector(),
                header.getExamples(),
                header.getSteps(),
                header.hasEpsilon() ? OptionalDouble.of(header.getEpsilon()) : OptionalDouble.empty(),
                Map.copyOf(header.getMetricsMap()));
        try {
            RefusedUpdateException.requireFinite(update);
            aggregate.add(update);
        } catch (RefusedUpdateException e) {
            // It has left all the same, and its client says what it has spent with it.
            context().post().quarantine().note(mailbox.file(name), Lines.of(e));
            return absent(client, update.epsilon(), new Refusal(Reason.FAILED, Lines.of(e)));
        }
        counted++;
        return ClientReport.of(update, task().parameters().length);
    }

    @Override
    ClientReport absent(ClientProfile client, OptionalDouble epsilon, Refusal refusal) {
        return ClientReport.refused(client.id(), client.examples(), epsilon, refusal);
    }

    @Override
    boolean enough() {
        int enough = context().project().enough();
        return enough > 0 && counted >= enough;
    }

    @Override
    void heard(ClientReport report) {
        observer.finished(report);
    }
}
