package dev.sotto.benchmarks.round;

import dev.sotto.benchmarks.engine.StepFlops;
import dev.sotto.data.DataContext;
import dev.sotto.data.Examples;
import dev.sotto.data.generated.ShapesSource;
import dev.sotto.data.partition.IidPartitioner;
import dev.sotto.federation.Client;
import dev.sotto.federation.ClientTrainer;
import dev.sotto.federation.Cohort;
import dev.sotto.federation.EvaluationPlan;
import dev.sotto.federation.Federation;
import dev.sotto.federation.Fleet;
import dev.sotto.federation.Participation;
import dev.sotto.federation.Plan;
import dev.sotto.federation.RoundRecord;
import dev.sotto.federation.RunListener;
import dev.sotto.federation.StandardTrainer;
import dev.sotto.federation.TrainingSchedule;
import dev.sotto.federation.clientlevel.ClientLevelPrivacy;
import dev.sotto.federation.clientlevel.NoiseDistribution;
import dev.sotto.federation.clientlevel.UpdateNoise;
import dev.sotto.federation.strategy.FedAvg;
import dev.sotto.learning.Engine;
import dev.sotto.learning.Initialization;
import dev.sotto.learning.ModelSpec;
import dev.sotto.learning.OptimizerSpec;
import dev.sotto.learning.Presets;
import dev.sotto.learning.TrainingSettings;
import dev.sotto.privacy.ledger.InMemoryLedger;
import dev.sotto.privacy.random.Randomness;
import dev.sotto.simulation.InProcessFleet;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Prints how long a round under client-level privacy takes and where the time goes. The setting is pfl-research's CIFAR-10
 * benchmark with generated images of that shape: 1,000 clients of 50 examples, 50 of them a round, one local epoch in
 * batches of 10, 1,626,442 parameters.
 */
public final class RoundTable {
    private static final int WARM_UP = 3;
    private static final double CLIPPING_NORM = 0.4;

    /**
     * What is measured.
     *
     * @param clients in all
     * @param examples of each client
     * @param cohort clients a round
     * @param batch of local training
     * @param rounds that are measured, after a few to warm up
     */
    record Setting(String model, int clients, int examples, int cohort, int batch, int rounds) {}

    private RoundTable() {}

    /** Measures; arguments are kinds of noise, {@code gaussian} (default) or {@code discrete-gaussian}. */
    public static void main(String[] args) {
        Setting setting = new Setting("pfl-cnn", 1000, 50, 50, 10, 12);
        int workers = Runtime.getRuntime().availableProcessors();
        for (String noise : args.length > 0 ? List.of(args) : List.of("gaussian")) {
            measure(setting, distribution(noise), workers, System.out);
        }
    }

    private static NoiseDistribution distribution(String word) {
        return Arrays.stream(NoiseDistribution.values())
                .filter(each -> each.label().equals(word))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "noise is " + word + "; it must be gaussian or discrete-gaussian"));
    }

    static RoundTimes measure(Setting setting, NoiseDistribution noise, int workers, PrintStream out) {
        Examples data = ShapesSource.of(setting.clients() * setting.examples(), 0, 1)
                .load(DataContext.ofSystem())
                .train();
        ModelSpec model = Presets.fitting(setting.model(), data);
        Plan plan = plan(setting, noise, model);
        RoundClock clock = new RoundClock();
        SgemmBound sgemm = new SgemmBound(workers);
        List<RoundTimes> rounds = new ArrayList<>();
        RunListener listener = new RunListener() {
            @Override
            public void roundFinished(RoundRecord record, float[] parameters) {
                RoundTimes times = clock.take(record.seconds(), workers);
                if (record.round() > WARM_UP) {
                    rounds.add(times);
                    sgemm.measure();
                }
            }
        };
        Engine engine = Engine.named("jvm");
        try (Fleet fleet = new TimedFleet(
                new InProcessFleet(clients(setting, plan, data, clock), engine, model, workers), clock)) {
            Randomness randomness = Randomness.secret();
            new Federation(
                            plan,
                            new TimedStrategy(new FedAvg(false, 1), clock),
                            fleet,
                            Optional.empty(),
                            randomness,
                            listener)
                    .run(Initialization.draw(model, randomness.stream("initial-parameters")));
        }
        RoundTimes medians = RoundTimes.medians(rounds);
        print(setting, noise, model, engine, workers, medians, sgemm.rate(), out);
        return medians;
    }

    private static Plan plan(Setting setting, NoiseDistribution noise, ModelSpec model) {
        return new Plan(
                "rounds",
                model,
                WARM_UP + setting.rounds(),
                Participation.of(new Cohort.FixedSize(setting.cohort())).needing(0),
                TrainingSchedule.of(TrainingSettings.of(OptimizerSpec.sgd(0.1), setting.batch())),
                Optional.empty(),
                Optional.of(ClientLevelPrivacy.withNoise(1, 1e-5, CLIPPING_NORM)
                        .with(new UpdateNoise.AtCoordinator(noise))),
                EvaluationPlan.every(Integer.MAX_VALUE));
    }

    private static List<Client> clients(Setting setting, Plan plan, Examples data, RoundClock clock) {
        ClientTrainer standard = new StandardTrainer();
        ClientTrainer timed = (client, parameters, training) -> {
            long start = RoundClock.now();
            try {
                return standard.train(client, parameters, training);
            } finally {
                clock.training.add(RoundClock.now() - start);
            }
        };
        List<Client> clients = new ArrayList<>();
        for (Examples own :
                new IidPartitioner().split(data, setting.clients(), 1).of(data)) {
            clients.add(new Client(
                    "client-" + clients.size(),
                    own,
                    Optional.empty(),
                    plan.training(),
                    Optional.empty(),
                    new InMemoryLedger(Map.of()),
                    Randomness.secret(),
                    timed));
        }
        return clients;
    }

    private static void print(
            Setting setting,
            NoiseDistribution noise,
            ModelSpec model,
            Engine engine,
            int workers,
            RoundTimes times,
            double sgemm,
            PrintStream out) {
        double flops = (double) setting.cohort()
                * setting.examples()
                * StepFlops.of(model).total();
        double bound = flops / sgemm;
        line(out, "%s, %d workers, load average %.1f", engine.description(), workers, load());
        line(
                out,
                "%s, %,d parameters; %,d clients of %d examples, %d a round, one epoch in batches of %d; noise %s",
                model.name(),
                model.layout().size(),
                setting.clients(),
                setting.examples(),
                setting.cohort(),
                setting.batch(),
                noise.label());
        line(
                out,
                "a round                %8.3f s on the wall, %.3f s of each core; medians",
                times.wall(),
                times.busy());
        part(out, "training", times.training(), times);
        part(out, "aggregation", times.aggregation(), times);
        part(out, "  clip and add", times.adding(), times);
        part(out, "  merge and update", times.updating(), times);
        part(out, "noise", times.noise(), times);
        part(out, "aggregation and noise", times.aggregation() + times.noise(), times);
        line(
                out,
                "sgemm bound            %8.3f s: %.0f GFLOP at %.0f GFLOP/s; training takes %.2f of it",
                bound,
                flops / 1e9,
                sgemm / 1e9,
                times.training() / bound);
    }

    private static void part(PrintStream out, String name, double seconds, RoundTimes whole) {
        line(out, "%-22s %8.3f s  %5.1f%%", name, seconds, 100 * seconds / whole.busy());
    }

    private static void line(PrintStream out, String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }
}
