package dev.sotto.experiment;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.data.DataContext;
import dev.sotto.data.DataException;
import dev.sotto.data.DataSet;
import dev.sotto.data.Examples;
import dev.sotto.data.PartitionSummary;
import dev.sotto.federation.Participation;
import dev.sotto.federation.Plan;
import dev.sotto.federation.Strategy;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.formats.config.Section;
import dev.sotto.learning.Engine;
import dev.sotto.learning.ExampleMisfit;
import dev.sotto.learning.ModelSpec;
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
        SharedSections shared = SharedSections.read(top, name);
        Section simulated = top.section("simulate");
        top.end();

        DataSet dataSet = loaded.get(top.resolved().path("data"), context.root(), () -> data.load(context));
        DataReader.Dealt dealt = deal(top, data, dataSet, shared.validationFraction());
        int clients = dealt.clients().size();
        Participation participation = shared.simulated(clients);
        dealt.clients()
                .forEach(client ->
                        shared.requireBatches(client.id(), client.examples().size()));
        ModelSpec model = shared.model(DataContract.of(dataSet.train()));
        requireReadable(model, dataSet.train(), dataSet.origin());
        dataSet.test().ifPresent(test -> requireReadable(model, test, dataSet.origin()));
        Plan plan = shared.plan(model, participation, clients);
        plan.privacy()
                .flatMap(own -> SetAside.misfit(own.relation(), top.resolved().path("data")))
                .ifPresent(reason -> {
                    throw top.error(reason);
                });
        plan.privacy().ifPresent(own -> dealt.clients().stream()
                .mapToInt(client -> client.examples().size())
                .distinct()
                .forEach(size -> own.requireSchedules(size, plan.training(), plan.rounds())));
        return new Experiment(
                plan,
                shared.strategy(),
                shared.engine(),
                AttackReader.read(simulated, dealt.clients()),
                dealt.test(),
                dataSet,
                dealt.split(),
                seed,
                top.resolved(),
                context.root());
    }

    private static void requireReadable(ModelSpec model, Examples examples, String origin) {
        ExampleMisfit.first(model, examples).ifPresent(misfit -> {
            String file = examples.grouping("file")
                    .map(files -> files.names().get(files.group(misfit.example())))
                    .orElse(origin);
            throw new DataException(file + ": example " + examples.loadedAs(misfit.example()) + " of all, from 0: "
                    + misfit.reason() + " (model " + model.name() + ")");
        });
    }

    /** A split that cannot be made is a mistake in the experiment, not in the data. */
    private static DataReader.Dealt deal(Section top, DataReader data, DataSet dataSet, double validationFraction) {
        try {
            return data.deal(dataSet, validationFraction);
        } catch (DataException e) {
            throw top.error(e);
        }
    }
}
