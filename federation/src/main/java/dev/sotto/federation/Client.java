package dev.sotto.federation;

import dev.sotto.data.Examples;
import dev.sotto.learning.Batch;
import dev.sotto.learning.Evaluation;
import dev.sotto.learning.LocalTraining;
import dev.sotto.learning.Network;
import dev.sotto.learning.TrainingSettings;
import dev.sotto.privacy.ExampleMechanism;
import dev.sotto.privacy.accounting.Accountant;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.ledger.BudgetExceededException;
import dev.sotto.privacy.ledger.Ledger;
import dev.sotto.privacy.ledger.LedgerEntry;
import dev.sotto.privacy.ledger.Reservation;
import dev.sotto.privacy.random.RandomStream;
import dev.sotto.privacy.random.Randomness;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A data owner's side of a run: its examples, its ledger, its plan. Reserve, train, commit, in this order, each round. Holds
 * no model: workers bring networks. One thread at a time; every fleet drives clients through this class.
 */
public final class Client {
    private static final int EVALUATION_BATCH = 256;

    private final ClientProfile profile;
    private final String id;
    private final Examples examples;
    private final Optional<Examples> heldOut;
    private final TrainingSettings settings;
    private final Optional<ClientPrivacy> privacy;
    private final Ledger ledger;
    private final Randomness randomness;
    private final ClientTrainer trainer;
    private int stepsTaken;

    /**
     * A client ready for its first round.
     *
     * @param examples what it trains on
     * @param heldOut what it evaluates on, never trained on
     * @param privacy its plan; empty to train without example-level privacy
     * @param ledger the owner's; holds the events of the data set named {@code id}
     * @param randomness where batches, noise and shuffles come from
     */
    public Client(
            String id,
            Examples examples,
            Optional<Examples> heldOut,
            TrainingSettings settings,
            Optional<ClientPrivacy> privacy,
            Ledger ledger,
            Randomness randomness,
            ClientTrainer trainer) {
        this.profile = new ClientProfile(id, examples.size());
        this.id = id;
        this.examples = examples;
        this.heldOut = heldOut;
        this.settings = settings;
        this.privacy = privacy;
        this.ledger = ledger;
        this.randomness = randomness;
        this.trainer = trainer;
    }

    /** What everyone may know of it. */
    public ClientProfile profile() {
        return profile;
    }

    /** Its plan. */
    public Optional<ClientPrivacy> privacy() {
        return privacy;
    }

    /** Optimizer steps taken in all rounds. */
    public int stepsTaken() {
        return stepsTaken;
    }

    /** What it needs to go on in another process. */
    public ClientState checkpoint() {
        return new ClientState(stepsTaken, privacy.isEmpty() ? List.of() : ledger.entries(id), Map.of());
    }

    /** Goes on, before its first round, where another process left off. */
    public void resume(ClientState state) {
        stepsTaken = state.stepsTaken();
        LedgerEntry.replay(state.ledger(), id, ledger);
    }

    /** Books a round that it was asked in by a process that died: its data may have been touched. */
    public void charge(int round) {
        privacy.ifPresent(own -> {
            try {
                ledger.reserve(id, own.roundEvent(stepsTaken), "round " + round + ", interrupted");
            } catch (BudgetExceededException e) {
                // Then it was refused before the interruption too, and its data stayed untouched.
            }
        });
    }

    /** Everything reserved or released on its data. */
    public DpEvent spent() {
        return ledger.spent(id);
    }

    /** Spent so far, at the plan's delta; empty without example-level privacy. */
    public OptionalDouble epsilon() {
        return privacy.map(this::epsilon).orElse(OptionalDouble.empty());
    }

    private OptionalDouble epsilon(ClientPrivacy own) {
        Accountant accountant = own.accountant().accountant();
        return accountant.epsilon(spent(), own.delta()).epsilon();
    }

    /**
     * Takes part in a round.
     *
     * @throws dev.sotto.privacy.ledger.BudgetExceededException before anything is touched, if the round would pass the limit
     */
    public ClientUpdate train(RoundTask task, LocalTraining training) {
        Optional<Reservation> reservation =
                privacy.map(own -> ledger.reserve(id, own.roundEvent(stepsTaken), "round " + task.round()));
        float[] parameters = task.parameters().clone();
        ClientContext context = new ClientContext(
                id,
                task.round(),
                examples,
                settings,
                Math.pow(settings.rateDecay(), task.round() - 1.0),
                stream("shuffle", task.round()),
                privacy.map(own -> new ClientContext.Private(own.stepsPerRound(), mechanism(own, task.round()))));
        LocalTraining.Outcome outcome = trainer.train(context, parameters, training);
        context.privacy().ifPresent(own -> requireReleased(own, outcome));
        stepsTaken += outcome.steps();
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] -= task.parameters()[i];
        }
        reservation.ifPresent(ledger::commit);
        Map<String, Double> metrics = privacy.isPresent() ? Map.of() : Map.of("trainingLoss", outcome.loss());
        return new ClientUpdate(id, task.round(), parameters, examples.size(), outcome.steps(), epsilon(), metrics);
    }

    /** What was reserved is what was executed: no more releases, and no fewer. */
    private void requireReleased(ClientContext.Private own, LocalTraining.Outcome outcome) {
        int released = own.mechanism().step() - stepsTaken;
        if (released != own.steps() || outcome.steps() != own.steps()) {
            throw new IllegalStateException("client " + id + ": its training code released " + released
                    + " times and took " + outcome.steps() + " steps, but " + own.steps() + " are reserved");
        }
    }

    private ExampleMechanism mechanism(ClientPrivacy own, int round) {
        return own.plan().mechanism(examples.size(), stepsTaken, stream("sampling", round), stream("noise", round));
    }

    private RandomStream stream(String purpose, int round) {
        return randomness.stream(purpose + "/" + id + "/round-" + round);
    }

    /** Whether all its randomness can be drawn again from a seed, so that its noise hides nothing. */
    public boolean reproducible() {
        return randomness.reproducible();
    }

    /** Whether it trains with Sotto's own code; if not, its guarantee rests on code that people brought. */
    public boolean standardTraining() {
        return trainer instanceof StandardTrainer;
    }

    /** Evaluates a model on what was held out; empty if nothing was, or under privacy, where no exact score leaves. */
    public Optional<Evaluation> evaluate(RoundTask task, Network network) {
        return privacy.isPresent()
                ? Optional.empty()
                : heldOut.map(held -> {
                    int[] indices = new int[held.size()];
                    Arrays.setAll(indices, i -> i);
                    Evaluation all = Evaluation.NONE;
                    for (int from = 0; from < indices.length; from += EVALUATION_BATCH) {
                        int to = Math.min(indices.length, from + EVALUATION_BATCH);
                        all = all.plus(network.evaluate(task.parameters(), new Batch(held, indices, from, to, 0)));
                    }
                    return all;
                });
    }
}
