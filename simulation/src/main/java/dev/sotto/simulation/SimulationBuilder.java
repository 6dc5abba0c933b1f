package dev.sotto.simulation;

import dev.sotto.data.Examples;
import dev.sotto.experiment.ClientData;
import dev.sotto.experiment.attack.Attack;
import dev.sotto.federation.ClientTrainer;
import dev.sotto.federation.Cohort;
import dev.sotto.federation.EvaluationPlan;
import dev.sotto.federation.ExamplePrivacy;
import dev.sotto.federation.Metric;
import dev.sotto.federation.Participation;
import dev.sotto.federation.Plan;
import dev.sotto.federation.Reliability;
import dev.sotto.federation.RunListener;
import dev.sotto.federation.StandardTrainer;
import dev.sotto.federation.Strategy;
import dev.sotto.federation.TrainingSchedule;
import dev.sotto.federation.clientlevel.ClientLevelPrivacy;
import dev.sotto.federation.strategy.FedAvg;
import dev.sotto.learning.Engine;
import dev.sotto.learning.ModelSpec;
import dev.sotto.learning.OptimizerSpec;
import dev.sotto.learning.TrainingSettings;
import dev.sotto.privacy.random.Randomness;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Puts a {@link Simulation} together. Only clients must be given. By default: ten rounds with everyone, one epoch of
 * gradient descent a round at rate 0.1 in batches of 32, averages weighted by examples, no privacy, secret randomness, all
 * cores. What is out of range or does not fit is an {@link IllegalArgumentException} that says what would be valid. One
 * thread at a time.
 */
public final class SimulationBuilder {
    private final ModelSpec model;
    private final List<ClientData> clients = new ArrayList<>();
    private final List<Metric> metrics = new ArrayList<>();
    private Optional<Examples> test = Optional.empty();
    private int rounds = 10;
    private Cohort cohort = new Cohort.All();
    private OptionalInt minClients = OptionalInt.empty();
    private Reliability reliability = Reliability.FULL;
    private TrainingSchedule training = TrainingSchedule.of(TrainingSettings.of(OptimizerSpec.sgd(0.1), 32));
    private EvaluationPlan evaluation = EvaluationPlan.every(1);
    private Optional<ExamplePrivacy> privacy = Optional.empty();
    private Optional<ClientLevelPrivacy> clientLevel = Optional.empty();
    private Strategy strategy = new FedAvg(true, 1);
    private ClientTrainer trainer = new StandardTrainer();
    private Randomness randomness = Randomness.secret();
    private int workers = Runtime.getRuntime().availableProcessors();

    SimulationBuilder(ModelSpec model) {
        this.model = model;
    }

    /** Adds a client. */
    public SimulationBuilder client(String id, Examples examples) {
        clients.add(new ClientData(id, examples, Optional.empty()));
        return this;
    }

    /** Adds a client that evaluates on examples it never trains on; asked for only where nothing is private. */
    public SimulationBuilder client(String id, Examples examples, Examples heldOut) {
        clients.add(new ClientData(id, examples, Optional.of(heldOut)));
        return this;
    }

    /** Adds a malicious client. */
    public SimulationBuilder attacker(String id, Examples examples, Attack attack) {
        clients.add(new ClientData(id, examples, Optional.empty(), Optional.of(attack)));
        return this;
    }

    /** Adds clients called {@code client-1}, {@code client-2} and so on. */
    public SimulationBuilder clients(List<? extends Examples> each) {
        each.forEach(examples -> client("client-" + (clients.size() + 1), examples));
        return this;
    }

    /** Public data on which every round's model is evaluated. */
    public SimulationBuilder test(Examples examples) {
        test = Optional.of(examples);
        return this;
    }

    /** Measured on the test data besides loss and accuracy. */
    public SimulationBuilder metric(Metric metric) {
        metrics.add(metric);
        return this;
    }

    /** How many rounds. */
    public SimulationBuilder rounds(int count) {
        rounds = count;
        return this;
    }

    /** Who is asked in a round. */
    public SimulationBuilder cohort(Cohort asked) {
        cohort = asked;
        return this;
    }

    /** Updates that a round needs to be released; 1 unless set, and 0 where the federation itself adds noise to all rounds. */
    public SimulationBuilder minClients(int count) {
        minClients = OptionalInt.of(count);
        return this;
    }

    /** Who of the asked does not answer in time; everybody does by default. */
    public SimulationBuilder reliability(Reliability simulated) {
        reliability = simulated;
        return this;
    }

    /** When and by whom the model is evaluated; by default after every round. */
    public SimulationBuilder evaluation(EvaluationPlan when) {
        evaluation = when;
        return this;
    }

    /** How clients train, changing by round. */
    public SimulationBuilder training(TrainingSchedule schedule) {
        training = schedule;
        return this;
    }

    /** How clients train. */
    public SimulationBuilder training(TrainingSettings settings) {
        training = TrainingSchedule.of(settings);
        return this;
    }

    /** Trains with example-level differential privacy at every client. */
    public SimulationBuilder privacy(ExamplePrivacy asked) {
        privacy = Optional.of(asked);
        return this;
    }

    /** Protects clients as wholes: their updates are clipped, summed and noised before the model moves. */
    public SimulationBuilder clientLevel(ClientLevelPrivacy asked) {
        clientLevel = Optional.of(asked);
        return this;
    }

    /** How updates become the next model. */
    public SimulationBuilder strategy(Strategy chosen) {
        strategy = chosen;
        return this;
    }

    /** The clients' own training code. */
    public SimulationBuilder trainer(ClientTrainer own) {
        trainer = own;
        return this;
    }

    /** Makes the run repeatable bit by bit, and its noise predictable: for experiments only. */
    public SimulationBuilder seed(long seed) {
        randomness = Randomness.seeded(seed);
        return this;
    }

    /** How many clients train at once; changes nothing but time and memory. */
    public SimulationBuilder workers(int count) {
        workers = count;
        return this;
    }

    /** The simulation, ready to run. */
    public Simulation build() {
        Plan plan = new Plan(
                "simulation",
                model,
                rounds,
                new Participation(cohort, minClients.orElseGet(this::leastClients), 1, reliability),
                training,
                privacy,
                clientLevel,
                evaluation);
        return new Simulation(
                plan, strategy, Engine.named("jvm"), clients, test, metrics, trainer, randomness, workers);
    }

    private int leastClients() {
        return clientLevel.filter(own -> !own.noise().atClients()).isPresent() ? 0 : 1;
    }

    /** Builds and runs it. */
    public Simulation.Outcome run() {
        return build().run(new RunListener() {});
    }
}
