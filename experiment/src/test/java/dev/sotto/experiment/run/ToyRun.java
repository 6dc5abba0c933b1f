package dev.sotto.experiment.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.data.DataSet;
import dev.sotto.data.PartitionSummary;
import dev.sotto.data.Shape;
import dev.sotto.data.TableExamples;
import dev.sotto.data.Target;
import dev.sotto.federation.Aggregate;
import dev.sotto.federation.Client;
import dev.sotto.federation.ClientPrivacy;
import dev.sotto.federation.ClientProfile;
import dev.sotto.federation.ClientReport;
import dev.sotto.federation.ClientUpdate;
import dev.sotto.federation.Cohort;
import dev.sotto.federation.EvaluationPlan;
import dev.sotto.federation.ExamplePrivacy;
import dev.sotto.federation.Federation;
import dev.sotto.federation.Fleet;
import dev.sotto.federation.Participation;
import dev.sotto.federation.Plan;
import dev.sotto.federation.RoundTask;
import dev.sotto.federation.RunResult;
import dev.sotto.federation.StandardTrainer;
import dev.sotto.federation.TestData;
import dev.sotto.federation.clientlevel.ClientLevelPrivacy;
import dev.sotto.federation.clientlevel.UpdateClipping;
import dev.sotto.federation.strategy.FedAvg;
import dev.sotto.learning.Engine;
import dev.sotto.learning.Initialization;
import dev.sotto.learning.LocalTraining;
import dev.sotto.learning.Loss;
import dev.sotto.learning.ModelCodec;
import dev.sotto.learning.ModelSpec;
import dev.sotto.learning.OptimizerSpec;
import dev.sotto.learning.Presets;
import dev.sotto.learning.TrainingSettings;
import dev.sotto.privacy.ClippingNorm;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.NoiseMultiplier;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.ledger.BudgetExceededException;
import dev.sotto.privacy.ledger.InMemoryLedger;
import dev.sotto.privacy.random.RandomStream;
import dev.sotto.privacy.random.Randomness;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.IntStream;

/** A federation on two classes of points, small enough to run in a test, written down as it runs. */
public final class ToyRun {
    /** Examples of each client. */
    public static final List<Integer> SIZES = List.of(60, 80, 100);

    private static final Target.Classes CLASSES = new Target.Classes(2, List.of("left", "right"));
    private static final List<String> IDS = List.of("client-1", "client-2", "client-10");

    private final Optional<ExamplePrivacy> privacy;
    private final OptionalLong seed;
    private final int rounds;
    private final Optional<ClientLevelPrivacy> clientLevel;
    private final Participation participation;
    private final List<String> ids;
    private final List<Integer> sizes;
    private final int steps;

    /** Three clients. Without a seed the run is written down as one of secret randomness. */
    public ToyRun(Optional<ExamplePrivacy> privacy, OptionalLong seed, int rounds) {
        this(privacy, seed, rounds, Optional.empty(), Participation.of(new Cohort.All()), IDS, SIZES, 3);
    }

    private ToyRun(
            Optional<ExamplePrivacy> privacy,
            OptionalLong seed,
            int rounds,
            Optional<ClientLevelPrivacy> clientLevel,
            Participation participation,
            List<String> ids,
            List<Integer> sizes,
            int steps) {
        this.privacy = privacy;
        this.seed = seed;
        this.rounds = rounds;
        this.clientLevel = clientLevel;
        this.participation = participation;
        this.ids = ids;
        this.sizes = sizes;
        this.steps = steps;
    }

    /** Client-level privacy at delta 1e-4 with updates clipped to 0.5. */
    public static ClientLevelPrivacy protecting(Optional<Double> epsilon, Optional<Double> noise, boolean hardLimit) {
        return new ClientLevelPrivacy(
                epsilon.map(Epsilon::new),
                new Delta(1e-4),
                noise.map(NoiseMultiplier::new),
                new UpdateClipping.Fixed(new ClippingNorm(0.5)),
                Optional.empty(),
                AccountantChoice.RDP,
                hardLimit);
    }

    /** Thirty wards, no two of which hold as many examples, drawn with probability 0.3 and protected as wholes. */
    public ToyRun ofWards(ClientLevelPrivacy asked) {
        List<Integer> all = IntStream.range(0, 30).mapToObj(i -> 2011 + 7 * i).toList();
        List<String> names =
                all.stream().map(size -> "ward-" + (size - 2011) / 7).toList();
        Participation drawn = Participation.of(new Cohort.Poisson(0.3)).needing(0);
        return new ToyRun(privacy, seed, rounds, Optional.of(asked), drawn, names, all, steps);
    }

    /** What it left behind. */
    public record Written(
            RunDirectory directory, RunSummary summary, Plan plan, RunResult result, List<Set<String>> cohorts) {}

    /** Runs it into a directory. */
    public Written into(Path path) {
        ModelSpec model = Presets.named("logistic", Shape.of(2), 2, Loss.CROSS_ENTROPY);
        TrainingSettings training = new TrainingSettings(new OptimizerSpec.Sgd(0.5, 0, 0), 1, steps, 20, 20, 1);
        Plan plan =
                new Plan("toy", model, rounds, participation, training, privacy, clientLevel, EvaluationPlan.every(1));
        Randomness randomness = seed.isPresent() ? Randomness.seeded(seed.getAsLong()) : Randomness.secret();
        RandomStream points = randomness.stream("points");
        List<Client> clients = new ArrayList<>();
        List<List<Integer>> counts = new ArrayList<>();
        for (int i = 0; i < sizes.size(); i++) {
            TableExamples examples = points(sizes.get(i), points);
            Optional<ClientPrivacy> own = privacy.map(asked -> asked.forClient(examples.size(), training, rounds));
            InMemoryLedger ledger = new InMemoryLedger(
                    own.isPresent() ? Map.of(ids.get(i), own.get().budget()) : Map.of());
            clients.add(new Client(
                    ids.get(i),
                    examples,
                    Optional.empty(),
                    plan.training(),
                    own,
                    ledger,
                    randomness,
                    new StandardTrainer()));
            int right = (int) IntStream.range(0, examples.size())
                    .filter(at -> examples.label(at) == 1)
                    .count();
            counts.add(List.of(examples.size() - right, right));
        }
        Engine engine = Engine.named("jvm");
        DataSet data = new DataSet("points", points(1, points), Optional.of(points(500, points)), "made in a test");
        DataSplit split = DataSplit.of(
                data.name(),
                data.origin(),
                OptionalInt.of(500),
                ids,
                new PartitionSummary(sizes, CLASSES.names(), counts));
        RunRecorder recorder = new RunRecorder(path, experiment(model), plan, split);
        try (TestData test = new TestData(data.test().orElseThrow(), engine, model, List.of(), 1);
                InTurn fleet = new InTurn(clients, new LocalTraining(engine.compile(model)), new ArrayList<>())) {
            RunResult result = new Federation(
                            plan, new FedAvg(false, 1), fleet, Optional.of(test), randomness, recorder)
                    .run(Initialization.draw(model, randomness.stream("initial-parameters")));
            RunSummary summary = recorder.finish(result, clients, Provenance.of(engine, seed));
            return new Written(recorder.directory(), summary, plan, result, fleet.cohorts());
        }
    }

    private static ObjectNode experiment(ModelSpec model) {
        ObjectNode experiment = Json.object().put("name", "toy").put("rounds", 3);
        experiment.set("model", ModelCodec.write(model));
        return experiment;
    }

    private static TableExamples points(int count, RandomStream random) {
        float[] features = new float[2 * count];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = random.nextInt(2);
            features[2 * i] = (float) (random.nextGaussian() + (labels[i] == 0 ? -2 : 2));
            features[2 * i + 1] = (float) random.nextGaussian();
        }
        return TableExamples.classified("points", Shape.of(2), CLASSES, features, labels);
    }

    /** Clients of this process, one after the other. */
    private record InTurn(List<Client> members, LocalTraining training, List<Set<String>> cohorts) implements Fleet {
        @Override
        public List<ClientProfile> clients() {
            return members.stream().map(Client::profile).toList();
        }

        @Override
        public Collected run(RoundTask task, List<String> cohort, Aggregate empty, ClientObserver observer) {
            List<ClientReport> reports = new ArrayList<>();
            cohorts.add(Set.copyOf(cohort));
            for (Client client : members) {
                if (!cohort.contains(client.profile().id())) {
                    continue;
                }
                try {
                    ClientUpdate update = client.train(task, training);
                    empty.add(update);
                    reports.add(ClientReport.of(update, task.parameters().length));
                } catch (BudgetExceededException e) {
                    reports.add(ClientReport.refused(
                            client.profile().id(),
                            client.profile().examples(),
                            client.epsilon(),
                            new ClientReport.Refusal(ClientReport.Reason.BUDGET, e.getMessage())));
                }
            }
            return new Collected(empty, reports);
        }

        @Override
        public Map<String, Evaluated> evaluate(RoundTask task, List<String> cohort) {
            return Collections.emptyMap();
        }

        @Override
        public void close() {
            // holds nothing
        }
    }
}
