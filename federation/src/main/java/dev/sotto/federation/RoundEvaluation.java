package dev.sotto.federation;

import dev.sotto.learning.Evaluation;
import dev.sotto.privacy.ledger.BudgetExceededException;
import dev.sotto.privacy.ledger.Reservation;
import dev.sotto.privacy.random.Randomness;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * The model after a round, measured on central test data and by the clients on what they hold out. Clients' own measurements
 * are exact where nothing is private, else withheld or released through a mechanism.
 */
final class RoundEvaluation {
    private final Plan plan;
    private final Fleet fleet;
    private final Optional<TestData> testData;
    private final Randomness randomness;
    private final Optional<ClientLevelRounds> clientLevel;
    private final Optional<ClientAccuracy> clientAccuracy;

    /** The evaluations of one run; {@code clientLevel} is charged for them where it protects clients. */
    RoundEvaluation(
            Plan plan,
            Fleet fleet,
            Optional<TestData> testData,
            Randomness randomness,
            Optional<ClientLevelRounds> clientLevel) {
        this.plan = plan;
        this.fleet = fleet;
        this.testData = testData;
        this.randomness = randomness;
        this.clientLevel = clientLevel;
        this.clientAccuracy = plan.clientAccuracy(fleet.clients().size());
    }

    /**
     * What was measured.
     *
     * @param central on the central test data, if that was due
     * @param heldOut by the clients, if that was due and may be told
     * @param epsilon the most that any of those clients has spent now; empty where none says
     */
    record Measured(Optional<TestData.Scores> central, Optional<HeldOutScores> heldOut, OptionalDouble epsilon) {
        private static final Measured NOTHING =
                new Measured(Optional.empty(), Optional.empty(), OptionalDouble.empty());

        Map<String, Double> metrics() {
            return central.map(TestData.Scores::metrics).orElse(Map.of());
        }
    }

    /** Books the release of clients' accuracy, where client-level privacy asks for it; empty where it cannot be paid for. */
    Optional<Reservation> reserve(int round) {
        if (clientAccuracy.isEmpty() || !plan.evaluation().due(round, plan.rounds())) {
            return Optional.empty();
        }
        try {
            return clientLevel.map(own -> own.reserve(clientAccuracy.get().event(), "evaluation of round " + round));
        } catch (BudgetExceededException e) {
            return Optional.empty();
        }
    }

    /**
     * Measures, where it is due.
     *
     * @param task the round's
     * @param parameters the model after it
     * @param reserved what was booked for it before the round
     */
    Measured after(RoundTask task, float[] parameters, Optional<Reservation> reserved) {
        if (!plan.evaluation().due(task.round(), plan.rounds())) {
            return Measured.NOTHING;
        }
        Optional<TestData.Scores> scores = testData.map(data -> data.evaluate(parameters));
        return withheld(reserved)
                ? new Measured(scores, Optional.empty(), OptionalDouble.empty())
                : byClients(scores, task.on(parameters), reserved);
    }

    private boolean withheld(Optional<Reservation> reserved) {
        EvaluationPlan evaluation = plan.evaluation();
        boolean secret = clientLevel.isPresent()
                ? reserved.isEmpty()
                : plan.privacy().isPresent() && evaluation.privateMetrics().isEmpty();
        return secret || evaluation.fraction() == 0;
    }

    private Measured byClients(Optional<TestData.Scores> central, RoundTask task, Optional<Reservation> reserved) {
        EvaluationPlan evaluation = plan.evaluation();
        int clients = fleet.clients().size();
        Cohort evaluators = clientAccuracy
                .map(ClientAccuracy::evaluators)
                .orElseGet(() -> new Cohort.FixedSize(evaluation.asked(clients)));
        List<String> cohort =
                evaluators.draw(fleet.clients(), task.round(), randomness.stream("evaluation/round-" + task.round()));
        Map<String, Fleet.Evaluated> found = fleet.evaluate(task, cohort);
        List<Evaluation> scores =
                found.values().stream().map(Fleet.Evaluated::scores).toList();
        return new Measured(
                central,
                clientAccuracy
                        .map(accuracy -> noised(accuracy, scores, reserved.orElseThrow(), task.round()))
                        .or(() -> HeldOutScores.of(scores, evaluation.uniform())),
                found.values().stream()
                        .flatMapToDouble(each -> each.epsilon().stream())
                        .max());
    }

    private HeldOutScores noised(ClientAccuracy accuracy, List<Evaluation> scores, Reservation reserved, int round) {
        double expected = accuracy.sampling().expectedClients();
        double mean =
                accuracy.release().ofClients(scores, expected, randomness.stream("evaluation-noise/round-" + round));
        clientLevel.orElseThrow().commit(reserved);
        return HeldOutScores.noised(expected, mean, accuracy.standardDeviation());
    }
}
