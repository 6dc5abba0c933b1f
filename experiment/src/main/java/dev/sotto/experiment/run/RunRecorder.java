package dev.sotto.experiment.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.federation.Participant;
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
    private final double secondsBefore;

    /**
     * Begins a run's directory.
     *
     * @param path made if it is not there
     * @param experiment fully resolved
     * @param split stated as far as the plan's privacy allows
     * @throws dev.sotto.formats.config.ConfigException if the directory cannot be used, as if it holds an earlier run
     */
    public RunRecorder(Path path, ObjectNode experiment, Plan plan, DataSplit split) {
        this(RunDirectory.create(path), experiment, plan, split);
    }

    /** Writes a run into a directory that was made for it. */
    public RunRecorder(RunDirectory directory, ObjectNode experiment, Plan plan, DataSplit split) {
        this(directory, plan, split, List.of(), 0);
        directory.writeExperiment(experiment);
    }

    /** Goes on with a run's directory: its history ends with the last round that is safe. */
    public RunRecorder(SavedRun run, Plan plan, DataSplit split) {
        this(run.directory(), plan, split, run.spentBesides(), run.seconds());
        rewrite(run.run().history());
    }

    /**
     * Writes down what others kept of a run, over or not.
     *
     * @param interrupted rounds that were begun once more than the history tells, each as often
     * @param seconds that it has taken
     */
    public static RunRecorder of(
            RunDirectory directory,
            ObjectNode experiment,
            Plan plan,
            DataSplit split,
            List<RoundRecord> history,
            List<Integer> interrupted,
            double seconds) {
        RunRecorder recorder = new RunRecorder(directory, plan, split, interrupted, seconds);
        directory.writeExperiment(experiment);
        recorder.rewrite(history);
        return recorder;
    }

    private RunRecorder(
            RunDirectory directory, Plan plan, DataSplit split, List<Integer> interrupted, double secondsBefore) {
        this.disclosure = Disclosure.under(plan);
        this.examples = ExampleLevelBound.of(plan, interrupted);
        this.plan = plan;
        this.split = split;
        this.classes = plan.model().loss() == Loss.CROSS_ENTROPY;
        this.directory = directory;
        this.secondsBefore = secondsBefore;
    }

    private void rewrite(List<RoundRecord> history) {
        directory.rewriteHistory(history.stream()
                .map(record -> RoundLine.of(record, classes, disclosure, examples))
                .toList());
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
    public RunSummary finish(RunResult result, List<? extends Participant> clients, Provenance provenance) {
        PrivacyStatement statement = PrivacyStatement.of(plan, result, clients, examples, provenance);
        Optional<String> model = model(result, provenance);
        directory.writePrivacy(statement);
        double seconds = secondsBefore + (System.nanoTime() - start) / 1e9;
        RunSummary summary = RunSummary.of(plan, result, clients, statement, split, model, seconds);
        directory.writeResult(summary);
        return summary;
    }

    /** Writes the guarantee of what was reserved so far, where a run broke off: what is reserved is spent. */
    public void brokeOff(RunResult soFar, List<? extends Participant> clients, Provenance provenance) {
        directory.writePrivacy(PrivacyStatement.of(plan, soFar, clients, examples, provenance));
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
