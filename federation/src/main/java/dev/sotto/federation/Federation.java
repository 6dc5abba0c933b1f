package dev.sotto.federation;

import dev.sotto.federation.ClientReport.Reason;
import dev.sotto.federation.ClientReport.Refusal;
import dev.sotto.federation.RunResult.Ending;
import dev.sotto.learning.DivergedException;
import dev.sotto.learning.Evaluation;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.random.Randomness;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/**
 * The algorithm: rounds of draw, train, aggregate, update, evaluate, on whatever {@link Fleet} it is given. Runs on the
 * caller's thread; one run per instance.
 */
public final class Federation {
    private final Plan plan;
    private final Strategy strategy;
    private final Fleet fleet;
    private final Optional<TestData> testData;
    private final Randomness randomness;
    private final RunListener listener;
    private final Map<String, Refusal> exhausted = new LinkedHashMap<>();
    private OptionalDouble epsilon = OptionalDouble.empty();

    /**
     * A federation ready to run.
     *
     * @param testData central test data; empty to evaluate at the clients only
     * @param randomness where cohorts come from
     */
    public Federation(
            Plan plan,
            Strategy strategy,
            Fleet fleet,
            Optional<TestData> testData,
            Randomness randomness,
            RunListener listener) {
        boolean countsPrivate = plan.privacy()
                .map(own -> own.relation() == NeighbouringRelation.ADD_OR_REMOVE_ONE)
                .orElse(false);
        if (countsPrivate && strategy.usesExampleCounts()) {
            throw new IllegalArgumentException(
                    "strategy " + strategy.name() + ": weights by examples would reveal their "
                            + "number, which is private under add-or-remove-one; weigh clients uniformly");
        }
        this.plan = plan;
        this.strategy = strategy;
        this.fleet = fleet;
        this.testData = testData;
        this.randomness = randomness;
        this.listener = listener;
    }

    /**
     * Runs all rounds.
     *
     * @param initial the model to start from; not changed
     */
    public RunResult run(float[] initial) {
        float[] parameters = initial.clone();
        List<RoundRecord> history = new ArrayList<>();
        for (int round = 1; round <= plan.rounds(); round++) {
            RoundRecord record;
            try {
                record = round(round, parameters);
            } catch (DivergedException e) {
                return ended(parameters, history, Ending.DIVERGED, Optional.of(e.getMessage()));
            }
            Optional<Refusal> hopeless = hopeless(record);
            if (hopeless.isEmpty() || record.updates() > 0) {
                history.add(record);
                listener.roundFinished(record, parameters);
            }
            if (hopeless.isPresent()) {
                Ending ending = hopeless.get().reason() == Reason.BUDGET ? Ending.BUDGET : Ending.FAILED;
                return ended(parameters, history, ending, hopeless.map(Refusal::message));
            }
            if (listener.cancelled() && round < plan.rounds()) {
                return ended(parameters, history, Ending.CANCELLED, Optional.empty());
            }
        }
        return ended(parameters, history, Ending.COMPLETED, Optional.empty());
    }

    private static RunResult ended(
            float[] parameters, List<RoundRecord> history, Ending ending, Optional<String> reason) {
        return new RunResult(parameters, List.copyOf(history), ending, reason);
    }

    private RoundRecord round(int round, float[] parameters) {
        long start = System.nanoTime();
        List<ClientProfile> roster = fleet.clients();
        List<String> cohort = plan.cohort().draw(roster, randomness.stream("cohort/round-" + round));
        listener.roundStarted(round, cohort.size());
        long mostWeight = strategy.usesExampleCounts()
                ? roster.stream().mapToLong(ClientProfile::examples).sum()
                : roster.size();
        RoundTask task = new RoundTask(round, parameters.clone());
        Fleet.Collected collected =
                fleet.run(task, cohort, strategy.begin(parameters.length, round, mostWeight), listener::clientFinished);
        boolean released = collected.aggregate().updates() >= plan.minClients();
        if (released) {
            strategy.update(parameters, collected.aggregate());
            if (!finite(parameters)) {
                System.arraycopy(task.parameters(), 0, parameters, 0, parameters.length);
                throw new DivergedException("the model is not finite after round " + round);
            }
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        boolean due = round % plan.evaluateEvery() == 0 || round == plan.rounds();
        return evaluate(task, parameters, due, collected.reports(), released, seconds);
    }

    private RoundRecord evaluate(
            RoundTask task,
            float[] parameters,
            boolean due,
            List<ClientReport> reports,
            boolean released,
            double seconds) {
        Optional<TestData.Scores> scores = due ? testData.map(data -> data.evaluate(parameters)) : Optional.empty();
        Optional<Evaluation> heldOut = due ? heldOut(new RoundTask(task.round(), parameters)) : Optional.empty();
        epsilon = DoubleStream.concat(
                        epsilon.stream(), reports.stream().flatMapToDouble(report -> report.epsilon().stream()))
                .max();
        return new RoundRecord(
                task.round(),
                released,
                scores.map(TestData.Scores::evaluation),
                scores.map(TestData.Scores::metrics).orElse(Map.of()),
                heldOut,
                reports,
                epsilon,
                seconds);
    }

    /** Clients' own measurements: nothing that privacy would withhold, so only where nothing is private. */
    private Optional<Evaluation> heldOut(RoundTask task) {
        if (plan.privacy().isPresent() || plan.evaluateClients() == 0) {
            return Optional.empty();
        }
        int asked = (int) Math.ceil(plan.evaluateClients() * fleet.clients().size());
        List<String> cohort = new Cohort.FixedSize(asked)
                .draw(fleet.clients(), randomness.stream("evaluation/round-" + task.round()));
        return fleet.evaluate(task, cohort).values().stream().reduce(Evaluation::plus);
    }

    /**
     * The refusal to name where no later round could be released: so many budgets are spent that fewer clients than a round
     * needs can pay, or everybody failed. A client whose budget refused a round would be refused each later one too.
     */
    private Optional<Refusal> hopeless(RoundRecord record) {
        List<Refusal> failures = new ArrayList<>();
        for (ClientReport report : record.reports()) {
            report.refusal().ifPresent(refusal -> {
                if (refusal.reason() == Reason.BUDGET) {
                    exhausted.putIfAbsent(report.client(), refusal);
                } else {
                    failures.add(refusal);
                }
            });
        }
        int able = fleet.clients().size() - exhausted.size();
        if (!exhausted.isEmpty() && able < plan.minClients()) {
            return exhausted.values().stream().findFirst();
        }
        return failures.isEmpty() || failures.size() < able
                ? Optional.empty()
                : failures.stream().findFirst();
    }

    private static boolean finite(float[] parameters) {
        float sum = 0;
        for (float value : parameters) {
            sum += value * 0f; // NaN exactly where a value is not finite
        }
        return sum == 0;
    }
}
