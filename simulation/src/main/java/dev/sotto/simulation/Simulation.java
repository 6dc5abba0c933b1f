package dev.sotto.simulation;

import dev.sotto.data.Examples;
import dev.sotto.data.Target;
import dev.sotto.experiment.ClientData;
import dev.sotto.experiment.Experiment;
import dev.sotto.federation.Client;
import dev.sotto.federation.ClientPrivacy;
import dev.sotto.federation.ClientTrainer;
import dev.sotto.federation.Metric;
import dev.sotto.federation.Plan;
import dev.sotto.federation.RunJournal;
import dev.sotto.federation.RunListener;
import dev.sotto.federation.RunResult;
import dev.sotto.federation.StandardTrainer;
import dev.sotto.federation.Strategy;
import dev.sotto.learning.Engine;
import dev.sotto.learning.ExampleMisfit;
import dev.sotto.learning.Loss;
import dev.sotto.learning.ModelSpec;
import dev.sotto.privacy.Require;
import dev.sotto.privacy.ledger.InMemoryLedger;
import dev.sotto.privacy.ledger.Ledger;
import dev.sotto.privacy.random.Randomness;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A federation in this process: a plan, the clients' data, and the machine's cores. Immutable until {@link #run}, which
 * may be called again for another run.
 *
 * @param plan what is to be done
 * @param strategy how updates become the next model; its state serves one run
 * @param engine what computes
 * @param clients each client's data
 * @param test central test data; empty to evaluate at the clients only
 * @param metrics measured on the test data besides loss and accuracy
 * @param trainer training code of the clients
 * @param randomness where initial parameters, cohorts, batches and noise come from
 * @param workers clients that train at once
 */
public record Simulation(
        Plan plan,
        Strategy strategy,
        Engine engine,
        List<ClientData> clients,
        Optional<Examples> test,
        List<Metric> metrics,
        ClientTrainer trainer,
        Randomness randomness,
        int workers) {

    /** Checks that the parts fit each other; an {@link IllegalArgumentException} names the client and what is wrong. */
    public Simulation {
        clients = List.copyOf(clients);
        metrics = List.copyOf(metrics);
        Require.atLeast("workers", workers, 1);
        plan.participation().requireAvailable(clients.size());
        for (ClientData client : clients) {
            requireFit("client " + client.id(), client.examples(), plan.model());
            client.heldOut().ifPresent(held -> requireFit("client " + client.id() + ", held out", held, plan.model()));
        }
        test.ifPresent(examples -> requireFit("test data", examples, plan.model()));
    }

    private static void requireFit(String whose, Examples examples, ModelSpec model) {
        boolean classes = examples.target() instanceof Target.Classes;
        int outputs = examples.target() instanceof Target.Classes labels
                ? labels.count()
                : ((Target.Values) examples.target()).size();
        if (!examples.shape().equals(model.input()) || outputs != model.outputs()) {
            throw new IllegalArgumentException(whose + ": examples of shape " + examples.shape() + " with " + outputs
                    + (classes ? " classes" : " target values") + " do not fit model " + model.name() + ", which turns "
                    + model.input() + " into " + model.outputs() + " outputs");
        }
        if (classes != (model.loss() == Loss.CROSS_ENTROPY)) {
            throw new IllegalArgumentException(
                    whose + ": the loss " + model.loss().label() + " does not fit "
                            + (classes ? "classes; use cross-entropy" : "target values; use mean-squared-error"));
        }
        ExampleMisfit.first(model, examples).ifPresent(misfit -> {
            throw new IllegalArgumentException(
                    whose + ": example " + misfit.example() + ": " + misfit.reason() + " (model " + model.name() + ")");
        });
    }

    /** A simulation to put together in code: clients, rounds, privacy; everything else has a default. */
    public static SimulationBuilder builder(ModelSpec model) {
        return new SimulationBuilder(model);
    }

    /** An experiment's simulation, on all cores. */
    public static Simulation of(Experiment experiment) {
        return new Simulation(
                experiment.plan(),
                experiment.strategy(),
                experiment.engine(),
                experiment.clients(),
                experiment.test(),
                List.of(),
                new StandardTrainer(),
                experiment.seed().map(Randomness::seeded).orElseGet(Randomness::secret),
                Runtime.getRuntime().availableProcessors());
    }

    /** The same with that many clients training at once. */
    public Simulation withWorkers(int count) {
        return new Simulation(plan, strategy, engine, clients, test, metrics, trainer, randomness, count);
    }

    /**
     * A run and what each client spent.
     *
     * @param result model, history, ending
     * @param clients with their ledgers as they stand at the end, in the order of the data
     */
    public record Outcome(RunResult result, List<Client> clients) {}

    /** Runs it on the calling thread and the workers. */
    public Outcome run(RunListener listener) {
        List<Client> ready = ready();
        try (SimulatedRun run = new SimulatedRun(this, ready, listener, RunJournal.NONE)) {
            return new Outcome(run.start(), ready);
        }
    }

    /** The clients, each with its own ledger; plans are worked out once for each number of examples. */
    List<Client> ready() {
        Map<Integer, Optional<ClientPrivacy>> plans = new HashMap<>();
        List<Client> ready = new ArrayList<>();
        for (ClientData data : clients) {
            int examples = data.examples().size();
            Optional<ClientPrivacy> privacy = plans.computeIfAbsent(examples, plan::clientPrivacy);
            Ledger ledger = new InMemoryLedger(
                    privacy.map(own -> Map.of(data.id(), own.budget())).orElse(Map.of()));
            ready.add(new Client(
                    data.id(),
                    data.examples(),
                    data.heldOut(),
                    plan.training(),
                    privacy,
                    ledger,
                    randomness,
                    data.attack().map(attack -> attack.corrupting(trainer)).orElse(trainer)));
        }
        return ready;
    }
}
