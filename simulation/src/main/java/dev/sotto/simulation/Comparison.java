package dev.sotto.simulation;

import dev.sotto.experiment.ClientData;
import dev.sotto.experiment.Experiment;
import dev.sotto.federation.Client;
import dev.sotto.federation.Plan;
import dev.sotto.federation.RunListener;
import dev.sotto.federation.RunResult;
import dev.sotto.federation.Strategy;
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
 * the experiment's privacy, each level by itself first; the same settings, rounds and test data throughout.
 */
public final class Comparison {
    /** Beyond so many clients, training each on its own would say little and take long. */
    private static final int ALONE = 12;

    private Comparison() {}

    /**
     * One way of training.
     *
     * @param name what was done
     * @param examples trained on
     * @param evaluation on the central test data
     * @param unit that is protected; with both levels, the client; empty where nothing is private
     * @param epsilon of the guarantee for that unit; empty where nothing is private
     */
    public record Row(
            String name, int examples, Evaluation evaluation, Optional<PrivacyUnit> unit, OptionalDouble epsilon) {}

    /**
     * Trains in each way.
     *
     * @param progress is told what begins
     * @throws IllegalArgumentException if there is no central test data to compare on
     */
    public static List<Row> run(Experiment experiment, Consumer<String> progress) {
        if (experiment.test().isEmpty()) {
            throw new IllegalArgumentException(
                    experiment.plan().name() + ": there is no central test data to compare on; set data.test-fraction");
        }
        Plan plan = experiment.plan();
        Plan open = plan.withoutPrivacy();
        List<Row> rows = new ArrayList<>();
        if (experiment.clients().size() <= ALONE) {
            for (ClientData client : experiment.clients()) {
                rows.add(row("only " + client.id(), experiment, open.askingAll(), List.of(client), progress));
            }
        }
        rows.add(row("federated", experiment, open, experiment.clients(), progress));
        if (plan.privacy().isPresent() && plan.clientLevel().isPresent()) {
            rows.add(row(
                    "federated, examples private",
                    experiment,
                    plan.withoutClientLevel(),
                    experiment.clients(),
                    progress));
            rows.add(row(
                    "federated, clients private",
                    experiment,
                    plan.withoutExampleLevel(),
                    experiment.clients(),
                    progress));
        }
        if (plan.isPrivate()) {
            rows.add(row("federated, private", experiment, plan, experiment.clients(), progress));
        }
        return List.copyOf(rows);
    }

    private static Row row(
            String name, Experiment experiment, Plan plan, List<ClientData> clients, Consumer<String> progress) {
        progress.accept(name);
        Simulation whole = Simulation.of(experiment);
        // Who trains alone has nobody to be compared with.
        Strategy strategy = clients.size() < whole.strategy().leastUpdates() ? new FedAvg(true, 1) : whole.strategy();
        Simulation.Outcome outcome = new Simulation(
                        plan,
                        strategy,
                        whole.engine(),
                        clients,
                        whole.test(),
                        whole.metrics(),
                        whole.trainer(),
                        whole.randomness(),
                        whole.workers())
                .run(new RunListener() {});
        Optional<Evaluation> last = outcome.result().history().stream()
                .flatMap(record -> record.central().stream())
                .reduce((earlier, later) -> later);
        Optional<PrivacyUnit> unit = plan.clientLevel().isPresent()
                ? Optional.of(PrivacyUnit.CLIENT)
                : plan.privacy().map(own -> PrivacyUnit.EXAMPLE);
        OptionalDouble epsilon = outcome.result()
                .clientLevel()
                .map(RunResult.ClientLevelSpent::epsilon)
                .orElseGet(outcome.result()::epsilon);
        int examples = outcome.clients().stream()
                .map(Client::profile)
                .mapToInt(profile -> profile.examples())
                .sum();
        return new Row(name, examples, last.orElse(Evaluation.NONE), unit, epsilon);
    }
}
