package dev.sotto.folders.aggregator;

import dev.sotto.federation.ClientProfile;
import dev.sotto.federation.ClientReport.Refusal;
import dev.sotto.federation.Fleet.Evaluated;
import dev.sotto.federation.RoundTask;
import dev.sotto.folders.mail.Expected;
import dev.sotto.folders.mail.Lines;
import dev.sotto.folders.mail.Names;
import dev.sotto.folders.mail.Parts;
import dev.sotto.wire.Evaluations;
import dev.sotto.wire.sealed.GuardedFolder;
import dev.sotto.wire.sealed.KeyCard;
import dev.sotto.wire.v1.TaskKind;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalDouble;

/** Participants evaluate a model on what they held out. */
final class EvaluationRound extends FolderRound<Optional<Evaluated>> {
    private static final int MOST = 1 << 16;

    EvaluationRound(RoundContext context, RoundTask task) {
        super(context, task, TaskKind.EVALUATE);
    }

    @Override
    String question() {
        return Names.evaluated(task().round());
    }

    @Override
    String kind() {
        return Names.EVALUATE;
    }

    @Override
    @SuppressWarnings("OptionalMapToOptional") // the outer says whether there is an answer, the inner what it is
    Optional<Optional<Evaluated>> answer(GuardedFolder mailbox, KeyCard card, ClientProfile client) {
        String name = Names.evaluation(task().round());
        Expected expected = new Expected(context().project().session(), Names.EVALUATION, task().round(), card, MOST);
        return context().post().take(mailbox, name, expected).map(letter -> {
            try {
                var read = Parts.read(letter.content(), dev.sotto.wire.v1.Evaluated.parser())
                        .message();
                if (!read.getTask().equals(message().getId())) {
                    throw new IOException("it answers task " + Lines.of(read.getTask()));
                }
                return Evaluations.from(read);
            } catch (IOException | IllegalArgumentException e) {
                context().post().quarantine().note(mailbox.file(name), Lines.of(e));
                return Optional.empty();
            }
        });
    }

    @Override
    Optional<Evaluated> absent(ClientProfile client, OptionalDouble epsilon, Refusal refusal) {
        return Optional.empty();
    }

    @Override
    boolean enough() {
        return false;
    }

    @Override
    void heard(Optional<Evaluated> outcome) {}
}
