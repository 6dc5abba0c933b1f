package dev.sotto.federation;

import dev.sotto.data.Examples;
import dev.sotto.learning.Batch;
import dev.sotto.learning.DivergedException;
import dev.sotto.learning.Evaluation;
import dev.sotto.learning.LocalTraining;
import dev.sotto.learning.Network;
import dev.sotto.learning.OptimizerSpec.Sgd;
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
public final class Client implements Participant {
    private static final int EVALUATION_BATCH = 256;

    private final ClientProfile profile;
    private final String id;
    private final String dataSet;
    private final Examples examples;
    private final Optional<Examples> heldOut;
    private final TrainingSchedule training;
    private final Optional<ClientPrivacy> privacy;
    private final Ledger ledger;
    private final Randomness randomness;
    private final ClientTrainer trainer;
    private final ControlVariate variate = new ControlVariate();
    private int stepsTaken;

    /**
     * A client ready for its first round.
     *
     * @param examples what it trains on
     * @param heldOut what it evaluates on, never trained on
     * @param training how it trains, round by round
     * @param privacy its plan; empty to train without example-level privacy
     * @param ledger the owner's; holds the events of the data set, which it calls {@code id}
     * @param randomness where batches, noise and shuffles come from
     */
    public Client(
            String id,
            Examples examples,
            Optional<Examples> heldOut,
            TrainingSchedule training,
            Optional<ClientPrivacy> privacy,
            Ledger ledger,
            Randomness randomness,
            ClientTrainer trainer) {
        this(id, id, examples, heldOut, training, privacy, ledger, randomness, trainer);
    }

    /**
     * The same where the owner's data set has a name of its own.
     *
     * @param dataSet what the ledger calls the data; {@code id} is what the federation calls the client
     */
    public Client(
            String id,
            String dataSet,
            Examples examples,
            Optional<Examples> heldOut,
            TrainingSchedule training,
            Optional<ClientPrivacy> privacy,
            Ledger ledger,
            Randomness randomness,
            ClientTrainer trainer) {
        this.dataSet = dataSet;
        this.profile = new ClientProfile(id, examples.size());
        this.id = id;
        this.examples = examples;
        this.heldOut = heldOut;
        this.training = training;
        this.privacy = privacy;
        this.ledger = ledger;
        this.randomness = randomness;
        this.trainer = trainer;
    }

    @Override
    public ClientProfile profile() {
        return profile;
    }

    @Override
    public Optional<ClientPrivacy> privacy() {
        return privacy;
    }

    @Override
    public int stepsTaken() {
        return stepsTaken;
    }

    /** What was reserved and released on its data, oldest first; empty without example-level privacy. */
    public List<LedgerEntry> entries() {
        return privacy.isEmpty() ? List.of() : ledger.entries(dataSet);
    }

    /** Goes on, before its first round, where another process left off. */
    public void resume(ClientState state) {
        LedgerEntry.replay(state.ledger(), dataSet, ledger);
        resume(state.stepsTaken(), state.arrays());
    }

    /**
     * The same where the ledger outlived the process and holds all that was booked.
     *
     * @param steps what {@link #stepsTaken} gave
     * @param arrays what {@link #state} gave
     */
    public void resume(int steps, Map<String, float[]> arrays) {
        stepsTaken = steps;
        restore(arrays);
    }

    /** Books a round that it was asked in by a process that died: its data may have been touched. */
    public void charge(int round) {
        privacy.ifPresent(own -> {
            try {
                ledger.reserve(dataSet, own.roundEvent(stepsTaken, round), "round " + round + ", interrupted");
            } catch (BudgetExceededException e) {
                // Then it was refused before the interruption too, and its data stayed untouched.
            }
        });
    }

    /** Books an evaluation that a process that died may have asked of it. */
    public void chargeEvaluation(int round) {
        privacy.flatMap(ClientPrivacy::accuracy).ifPresent(release -> reserve(release, round));
    }

    @Override
    public DpEvent spent() {
        return ledger.spent(dataSet);
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
     * @throws BudgetExceededException before anything is touched, if the round would pass the limit
     * @throws RefusedUpdateException before anything is touched, if the task asks for what privacy withholds
     */
    public ClientUpdate train(RoundTask task, LocalTraining worker) {
        if (privacy.isPresent() && task.method().exposesExamples()) {
            throw new RefusedUpdateException("client " + id + ", round " + task.round()
                    + ": the strategy asks for a loss, which example-level privacy does not protect");
        }
        TrainingSettings settings = training.settings(task.round());
        Optional<Reservation> reservation = privacy.map(
                own -> ledger.reserve(dataSet, own.roundEvent(stepsTaken, task.round()), "round " + task.round()));
        float[] parameters = task.parameters().clone();
        double rate = Math.pow(settings.rateDecay(), task.round() - 1.0);
        LocalRound local = begin(task, settings, rate, worker.network());
        ClientContext context = new ClientContext(
                id,
                task.round(),
                examples,
                settings,
                rate,
                stream("shuffle", task.round()),
                local.correction(),
                privacy.map(own -> new ClientContext.Private(own.steps(task.round()), mechanism(own, task.round()))));
        LocalTraining.Outcome outcome;
        try {
            outcome = trainer.train(context, parameters, worker);
        } catch (DivergedException e) {
            if (task.release().isEmpty()) {
                throw e;
            }
            // Its noise is part of the whole's, and silence would tell that it diverged.
            return released(task, new float[task.method().width(parameters.length)]);
        }
        context.privacy().ifPresent(own -> requireReleased(own, outcome));
        stepsTaken += outcome.steps();
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] -= task.parameters()[i];
        }
        float[] vector = local.vector(parameters, outcome.steps());
        reservation.ifPresent(ledger::commit);
        if (task.release().isPresent()) {
            return released(task, vector);
        }
        Map<String, Double> metrics = privacy.isPresent() ? Map.of() : Map.of("trainingLoss", outcome.loss());
        return new ClientUpdate(id, task.round(), vector, examples.size(), outcome.steps(), epsilon(), metrics);
    }

    /** What leaves where clients bound and noise for themselves: the noised vector, and nothing that was measured. */
    private ClientUpdate released(RoundTask task, float[] vector) {
        float[] noised = task.release().orElseThrow().apply(vector, examples.size(), stream("share", task.round()));
        return new ClientUpdate(id, task.round(), noised, 1, 0, epsilon(), Map.of());
    }

    private LocalRound begin(RoundTask task, TrainingSettings settings, double rate, Network network) {
        LocalMethod method = task.method();
        if (method instanceof LocalMethod.Proximal proximal) {
            return LocalRound.proximal((float) proximal.mu(), task.parameters());
        }
        if (method instanceof LocalMethod.ControlVariates) {
            return variate.round(task, settings, rate);
        }
        if (method instanceof LocalMethod.Counted counted) {
            return LocalRound.counted((float) counted.mu(), task.parameters(), descent(settings), rate);
        }
        return method instanceof LocalMethod.StartLoss
                ? LocalRound.reporting(
                        evaluate(examples, task.parameters(), network).loss())
                : LocalRound.PLAIN;
    }

    /** The optimizer, where the method makes sense for gradient descent only. */
    static Sgd descent(TrainingSettings settings) {
        if (settings.optimizer() instanceof Sgd sgd) {
            return sgd;
        }
        throw new IllegalArgumentException("the strategy needs clients that train with sgd, not "
                + settings.optimizer().kind());
    }

    /** What it must keep between rounds for the strategy's sake, by name; a secret of its own. Arrays are copies. */
    public Map<String, float[]> state() {
        return variate.state();
    }

    /** Goes on from a state that {@link #state} gave. */
    public void restore(Map<String, float[]> state) {
        variate.restore(state);
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

    @Override
    public boolean reproducible() {
        return randomness.reproducible();
    }

    @Override
    public boolean standardTraining() {
        return trainer instanceof StandardTrainer;
    }

    /**
     * Evaluates a model on what was held out. Under privacy the number of correct predictions is noised and accounted to the
     * whole of the client's data, and the loss withheld.
     *
     * @return empty if nothing was held out, or under privacy where nothing was asked for or can be paid for
     */
    public Optional<Fleet.Evaluated> evaluate(RoundTask task, Network network) {
        if (heldOut.isEmpty()) {
            return Optional.empty();
        }
        if (privacy.isEmpty()) {
            Evaluation exact = evaluate(heldOut.get(), task.parameters(), network);
            return Optional.of(new Fleet.Evaluated(exact, OptionalDouble.empty()));
        }
        return privacy.get().accuracy().flatMap(release -> {
            Optional<Reservation> reserved = reserve(release, task.round());
            return reserved.map(booked -> {
                Evaluation exact = evaluate(heldOut.get(), task.parameters(), network);
                Evaluation noised = release.ofExamples(exact, stream("evaluation-noise", task.round()));
                ledger.commit(booked);
                return new Fleet.Evaluated(noised, epsilon());
            });
        });
    }

    private Optional<Reservation> reserve(AccuracyRelease release, int round) {
        try {
            return Optional.of(ledger.reserve(dataSet, release.event(), "evaluation of round " + round));
        } catch (BudgetExceededException e) {
            return Optional.empty();
        }
    }

    private static Evaluation evaluate(Examples on, float[] parameters, Network network) {
        int[] indices = new int[on.size()];
        Arrays.setAll(indices, i -> i);
        Evaluation all = Evaluation.NONE;
        for (int from = 0; from < indices.length; from += EVALUATION_BATCH) {
            int to = Math.min(indices.length, from + EVALUATION_BATCH);
            all = all.plus(network.evaluate(parameters, new Batch(on, indices, from, to, 0)));
        }
        return all;
    }
}
