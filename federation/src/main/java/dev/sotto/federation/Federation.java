package dev.sotto.federation;

import dev.sotto.federation.ClientReport.Reason;
import dev.sotto.federation.ClientReport.Refusal;
import dev.sotto.federation.RunResult.Ending;
import dev.sotto.learning.DivergedException;
import dev.sotto.learning.Evaluation;
import dev.sotto.privacy.random.Randomness;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

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
            Optional<Refusal> refusal = allRefused(record);
            if (refusal.isPresent()) {
                Ending ending = refusal.get().reason() == Reason.BUDGET ? Ending.BUDGET : Ending.FAILED;
                return ended(parameters, history, ending, refusal.map(Refusal::message));
            }
            history.add(record);
            listener.roundFinished(record, parameters);
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
        long everyExample = roster.stream().mapToLong(ClientProfile::examples).sum();
        RoundTask task = new RoundTask(round, parameters.clone());
        Fleet.Collected collected = fleet.run(
                task, cohort, strategy.begin(parameters.length, round, everyExample), listener::clientFinished);
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
        OptionalDouble epsilon = reports.stream()
                .flatMapToDouble(report -> report.epsilon().stream())
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

    /** A refusal to name where nobody of the whole roster took part, so that no later round could do better. */
    private Optional<Refusal> allRefused(RoundRecord record) {
        List<Refusal> refusals = record.reports().stream()
                .flatMap(report -> report.refusal().stream())
                .toList();
        if (refusals.isEmpty() || refusals.size() < fleet.clients().size()) {
            return Optional.empty();
        }
        return refusals.stream()
                .filter(refusal -> refusal.reason() == Reason.BUDGET)
                .findFirst()
                .or(() -> Optional.of(refusals.get(0)));
    }

    private static boolean finite(float[] parameters) {
        float sum = 0;
        for (float value : parameters) {
            sum += value * 0f; // NaN exactly where a value is not finite
        }
        return sum == 0;
    }
}
