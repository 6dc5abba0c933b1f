package dev.sotto.experiment.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.federation.Client;
import dev.sotto.federation.Plan;
import dev.sotto.federation.RoundRecord;
import dev.sotto.federation.RunListener;
import dev.sotto.federation.RunResult;
import dev.sotto.learning.Loss;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Writes a run down as it happens: the experiment at once, a line of history after each round, the rest at the end. Give it
 * to a federation as a {@link RunListener}, and call {@link #finish} with the result.
 */
public final class RunRecorder implements RunListener {
    private final RunDirectory directory;
    private final Plan plan;
    private final DataSplit split;
    private final Disclosure disclosure;
    private final Optional<ExampleLevelBound> examples;
    private final boolean classes;
    private final long start = System.nanoTime();

    /**
     * Begins a run's directory.
     *
     * @param path made if it is not there
     * @param experiment fully resolved
     * @param split stated as far as the plan's privacy allows
     * @throws dev.sotto.formats.config.ConfigException if the directory cannot be used
     */
    public RunRecorder(Path path, ObjectNode experiment, Plan plan, DataSplit split) {
        this.disclosure = Disclosure.under(plan);
        this.examples = ExampleLevelBound.of(plan);
        this.plan = plan;
        this.split = split;
        this.classes = plan.model().loss() == Loss.CROSS_ENTROPY;
        this.directory = RunDirectory.create(path);
        directory.writeExperiment(experiment);
    }

    /** Where everything goes. */
    public RunDirectory directory() {
        return directory;
    }

    @Override
    public void roundFinished(RoundRecord record, float[] parameters) {
        directory.append(RoundLine.of(record, classes, disclosure, examples));
    }

    /**
     * Writes the model, the guarantee and the result.
     *
     * @param clients with the ledgers that the guarantee is read from
     */
    public RunSummary finish(RunResult result, List<Client> clients, Provenance provenance) {
        PrivacyStatement statement = PrivacyStatement.of(plan, result, clients, provenance);
        Optional<String> model = model(result, provenance);
        directory.writePrivacy(statement);
        double seconds = (System.nanoTime() - start) / 1e9;
        RunSummary summary = RunSummary.of(plan, result, clients, statement, split, model, seconds);
        directory.writeResult(summary);
        return summary;
    }

    /** The last released model; before any release there is nothing worth keeping. */
    private Optional<String> model(RunResult result, Provenance provenance) {
        if (result.rounds() == 0) {
            return Optional.empty();
        }
        directory.writeModel(plan.model(), result.parameters(), provenance);
        return Optional.of(directory.file(RunDirectory.SAFETENSORS).toString());
    }
}
