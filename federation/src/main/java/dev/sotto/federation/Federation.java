package dev.sotto.federation;

import dev.sotto.federation.ClientReport.Reason;
import dev.sotto.federation.ClientReport.Refusal;
import dev.sotto.federation.RoundRecord.ClientLevelRound;
import dev.sotto.federation.RunResult.ClientLevelSpent;
import dev.sotto.federation.RunResult.Ending;
import dev.sotto.learning.DivergedException;
import dev.sotto.privacy.ledger.BudgetExceededException;
import dev.sotto.privacy.ledger.Reservation;
import dev.sotto.privacy.random.Randomness;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/**
 * The algorithm: rounds of draw, train, bound, aggregate, release, update, evaluate, on whatever {@link Fleet} it is given.
 * Runs on the caller's thread; one run per instance.
 */
public final class Federation {
    private final Plan plan;
    private final Strategy strategy;
    private final Fleet fleet;
    private final Randomness randomness;
    private final RunListener listener;
    private final RunJournal journal;
    private final Optional<ClientLevelRounds> clientLevel;
    private final RoundEvaluation evaluation;
    private final Refusals refusals = new Refusals();
    private final List<RoundRecord> history = new ArrayList<>();
    private OptionalDouble epsilon = OptionalDouble.empty();
    private int updates;

    /** A federation ready to run, of which nothing is kept for going on with it later. */
    public Federation(
            Plan plan,
            Strategy strategy,
            Fleet fleet,
            Optional<TestData> testData,
            Randomness randomness,
            RunListener listener) {
        this(plan, strategy, fleet, testData, randomness, listener, RunJournal.NONE);
    }

    /**
     * A federation ready to run.
     *
     * @param strategy of which a fresh one is used
     * @param testData central test data; empty to evaluate at the clients only
     * @param randomness where cohorts come from
     * @param journal keeps what is needed to go on with the run
     */
    public Federation(
            Plan plan,
            Strategy strategy,
            Fleet fleet,
            Optional<TestData> testData,
            Randomness randomness,
            RunListener listener,
            RunJournal journal) {
        plan.requireFits(strategy, fleet.clients().size());
        plan.requireForgetful(fleet.clients());
        this.plan = plan;
        this.strategy = strategy.fresh();
        this.clientLevel = ClientLevelRounds.of(plan, fleet.clients().size(), this.strategy, randomness);
        this.evaluation = new RoundEvaluation(plan, fleet, testData, randomness, clientLevel);
        this.fleet = fleet;
        this.randomness = randomness;
        this.listener = listener;
        this.journal = journal;
    }

    /**
     * Runs all rounds.
     *
     * @param initial the model to start from; not changed
     */
    public RunResult run(float[] initial) {
        return from(0, initial.clone());
    }

    /**
     * Goes on with a run of the same plan, strategy and clients. With secret randomness the rounds that were begun and came
     * to no safe end stay spent; a seed draws them again bit by bit, so they are nothing new.
     */
    public RunResult resume(Interrupted run) {
        FederationState state = run.state();
        strategy.restore(state.strategy());
        refusals.restore(state.exhausted());
        epsilon = state.epsilon();
        clientLevel.ifPresent(own -> own.restore(state.clientLevel().orElseThrow()));
        float[] parameters = state.parameters().clone();
        history.addAll(run.history());
        try {
            charge(run.begun());
        } catch (BudgetExceededException e) {
            return ended(parameters, Ending.BUDGET, Optional.of(e.getMessage()));
        }
        Optional<Refusal> hopeless = hopeless();
        return hopeless.isPresent()
                ? ended(parameters, Ending.BUDGET, hopeless.map(Refusal::message))
                : from(state.round(), parameters);
    }

    private void charge(List<Interrupted.Begun> rounds) {
        if (!randomness.reproducible()) {
            for (Interrupted.Begun begun : rounds) {
                clientLevel.ifPresent(own -> own.charge(begun.round()));
                evaluation.reserve(begun.round());
            }
        }
    }

    private RunResult from(int finished, float[] parameters) {
        journal.ready(state(finished, parameters));
        for (int round = finished + 1; round <= plan.rounds(); round++) {
            RoundRecord record;
            try {
                record = round(round, parameters);
            } catch (DivergedException e) {
                return ended(parameters, Ending.DIVERGED, Optional.of(e.getMessage()));
            } catch (BudgetExceededException e) {
                return ended(parameters, Ending.BUDGET, Optional.of(e.getMessage()));
            }
            Optional<Refusal> hopeless = hopeless();
            if (hopeless.isEmpty() || updates > 0) {
                history.add(record);
                journal.finished(record, state(round, parameters));
                listener.roundFinished(record, parameters);
            }
            if (hopeless.isPresent()) {
                return ended(parameters, ending(hopeless.get().reason()), hopeless.map(Refusal::message));
            }
            if (listener.cancelled() && round < plan.rounds()) {
                return ended(parameters, Ending.CANCELLED, Optional.empty());
            }
        }
        return ended(parameters, Ending.COMPLETED, Optional.empty());
    }

    private static Ending ending(Reason reason) {
        return switch (reason) {
            case BUDGET -> Ending.BUDGET;
            case DIVERGED, TOO_LARGE -> Ending.DIVERGED;
            case FAILED, DROPPED -> Ending.FAILED;
        };
    }

    private FederationState state(int round, float[] parameters) {
        return new FederationState(
                round,
                parameters,
                strategy.state(),
                refusals.exhausted(),
                epsilon,
                clientLevel.map(ClientLevelRounds::state));
    }

    /** What there is of a run that broke off: its rounds and what they spent, no model. */
    public RunResult soFar() {
        return ended(new float[0], Ending.FAILED, Optional.empty());
    }

    private Optional<ClientLevelSpent> spent() {
        return clientLevel.map(ClientLevelRounds::total);
    }

    private RunResult ended(float[] parameters, Ending ending, Optional<String> reason) {
        return new RunResult(parameters, List.copyOf(history), ending, reason, spent());
    }

    private RoundRecord round(int round, float[] parameters) {
        long start = System.nanoTime();
        // Before anybody is asked, and before anybody is drawn: whether a round fits depends on no data.
        clientLevel.ifPresent(own -> own.reserve(round));
        Optional<Reservation> measuring = evaluation.reserve(round);
        List<ClientProfile> roster = fleet.clients();
        List<String> cohort =
                plan.participation().cohort().draw(roster, round, randomness.stream("cohort/round-" + round));
        journal.begins(round, cohort);
        listener.roundStarted(round, clientLevel.map(own -> 0).orElse(cohort.size()));
        RoundTask task = new RoundTask(
                round,
                parameters.clone(),
                strategy.method(),
                strategy.extra(),
                clientLevel.flatMap(own -> own.mechanism().atClients()));
        Fleet.Collected collected = fleet.run(task, cohort, begin(roster, round), this::observed);
        note(collected.reports());
        // A client that was to bring noise and brought none has not replied: the others' would not be enough.
        boolean vectorsCount = clientLevel.isEmpty() || task.release().isPresent();
        updates = vectorsCount ? collected.aggregate().updates() : Refusals.replies(collected.reports());
        boolean released = updates >= needed();
        Optional<ClientLevelRound> noised = Optional.empty();
        if (released) {
            noised = clientLevel.map(own -> own.release(parameters, collected.aggregate(), round));
            if (noised.isEmpty()) {
                strategy.update(parameters, collected.aggregate());
            }
            if (!finite(parameters)) {
                System.arraycopy(task.parameters(), 0, parameters, 0, parameters.length);
                throw new DivergedException("the model is not finite after round " + round);
            }
        }
        if (!released) {
            clientLevel.ifPresent(own -> own.pass(round));
        }
        // How many came is nobody's business under client-level privacy.
        if (!released && clientLevel.isEmpty() && updates < strategy.leastUpdates()) {
            listener.roundWithheld(
                    round,
                    "strategy " + strategy.name() + " needs " + strategy.leastUpdates()
                            + (strategy.leastUpdates() == 1 ? " update" : " updates") + ", and " + updates
                            + " came: the model stays");
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        return record(task, parameters, collected.reports(), released, noised, measuring, seconds);
    }

    /** Updates without which a round is not released. Under client-level privacy an empty round releases noise. */
    private int needed() {
        int asked = plan.participation().minClients();
        return clientLevel.isPresent() ? asked : Math.max(asked, strategy.leastUpdates());
    }

    private Aggregate begin(List<ClientProfile> roster, int round) {
        long mostWeight = strategy.usesExampleCounts()
                ? roster.stream().mapToLong(ClientProfile::examples).sum()
                : roster.size();
        return clientLevel
                .map(own -> own.begin(round))
                .orElseGet(() -> strategy.begin(plan.model().layout().size(), round, mostWeight));
    }

    /** Who took part is nobody's business under client-level privacy. */
    private void observed(ClientReport report) {
        if (clientLevel.isEmpty()) {
            listener.clientFinished(report);
        }
    }

    /** Keeps what later rounds need to know. */
    private void note(List<ClientReport> reports) {
        // Stopping must depend on released values only where anything is private.
        refusals.note(reports, !plan.isPrivate());
        spentUpTo(reports.stream()
                .flatMapToDouble(report -> report.epsilon().stream())
                .max());
    }

    /** No client's budget is given back, so the largest that was ever told is what is told. */
    private void spentUpTo(OptionalDouble told) {
        epsilon = DoubleStream.concat(epsilon.stream(), told.stream()).max();
    }

    private RoundRecord record(
            RoundTask task,
            float[] parameters,
            List<ClientReport> reports,
            boolean released,
            Optional<ClientLevelRound> noised,
            Optional<Reservation> reserved,
            double seconds) {
        RoundEvaluation.Measured measured = evaluation.after(task, parameters, reserved);
        spentUpTo(measured.epsilon());
        return new RoundRecord(
                task.round(),
                released,
                measured.central().map(TestData.Scores::evaluation),
                measured.metrics(),
                measured.heldOut(),
                clientLevel.isPresent() ? List.of() : reports,
                epsilon,
                noised,
                seconds);
    }

    /** Who refused or failed depends on data that client-level privacy protects, so no run that has it ends by that. */
    private Optional<Refusal> hopeless() {
        return clientLevel.isPresent()
                ? Optional.empty()
                : refusals.hopeless(fleet.clients().size(), needed());
    }

    private static boolean finite(float[] parameters) {
        float sum = 0;
        for (float value : parameters) {
            sum += value * 0f; // NaN exactly where a value is not finite
        }
        return sum == 0;
    }
}
