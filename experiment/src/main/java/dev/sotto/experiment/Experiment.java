package dev.sotto.experiment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.data.DataContext;
import dev.sotto.data.DataException;
import dev.sotto.data.DataSet;
import dev.sotto.data.Examples;
import dev.sotto.data.PartitionSummary;
import dev.sotto.data.Target;
import dev.sotto.federation.ExamplePrivacy;
import dev.sotto.federation.Participation;
import dev.sotto.federation.Plan;
import dev.sotto.federation.Strategy;
import dev.sotto.federation.TrainingSchedule;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.formats.config.Section;
import dev.sotto.learning.Engine;
import dev.sotto.learning.Loss;
import dev.sotto.learning.ModelCodec;
import dev.sotto.learning.ModelSpec;
import dev.sotto.learning.TrainingSettings;
import dev.sotto.privacy.NeighbouringRelation;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * An experiment file, validated and worked out against its data: everything a run needs.
 *
 * @param plan what is to be done
 * @param strategy how updates become the next model
 * @param engine what computes
 * @param clients each client's data
 * @param test central test data
 * @param dataSet what the data is called and where it came from; its examples are those of clients and test
 * @param split how it was dealt out
 * @param seed given: the run can be repeated bit by bit, and is not private
 * @param resolved the experiment with every default filled in
 * @param folder where its relative paths start
 */
public record Experiment(
        Plan plan,
        Strategy strategy,
        Engine engine,
        List<ClientData> clients,
        Optional<Examples> test,
        DataSet dataSet,
        PartitionSummary split,
        Optional<Long> seed,
        ObjectNode resolved,
        Path folder) {

    /**
     * Reads and validates an experiment, then loads its data.
     *
     * @throws dev.sotto.formats.config.ConfigException naming file, key (or layer) and what would be valid
     * @throws dev.sotto.data.DataException if the data cannot be had or is not valid
     */
    public static Experiment load(ExperimentFile file, DataContext context) {
        return load(file, context, new LoadedData());
    }

    /**
     * The same with data that other experiments may have loaded before.
     *
     * @param loaded keeps what is loaded now for those that come later
     */
    public static Experiment load(ExperimentFile file, DataContext context, LoadedData loaded) {
        Section top = Section.root(file.name(), file.tree(), Elsewhere.KEYS);
        try {
            return load(top, context, loaded);
        } catch (IllegalArgumentException e) {
            // What a value itself refuses knows neither file nor key.
            throw e instanceof ConfigException && e.getMessage().startsWith(file.name() + ":") ? e : top.error(e);
        }
    }

    private static Experiment load(Section top, DataContext context, LoadedData loaded) {
        String name = top.text("name", "experiment");
        Optional<Long> seed = top.wide("seed");
        DataReader data = DataReader.read(top.section("data"), top.isSection("privacy"));
        top.has("model");
        int rounds = top.integer("rounds", 10, 1, Integer.MAX_VALUE);
        Section cohortSection = top.section("cohort");
        boolean examplePrivate =
                top.isSection("privacy") && top.section("privacy").has("example-level");
        TrainingSchedule training = TrainingReader.read(top.section("client"), examplePrivate);
        PrivacySettings privacy =
                PrivacySettings.read(top.section("privacy"), training.first().batchSize());
        Strategy strategy = ServerReader.read(
                top.section("server"),
                privacy.clientLevel().map(own -> !own.capsWeights()),
                training.first().optimizer().learningRate());
        EvaluationReader evaluation = EvaluationReader.read(
                top.section("evaluation"), privacy.clientLevel().isPresent());
        Section simulated = top.section("simulate");
        Engine engine = Engine.named(top.text("engine", "jvm"));
        top.end();

        DataSet dataSet = loaded.get(top.resolved().path("data"), context.root(), () -> data.load(context));
        DataReader.Dealt dealt = deal(top, data, dataSet, evaluation.validationFraction());
        Participation participation = CohortReader.read(
                cohortSection,
                dealt.clients().size(),
                privacy.clientLevel().map(ClientLevelSettings::leastClients).orElse(1));
        dealt.clients().forEach(client -> requireBatches(top, client, training));
        ModelSpec model = model(top, dataSet.train());
        Optional<ExamplePrivacy> examplePrivacy = privacy.exampleLevel()
                .map(settings -> settings.apply(model.layout().groups()));
        examplePrivacy.ifPresent(own -> requireDeclared(top, own, training, strategy));
        Plan plan = new Plan(
                name,
                model,
                rounds,
                participation,
                training,
                examplePrivacy,
                privacy.clientLevel()
                        .map(settings -> settings.privacy(
                                dealt.clients().size(), model.layout().groups())),
                evaluation.plan());
        // What does not fit is refused before anything runs.
        plan.requireFits(strategy, dealt.clients().size());
        plan.clientLevelPlan(dealt.clients().size());
        top.resolve("model", ModelCodec.write(model));
        List<ClientData> clients = AttackReader.read(simulated, dealt.clients());
        return new Experiment(
                plan,
                strategy,
                engine,
                clients,
                dealt.test(),
                dataSet,
                dealt.split(),
                seed,
                top.resolved(),
                context.root());
    }

    private static void requireBatches(Section top, ClientData client, TrainingSchedule training) {
        for (TrainingSettings phase : training.phases()) {
            if (phase.batchSize() > client.examples().size()) {
                throw top.error("client.batch-size: " + phase.batchSize() + " is more than the "
                        + client.examples().size() + " training examples of " + client.id()
                        + "; it must be at most that");
            }
        }
    }

    /** Under add-or-remove-one the number of examples is private, so nothing that others see may be worked out from it. */
    private static void requireDeclared(
            Section top, ExamplePrivacy privacy, TrainingSchedule training, Strategy strategy) {
        if (privacy.relation() != NeighbouringRelation.ADD_OR_REMOVE_ONE) {
            return;
        }
        if (training.phases().stream().anyMatch(phase -> phase.steps() == 0)) {
            throw top.error("client.steps: it must be set under add-or-remove-one: steps worked out from epochs would "
                    + "reveal the number of examples");
        }
        if (strategy.usesExampleCounts()) {
            throw top.error(
                    "server.weighting: it must be uniform under add-or-remove-one: weights would reveal the number "
                            + "of examples");
        }
    }

    /** A split that cannot be made is a mistake in the experiment, not in the data. */
    private static DataReader.Dealt deal(Section top, DataReader data, DataSet dataSet, double validationFraction) {
        try {
            return data.deal(dataSet, validationFraction);
        } catch (DataException e) {
            throw top.error(e);
        }
    }

    private static ModelSpec model(Section top, Examples train) {
        boolean classes = train.target() instanceof Target.Classes;
        int outputs = train.target() instanceof Target.Classes labels
                ? labels.count()
                : ((Target.Values) train.target()).size();
        Loss loss = classes ? Loss.CROSS_ENTROPY : Loss.MEAN_SQUARED_ERROR;
        ModelSpec model = ModelCodec.read(
                top, train.shape(), outputs, loss, train.shape().rank() == 3 ? "mnist-cnn" : "logistic");
        if (model.outputs() != outputs) {
            throw top.error("model: " + model.name() + " has " + model.outputs() + " outputs, but the data has "
                    + outputs + (classes ? " classes" : " target values"));
        }
        if (model.loss() != loss) {
            throw top.error("model.loss: " + model.loss().label() + " does not fit data with "
                    + (classes ? "classes" : "values") + "; use " + loss.label());
        }
        return model;
    }
}
