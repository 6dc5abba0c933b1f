package dev.sotto.simulation;

import dev.sotto.experiment.ClientData;
import dev.sotto.experiment.Experiment;
import dev.sotto.experiment.report.Figures;
import dev.sotto.federation.Client;
import dev.sotto.federation.Plan;
import dev.sotto.federation.RunListener;
import dev.sotto.federation.RunResult;
import dev.sotto.federation.Strategy;
import dev.sotto.federation.TestData;
import dev.sotto.federation.strategy.FedAvg;
import dev.sotto.learning.Evaluation;
import dev.sotto.privacy.PrivacyUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * What federating is worth, and what privacy costs: an experiment's clients each on their own, together, and together with
 * the experiment's privacy, each level by itself first; the same rounds and test data throughout.
 *
 * <p>A learning rate that was chosen for clipped gradients under noise is often too high for gradients that are not clipped,
 * and rows trained at it would make privacy look cheap. So where example-level privacy is taken away, each row takes the best
 * of several rates, by its loss on the data that it was trained on: test data chooses nothing.
 */
public final class Comparison {
    /** What the experiment's learning rate is multiplied by where gradients are not clipped as it would have them. */
    public static final List<Double> RATES = List.of(1.0, 0.3, 0.1);

    /** The experiment's own learning rate in every row. */
    public static final List<Double> OWN_RATE = List.of(1.0);

    /** Beyond so many clients, training each on its own would say little and take long. */
    private static final int ALONE = 12;

    private final Experiment experiment;
    private final Plan plan;
    private final List<Double> rates;
    private final Consumer<String> progress;
    private final List<Row> rows = new ArrayList<>();

    private Comparison(Experiment experiment, List<Double> rates, Consumer<String> progress) {
        this.experiment = experiment;
        this.plan = experiment.plan();
        this.rates = plan.privacy().isPresent() ? rates : OWN_RATE;
        this.progress = progress;
    }

    /**
     * One way of training.
     *
     * @param name what was done
     * @param examples trained on
     * @param evaluation on the central test data
     * @param learningRate of the clients in the first round
     * @param unit that is protected; with both levels, the client; empty where nothing is private
     * @param epsilon of the guarantee for that unit; empty where nothing is private
     */
    public record Row(
            String name,
            int examples,
            Evaluation evaluation,
            double learningRate,
            Optional<PrivacyUnit> unit,
            OptionalDouble epsilon) {}

    /** A row, and what its rate was multiplied by. */
    private record Tried(Row row, double rate, double trainingLoss) {}

    /**
     * Trains in each way.
     *
     * @param rates what the learning rate is multiplied by, to be tried where example-level privacy is taken away
     * @param progress is told what begins
     * @throws IllegalArgumentException if there is no central test data to compare on
     */
    public static List<Row> run(Experiment experiment, List<Double> rates, Consumer<String> progress) {
        if (experiment.test().isEmpty()) {
            throw new IllegalArgumentException(
                    experiment.plan().name() + ": there is no central test data to compare on; set data.test-fraction");
        }
        return new Comparison(experiment, rates, progress).all();
    }

    private List<Row> all() {
        Plan open = plan.withoutPrivacy();
        List<ClientData> everybody = experiment.clients();
        if (everybody.size() <= ALONE) {
            for (ClientData client : everybody) {
                rows.add(best("only " + client.id(), open.askingAll(), List.of(client))
                        .row());
            }
        }
        Tried federated = best("federated", open, everybody);
        rows.add(federated.row());
        if (plan.privacy().isPresent() && plan.clientLevel().isPresent()) {
            add("federated, examples private", plan.withoutClientLevel());
            add("federated, clients private", plan.withoutExampleLevel().withRatesTimes(federated.rate()));
        }
        if (plan.isPrivate()) {
            add("federated, private", plan);
        }
        return List.copyOf(rows);
    }

    private void add(String name, Plan way) {
        progress.accept(name);
        rows.add(row(name, way, train(way, experiment.clients())));
    }

    private Tried best(String name, Plan way, List<ClientData> clients) {
        Tried best = null;
        for (double rate : rates) {
            Plan tried = way.withRatesTimes(rate);
            progress.accept(rates.size() == 1 ? name : name + ", learning rate " + Figures.number(rate(tried)));
            Simulation.Outcome outcome = train(tried, clients);
            double loss = rates.size() == 1 ? 0 : trainingLoss(outcome, clients);
            if (best == null || loss < best.trainingLoss()) {
                best = new Tried(row(name, tried, outcome), rate, loss);
            }
        }
        return best;
    }

    /** Of the last model. One that is not finite is worse than any. */
    private double trainingLoss(Simulation.Outcome outcome, List<ClientData> clients) {
        Simulation whole = Simulation.of(experiment);
        Evaluation all = Evaluation.NONE;
        for (ClientData client : clients) {
            try (TestData data =
                    new TestData(client.examples(), whole.engine(), plan.model(), List.of(), whole.workers())) {
                all = all.plus(data.evaluate(outcome.result().parameters()).evaluation());
            }
        }
        return Double.isNaN(all.loss()) ? Double.POSITIVE_INFINITY : all.loss();
    }

    private Simulation.Outcome train(Plan way, List<ClientData> clients) {
        Simulation whole = Simulation.of(experiment);
        // Who trains alone has nobody to be compared with.
        Strategy strategy = clients.size() < whole.strategy().leastUpdates() ? new FedAvg(true, 1) : whole.strategy();
        return new Simulation(
                        way,
                        strategy,
                        whole.engine(),
                        clients,
                        whole.test(),
                        whole.metrics(),
                        whole.trainer(),
                        whole.randomness(),
                        whole.workers())
                .run(new RunListener() {});
    }

    private static double rate(Plan way) {
        return way.training().first().optimizer().learningRate();
    }

    private static Row row(String name, Plan way, Simulation.Outcome outcome) {
        Optional<PrivacyUnit> unit = way.clientLevel().isPresent()
                ? Optional.of(PrivacyUnit.CLIENT)
                : way.privacy().map(own -> PrivacyUnit.EXAMPLE);
        OptionalDouble epsilon = outcome.result()
                .clientLevel()
                .map(RunResult.ClientLevelSpent::epsilon)
                .orElseGet(outcome.result()::epsilon);
        int examples = outcome.clients().stream()
                .map(Client::profile)
                .mapToInt(profile -> profile.examples())
                .sum();
        return new Row(name, examples, outcome.result().evaluation().orElse(Evaluation.NONE), rate(way), unit, epsilon);
    }
}
