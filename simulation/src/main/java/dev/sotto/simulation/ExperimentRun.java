package dev.sotto.simulation;

import dev.sotto.experiment.ClientData;
import dev.sotto.experiment.Experiment;
import dev.sotto.experiment.report.Report;
import dev.sotto.experiment.run.Checkpoints;
import dev.sotto.experiment.run.DataSplit;
import dev.sotto.experiment.run.Provenance;
import dev.sotto.experiment.run.RunDirectory;
import dev.sotto.experiment.run.RunIdentity;
import dev.sotto.experiment.run.RunRecorder;
import dev.sotto.experiment.run.RunSummary;
import dev.sotto.experiment.run.SavedRun;
import dev.sotto.federation.Client;
import dev.sotto.federation.RunListener;
import dev.sotto.federation.RunResult;
import dev.sotto.federation.RunResult.Ending;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Supplier;

/**
 * An experiment run from beginning to end: simulated, written down, reported. As it goes, its directory keeps what an
 * interrupted run needs to go on.
 */
public final class ExperimentRun {
    private final Experiment experiment;
    private final Simulation simulation;
    private final List<Client> clients;
    private final Provenance provenance;

    private ExperimentRun(Experiment experiment, int workers) {
        this.experiment = experiment;
        this.simulation = Simulation.of(experiment).withWorkers(workers);
        this.clients = simulation.ready();
        this.provenance = Provenance.of(
                experiment.engine(), experiment.seed().map(OptionalLong::of).orElse(OptionalLong.empty()));
    }

    /**
     * How it went.
     *
     * @param summary in numbers
     * @param result model, history, ending
     * @param directory where everything was written
     */
    public record Finished(RunSummary summary, RunResult result, Path directory) {}

    /**
     * Runs an experiment on all cores. What was released before an early end is written all the same.
     *
     * @param directory made if it is not there
     * @param watcher sees the run as it happens
     * @throws dev.sotto.formats.config.ConfigException if the directory cannot be used, as if it holds an earlier run
     */
    public static Finished run(Experiment experiment, Path directory, RunListener watcher) {
        return run(experiment, () -> RunDirectory.create(directory), cores(), false, watcher);
    }

    /** The same, but an earlier run in the directory is replaced. */
    public static Finished replace(Experiment experiment, Path directory, RunListener watcher) {
        return replace(experiment, directory, cores(), watcher);
    }

    /** The same with that many threads. */
    public static Finished replace(Experiment experiment, Path directory, int workers, RunListener watcher) {
        return run(experiment, () -> RunDirectory.replace(directory), workers, false, watcher);
    }

    /** The same; with a checkpoint after each round also where a lost round would cost no more than time. */
    static Finished run(
            Experiment experiment,
            Supplier<RunDirectory> directory,
            int workers,
            boolean eachRound,
            RunListener watcher) {
        ExperimentRun run = new ExperimentRun(experiment, workers);
        RunRecorder recorder =
                new RunRecorder(directory.get(), experiment.resolved(), experiment.plan(), split(experiment));
        Checkpoints journal = Checkpoints.begin(
                recorder.directory(), run.identity(), run.clients, eachRound || run.protectedBySecrets());
        return run.run(Optional.empty(), recorder, journal, watcher);
    }

    /**
     * Goes on with an interrupted run from its last safe round.
     *
     * @param experiment of {@link SavedRun#file}
     * @throws dev.sotto.formats.config.ConfigException if it is not the same run: another experiment, or other data
     */
    public static Finished resume(Experiment experiment, SavedRun saved, RunListener watcher) {
        return resume(experiment, saved, cores(), watcher);
    }

    /** The same with that many threads. */
    public static Finished resume(Experiment experiment, SavedRun saved, int workers, RunListener watcher) {
        ExperimentRun run = new ExperimentRun(experiment, workers);
        saved.identity().requireSame(saved.directory().path(), run.identity());
        Checkpoints journal = Checkpoints.after(saved, run.clients, run.protectedBySecrets());
        RunRecorder recorder = new RunRecorder(saved, experiment.plan(), split(experiment));
        return run.run(Optional.of(saved), recorder, journal, watcher);
    }

    private Finished run(Optional<SavedRun> saved, RunRecorder recorder, Checkpoints journal, RunListener watcher) {
        RunListener all = RunListener.all(List.of(recorder, watcher));
        try (journal;
                SimulatedRun run = new SimulatedRun(simulation, clients, all, journal)) {
            RunResult result = result(saved, run, recorder);
            RunSummary summary = recorder.finish(result, clients, provenance);
            Report.write(recorder.directory());
            if (result.ending() != Ending.CANCELLED) {
                Checkpoints.discard(recorder.directory());
            }
            return new Finished(summary, result, recorder.directory().path());
        }
    }

    /** What is reserved is spent, also where a run breaks off: then its guarantee is all that is written. */
    private RunResult result(Optional<SavedRun> saved, SimulatedRun run, RunRecorder recorder) {
        try {
            return saved.map(earlier -> run.resume(earlier.run(), earlier.clients()))
                    .orElseGet(run::start);
        } catch (RuntimeException | Error e) {
            recorder.brokeOff(run.soFar(), clients, provenance);
            throw e;
        }
    }

    private RunIdentity identity() {
        return RunIdentity.of(
                experiment.resolved(),
                experiment.folder().toAbsolutePath().toString(),
                clients.stream().map(Client::profile).toList(),
                experiment.engine().description());
    }

    private boolean protectedBySecrets() {
        return experiment.plan().isPrivate() && experiment.seed().isEmpty();
    }

    private static int cores() {
        return Runtime.getRuntime().availableProcessors();
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
