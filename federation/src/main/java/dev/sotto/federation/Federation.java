package dev.sotto.federation;

import dev.sotto.federation.ClientReport.Reason;
import dev.sotto.federation.ClientReport.Refusal;
import dev.sotto.federation.RoundRecord.ClientLevelRound;
import dev.sotto.federation.RunResult.ClientLevelSpent;
import dev.sotto.federation.RunResult.Ending;
import dev.sotto.federation.clientlevel.ClientLevelPlan;
import dev.sotto.learning.DivergedException;
import dev.sotto.learning.Evaluation;
import dev.sotto.privacy.ledger.BudgetExceededException;
import dev.sotto.privacy.ledger.Reservation;
import dev.sotto.privacy.random.Randomness;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    private final Optional<TestData> testData;
    private final Randomness randomness;
    private final RunListener listener;
    private final RunJournal journal;
    private final Optional<ClientLevelRounds> clientLevel;
    private final Optional<ClientAccuracy> clientAccuracy;
    private final Map<String, Refusal> exhausted = new LinkedHashMap<>();
    private final List<Refusal> failed = new ArrayList<>();
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
        this.plan = plan;
        this.strategy = strategy.fresh();
        this.clientLevel =
                plan.clientLevelPlan(fleet.clients().size()).map(own -> rounds(plan, own, this.strategy, randomness));
        this.clientAccuracy = plan.clientAccuracy(fleet.clients().size());
        this.fleet = fleet;
        this.testData = testData;
        this.randomness = randomness;
        this.listener = listener;
        this.journal = journal;
    }

    private static ClientLevelRounds rounds(Plan plan, ClientLevelPlan own, Strategy strategy, Randomness randomness) {
        return new ClientLevelRounds(own, (MeanStrategy) strategy, plan.model().layout(), randomness);
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
        exhausted.putAll(state.exhausted());
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

    /**
     * How a run stands that is not gone on with, or not yet: its rounds, what they spent, and what was begun and came to no
     * safe end.
     *
     * @param clients how many there are
     * @param ending why it ended
     * @param reason the ending in one line, where there is more to say
     */
    public static RunResult left(
            Plan plan, Strategy strategy, int clients, Interrupted run, Ending ending, Optional<String> reason) {
        FederationState state = run.state();
        // Nothing is drawn: the secret generator is there because a mechanism wants one.
        Optional<ClientLevelRounds> rounds =
                plan.clientLevelPlan(clients).map(own -> rounds(plan, own, strategy.fresh(), Randomness.secret()));
        rounds.ifPresent(own -> {
            own.restore(state.clientLevel().orElseThrow());
            run.begun().forEach(begun -> chargeIfItFits(own, begun.round()));
        });
        return new RunResult(
                state.parameters().clone(),
                run.history(),
                ending,
                reason,
                rounds.map(own -> new ClientLevelSpent(own.plan(), own.spent(), own.epsilon())));
    }

    private static void chargeIfItFits(ClientLevelRounds rounds, int round) {
        try {
            rounds.charge(round);
        } catch (BudgetExceededException e) {
            // The whole run is booked already.
        }
    }

    private void charge(List<Interrupted.Begun> rounds) {
        if (!randomness.reproducible()) {
            for (Interrupted.Begun begun : rounds) {
                clientLevel.ifPresent(own -> own.charge(begun.round()));
                reserveEvaluation(begun.round());
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
                Ending ending = hopeless.get().reason() == Reason.BUDGET ? Ending.BUDGET : Ending.FAILED;
                return ended(parameters, ending, hopeless.map(Refusal::message));
            }
            if (listener.cancelled() && round < plan.rounds()) {
                return ended(parameters, Ending.CANCELLED, Optional.empty());
            }
        }
        return ended(parameters, Ending.COMPLETED, Optional.empty());
    }

    private FederationState state(int round, float[] parameters) {
        return new FederationState(
                round,
                parameters,
                strategy.state(),
                new LinkedHashMap<>(exhausted),
                epsilon,
                clientLevel.map(ClientLevelRounds::state));
    }

    /** What there is of a run that broke off: its rounds and what they spent, no model. */
    public RunResult soFar() {
        return ended(new float[0], Ending.FAILED, Optional.empty());
    }

    private Optional<ClientLevelSpent> spent() {
        return clientLevel.map(own -> new ClientLevelSpent(own.plan(), own.spent(), own.epsilon()));
    }

    private RunResult ended(float[] parameters, Ending ending, Optional<String> reason) {
        return new RunResult(parameters, List.copyOf(history), ending, reason, spent());
    }

    private RoundRecord round(int round, float[] parameters) {
        long start = System.nanoTime();
        // Before anybody is asked, and before anybody is drawn: whether a round fits depends on no data.
        clientLevel.ifPresent(own -> own.reserve(round));
        Optional<Reservation> evaluation = reserveEvaluation(round);
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
        updates = vectorsCount ? collected.aggregate().updates() : replies(collected);
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
                    "strategy " + strategy.name() + " needs " + strategy.leastUpdates() + " updates, and " + updates
                            + " came: the model stays");
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        return evaluate(task, parameters, collected.reports(), released, noised, evaluation, seconds);
    }

    /**
     * Who answered, so that whether a round is released does not depend on data: a client whose training diverged has
     * answered with nothing.
     */
    private static int replies(Fleet.Collected collected) {
        return (int) collected.reports().stream()
                .filter(report -> report.refusal()
                        .map(refusal -> refusal.reason() == Reason.DIVERGED)
                        .orElse(true))
                .count();
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

    /** Keeps what later rounds need to know of refusals. */
    private void note(List<ClientReport> reports) {
        failed.clear();
        for (ClientReport report : reports) {
            report.refusal().ifPresent(refusal -> {
                switch (refusal.reason()) {
                    case BUDGET -> exhausted.putIfAbsent(report.client(), refusal);
                    case FAILED -> failed.add(refusal);
                    case DIVERGED -> {
                        // Stopping must depend on released values only where anything is private.
                        if (!plan.isPrivate()) {
                            throw new DivergedException(refusal.message());
                        }
                        failed.add(refusal);
                    }
                    case DROPPED -> {}
                }
            });
        }
        epsilon = DoubleStream.concat(
                        epsilon.stream(), reports.stream().flatMapToDouble(report -> report.epsilon().stream()))
                .max();
    }

    private RoundRecord evaluate(
            RoundTask task,
            float[] parameters,
            List<ClientReport> reports,
            boolean released,
            Optional<ClientLevelRound> noised,
            Optional<Reservation> reserved,
            double seconds) {
        boolean due = plan.evaluation().due(task.round(), plan.rounds());
        Optional<TestData.Scores> scores = due ? testData.map(data -> data.evaluate(parameters)) : Optional.empty();
        Optional<HeldOutScores> heldOut = due ? heldOut(task.on(parameters), reserved) : Optional.empty();
        return new RoundRecord(
                task.round(),
                released,
                scores.map(TestData.Scores::evaluation),
                scores.map(TestData.Scores::metrics).orElse(Map.of()),
                heldOut,
                clientLevel.isPresent() ? List.of() : reports,
                epsilon,
                noised,
                seconds);
    }

    /** Books the release of clients' accuracy, where client-level privacy asks for it; empty where it cannot be paid for. */
    private Optional<Reservation> reserveEvaluation(int round) {
        if (clientAccuracy.isEmpty() || !plan.evaluation().due(round, plan.rounds())) {
            return Optional.empty();
        }
        try {
            return clientLevel.map(own -> own.reserve(clientAccuracy.get().event(), "evaluation of round " + round));
        } catch (BudgetExceededException e) {
            return Optional.empty();
        }
    }

    /** Clients' own measurements: exact where nothing is private, else withheld or released through a mechanism. */
    private Optional<HeldOutScores> heldOut(RoundTask task, Optional<Reservation> reserved) {
        EvaluationPlan evaluation = plan.evaluation();
        boolean withheld = clientLevel.isPresent()
                ? reserved.isEmpty()
                : plan.privacy().isPresent() && evaluation.privateMetrics().isEmpty();
        if (withheld || evaluation.fraction() == 0) {
            return Optional.empty();
        }
        int clients = fleet.clients().size();
        Cohort evaluators = clientAccuracy
                .map(ClientAccuracy::evaluators)
                .orElseGet(() -> new Cohort.FixedSize(evaluation.asked(clients)));
        List<String> cohort =
                evaluators.draw(fleet.clients(), task.round(), randomness.stream("evaluation/round-" + task.round()));
        Map<String, Fleet.Evaluated> found = fleet.evaluate(task, cohort);
        epsilon = DoubleStream.concat(
                        epsilon.stream(), found.values().stream().flatMapToDouble(each -> each.epsilon().stream()))
                .max();
        List<Evaluation> scores =
                found.values().stream().map(Fleet.Evaluated::scores).toList();
        return clientAccuracy
                .map(accuracy -> noised(accuracy, scores, reserved.orElseThrow(), task.round()))
                .or(() -> HeldOutScores.of(scores, evaluation.uniform()));
    }

    private HeldOutScores noised(ClientAccuracy accuracy, List<Evaluation> scores, Reservation reserved, int round) {
        double expected = accuracy.sampling().expectedClients();
        double mean =
                accuracy.release().ofClients(scores, expected, randomness.stream("evaluation-noise/round-" + round));
        clientLevel.orElseThrow().commit(reserved);
        return HeldOutScores.noised(expected, mean, accuracy.standardDeviation());
    }

    /**
     * The refusal to name where no later round could be released: so many budgets are spent that fewer clients than a round
     * needs can pay, or everybody failed. A client whose budget refused a round would be refused each later one too.
     */
    private Optional<Refusal> hopeless() {
        // Who refused or failed depends on data that client-level privacy protects, so no run ends by it.
        if (clientLevel.isPresent()) {
            return Optional.empty();
        }
        int able = fleet.clients().size() - exhausted.size();
        if (!exhausted.isEmpty() && able < Math.max(1, needed())) {
            return exhausted.values().stream().findFirst();
        }
        return failed.isEmpty() || failed.size() < able
                ? Optional.empty()
                : failed.stream().findFirst();
    }

    private static boolean finite(float[] parameters) {
        float sum = 0;
        for (float value : parameters) {
            sum += value * 0f; // NaN exactly where a value is not finite
        }
        return sum == 0;
    }
}
