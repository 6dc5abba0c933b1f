package dev.sotto.simulation;

import dev.sotto.experiment.ClientData;
import dev.sotto.experiment.Experiment;
import dev.sotto.experiment.report.Report;
import dev.sotto.experiment.run.DataSplit;
import dev.sotto.experiment.run.Provenance;
import dev.sotto.experiment.run.RunRecorder;
import dev.sotto.experiment.run.RunSummary;
import dev.sotto.federation.RunListener;
import dev.sotto.federation.RunResult;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** An experiment run from beginning to end: simulated, written down, reported. */
public final class ExperimentRun {
    private ExperimentRun() {}

    /**
     * How it went.
     *
     * @param summary in numbers
     * @param result model, history, ending
     * @param directory where everything was written
     */
    public record Finished(RunSummary summary, RunResult result, Path directory) {}

    /**
     * Runs an experiment. What was released before an early end is written all the same.
     *
     * @param directory made if it is not there
     * @param watcher sees the run as it happens
     */
    public static Finished run(Experiment experiment, Path directory, RunListener watcher) {
        RunRecorder recorder = new RunRecorder(directory, experiment.resolved(), experiment.plan(), split(experiment));
        Simulation simulation = Simulation.of(experiment);
        Simulation.Outcome outcome = simulation.run(RunListener.all(List.of(recorder, watcher)));
        Provenance provenance = Provenance.of(
                experiment.engine(), experiment.seed().map(OptionalLong::of).orElse(OptionalLong.empty()));
        RunSummary summary = recorder.finish(outcome.result(), outcome.clients(), provenance);
        Report.write(recorder.directory());
        return new Finished(summary, outcome.result(), recorder.directory().path());
    }

    private static DataSplit split(Experiment experiment) {
        return DataSplit.of(
                experiment.dataSet().name(),
                experiment.dataSet().origin(),
                experiment.test().map(test -> OptionalInt.of(test.size())).orElse(OptionalInt.empty()),
                experiment.clients().stream().map(ClientData::id).toList(),
                experiment.split());
    }
}
