package dev.sotto.owner;

import dev.sotto.federation.Client;
import dev.sotto.federation.ClientUpdate;
import dev.sotto.federation.Fleet.Evaluated;
import dev.sotto.owner.ledger.SessionKey;
import dev.sotto.owner.ledger.SessionLedger;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What one session released, and what its client knew then: vectors in files, written first, and the rest in one transaction with
 * the ledger's commitment. What was released is found again by its round, for the same model only.
 */
final class ReleaseStore {
    private final Owner owner;
    private final SessionKey key;
    private final SessionLedger ledger;

    /** What that session released, in this process or before. */
    ReleaseStore(Owner owner, SessionKey key, SessionLedger ledger) {
        this.owner = owner;
        this.key = key;
        this.ledger = ledger;
    }

    /**
     * What was released in a round, if it was.
     *
     * @param model digest of the model that is asked about
     * @throws SessionRefusedException if it was released for another model, or its bytes are no longer kept
     */
    Optional<Release> find(int round, byte[] model) {
        return owner.database()
                .transaction(handle -> new Releases(handle).find(key, round))
                .map(row -> again(release(row, true), model));
    }

    private Release again(Release before, byte[] model) {
        if (!Arrays.equals(before.model(), model)) {
            throw refused("round " + before.round() + " was already released, for another model");
        }
        if (!owner.vectors().has(before.vector().getFileName().toString())) {
            throw refused("round " + before.round() + " was already released, and is no longer kept");
        }
        return before;
    }

    /** The round released last; 0 if none was. */
    int last() {
        return owner.database()
                .transaction(handle -> new Releases(handle).last(key))
                .map(Releases.Row::round)
                .orElse(0);
    }

    /** Has a new client go on from what it knew when it last released something. */
    void resume(Client own) {
        owner.database().transaction(handle -> new Releases(handle).last(key)).ifPresent(row -> {
            Map<String, float[]> arrays = new LinkedHashMap<>();
            row.state().forEach((name, file) -> arrays.put(name, owner.vectors().read(file)));
            own.resume(row.stepsTaken(), arrays);
        });
    }

    /**
     * Stores an update, with what its client knows now, before it is sent.
     *
     * @param model digest of the model that was trained
     * @param examples as the federation may know them
     * @param metrics the same
     */
    Release add(Client own, ClientUpdate update, byte[] model, int examples, Map<String, Double> metrics) {
        VectorFiles.Stored vector = owner.vectors().write(update.delta());
        Map<String, String> state = new LinkedHashMap<>();
        own.state()
                .forEach((name, array) ->
                        state.put(name, owner.vectors().write(array).name()));
        Releases.Row row = new Releases.Row(
                update.round(),
                model.clone(),
                vector.name(),
                vector.sha256(),
                vector.bytes(),
                examples,
                update.steps(),
                update.epsilon(),
                metrics,
                own.stepsTaken(),
                state);
        owner.database().transact(handle -> {
            new Releases(handle).add(key, row);
            ledger.settle(handle, HexFormat.of().formatHex(vector.sha256()));
        });
        forget(update.round());
        return release(row, false);
    }

    /** A task for a round shows that those before it were counted; the last is kept, in case the coordinator goes back to it. */
    private void forget(int round) {
        List<Releases.Row> rows = owner.database().transaction(handle -> new Releases(handle).all(key));
        for (Releases.Row row : rows.subList(0, Math.max(0, rows.size() - 2))) {
            owner.vectors().delete(row.vector());
        }
        for (Releases.Row row : rows) {
            if (row.round() != round) {
                row.state().values().forEach(owner.vectors()::delete);
            }
        }
    }

    private Release release(Releases.Row row, boolean again) {
        return new Release(
                key,
                row.round(),
                row.model(),
                owner.vectors().path(row.vector()),
                row.sha256(),
                row.bytes(),
                row.examples(),
                row.steps(),
                row.epsilon(),
                row.metrics(),
                again);
    }

    /**
     * What an evaluation found, if it was released.
     *
     * @param model digest of the model that is asked about
     * @throws SessionRefusedException if it was released for another model
     */
    Optional<Evaluated> evaluation(int round, byte[] model) {
        Optional<Releases.Scores> before =
                owner.database().transaction(handle -> new Releases(handle).evaluation(key, round));
        if (before.isPresent() && !Arrays.equals(before.get().model(), model)) {
            throw refused("the evaluation of round " + round + " was already released, for another model");
        }
        return before.map(Releases.Scores::evaluated);
    }

    /** Stores what an evaluation found, before it is sent. */
    void addEvaluation(int round, byte[] model, Evaluated scores) {
        owner.database().transact(handle -> {
            new Releases(handle).addEvaluation(key, round, model, scores);
            ledger.settle(handle, "evaluation of round " + round);
        });
    }

    private SessionRefusedException refused(String reason) {
        return new SessionRefusedException(key + ": " + reason);
    }
}
