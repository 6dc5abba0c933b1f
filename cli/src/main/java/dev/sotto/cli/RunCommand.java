package dev.sotto.cli;

import dev.sotto.data.DataContext;
import dev.sotto.experiment.Experiment;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.federation.RoundRecord;
import dev.sotto.federation.RunListener;
import dev.sotto.simulation.RunSummary;
import dev.sotto.simulation.Simulation;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** sotto run. */
@Command(name = "run", mixinStandardHelpOptions = true, description = "Simulate a federation in this process.")
final class RunCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "EXPERIMENT.yaml",
            description = "What to run; the built-in digits experiment if absent.")
    private Path file;

    @Option(names = "--set", paramLabel = "key.path=value", description = "Change a setting of the experiment.")
    private List<String> settings = new ArrayList<>();

    @Option(names = "--seed", description = "Make the run repeatable, and so not private.")
    private Long seed;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() {
        ExperimentFile experiment = file == null ? ExperimentFile.builtIn() : ExperimentFile.read(file);
        List<String> all = new ArrayList<>(settings);
        if (seed != null) {
            all.add("seed=" + seed);
        }
        Experiment loaded = Experiment.load(experiment.with(all), DataContext.ofSystem());
        spec.commandLine().getErr().println(loaded.split().text());
        long start = System.nanoTime();
        Simulation.Outcome outcome = Simulation.of(loaded).run(new RunListener() {
            @Override
            public void roundFinished(RoundRecord record, float[] parameters) {
                spec.commandLine()
                        .getErr()
                        .println("round " + record.round() + " accuracy "
                                + record.central().map(e -> e.accuracy()) + " eps " + record.epsilon() + " s "
                                + record.seconds());
            }
        });
        RunSummary summary = RunSummary.of(loaded, outcome, Optional.empty(), (System.nanoTime() - start) / 1e9);
        spec.commandLine().getOut().println(summary.toJson().toPrettyString());
        return 0;
    }
}
