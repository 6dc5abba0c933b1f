package dev.sotto.cli;

import dev.sotto.experiment.ExperimentFile;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.simulation.sweep.Axis;
import dev.sotto.simulation.sweep.CellResult;
import dev.sotto.simulation.sweep.Grid;
import dev.sotto.simulation.sweep.Sweep;
import dev.sotto.simulation.sweep.SweepDirectory;
import dev.sotto.simulation.sweep.SweepFiles;
import dev.sotto.simulation.sweep.SweepResult;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** sotto sweep. */
@Command(
        name = "sweep",
        mixinStandardHelpOptions = true,
        description = {
            "Run an experiment once for each combination of settings, side by side on all cores, and show what each "
                    + "brings (accuracy) and costs (epsilon): as a table, and as figures of accuracy against noise and "
                    + "against epsilon.",
            "The same command again, or --resume, goes on where a sweep was stopped: runs that are over are kept."
        },
        footer = {
            "",
            "Examples:",
            "  sotto sweep examples/digits.yaml --vary privacy.example-level.epsilon=1,3,10",
            "  sotto sweep my.yaml --vary privacy.client-level.noise-multiplier=0,0.5,1 \\",
            "      --vary server.strategy=fedavg,fedadam --repeats 3",
            "",
            "The second runs 3 x 2 combinations, 3 times each: 18 runs. Keys are those of the",
            "experiment file, with a dot for each level; docs/experiments.md has all of them.",
            "A value is YAML: commas in [..], {..} and quotes belong to it. A noise",
            "multiplier of 0 adds no noise: such a run is not private, and says so.",
            "",
            "A sweep writes one directory: sweep.html to look at; sweep.csv, sweep.json and",
            "sweep.svg with the same; and cells/, with a directory for each run.",
            "",
            "Each epsilon is that of one run. Whoever picks the best of several runs on",
            "private data has learnt from all of them: what they cost together is printed at",
            "the end.",
            "",
            "Exit status: 0 done; 1 a run failed, with a line for each; 2 wrong usage or",
            "configuration, before anything has run."
        })
final class SweepCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "EXPERIMENT.yaml",
            description = "The experiment; without one, the built-in digits.")
    private Path file;

    @Option(
            names = "--vary",
            paramLabel = "KEY.PATH=V1,V2,...",
            description = "Values that a key takes in turn. May be given many times: every combination is run.")
    private List<String> vary = new ArrayList<>();

    @Option(
            names = "--set",
            paramLabel = "KEY.PATH=VALUE",
            description = "Change a setting for all runs; may be given many times.")
    private List<String> settings = new ArrayList<>();

    @Option(
            names = "--repeats",
            paramLabel = "K",
            description =
                    "Run each combination K times, to see how far results scatter; a seed grows by one each time. "
                            + "Default: 1.")
    private Integer repeats;

    @Option(
            names = "--workers",
            paramLabel = "N",
            description = "How many runs at once; they share the cores. Default: one for each core.")
    private Long workers;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Where to write. Default: runs/NAME-sweep-HASH, the same for the same sweep.")
    private Path out;

    @Option(names = "--resume", paramLabel = "DIR", description = "Go on with the sweep in this directory.")
    private Path resume;

    @Option(
            names = "--account-tuning",
            description = "State what all runs cost together as the guarantee of whichever model is kept.")
    private boolean accountTuning;

    @Option(names = "--json", description = "Print exactly one JSON object on standard output.")
    private boolean json;

    @Override
    public Integer call() {
        Console console = Console.of(spec);
        Grid grid = resume == null ? grid() : new SweepDirectory(untouched()).grid();
        Path directory = directory(grid);
        Sweep sweep = Sweep.of(grid, grid.file().context().withProgress(new DownloadProgress(console)), directory);
        if (accountTuning) {
            sweep.requireAllPrivate();
        }
        console.remark(SweepText.before(sweep, directory));
        SweepResult result;
        SweepProgress progress = new SweepProgress(console, sweep);
        Interruption interruption =
                Interruption.ofSweep(directory, progress, sweep.cells().size(), console);
        try (progress;
                interruption) {
            result = sweep.run(workers(), accountTuning, progress);
        }
        console.result(json ? SweepFiles.json(result).toString() : SweepText.after(result, directory));
        for (CellResult failure : result.failures()) {
            console.remark(
                    "sotto: " + failure.cell().name() + ": " + failure.failure().orElseThrow());
        }
        return result.failures().isEmpty() ? 0 : Failures.FAILED;
    }

    private Grid grid() {
        ExperimentFile written = file == null ? ExperimentFile.builtIn() : ExperimentFile.read(file);
        return new Grid(written.with(settings), vary.stream().map(Axis::parse).toList(), repeats == null ? 1 : repeats);
    }

    /** A sweep goes on as it was begun. */
    private Path untouched() {
        if (file != null || !vary.isEmpty() || !settings.isEmpty() || repeats != null || out != null) {
            throw new ConfigException("--resume takes the sweep from " + resume
                    + ": leave out EXPERIMENT.yaml, --vary, --set, --repeats and --out");
        }
        return resume;
    }

    private Path directory(Grid grid) {
        if (resume != null) {
            return resume;
        }
        String name = grid.file().tree().path("name").asText("experiment");
        return out != null
                ? out
                : Path.of(
                        "runs",
                        String.format(
                                Locale.ROOT,
                                "%s-sweep-%08x",
                                name.replaceAll("[^A-Za-z0-9._-]", "-"),
                                grid.fingerprint()));
    }

    private int workers() {
        long count = workers == null
                ? Runtime.getRuntime().availableProcessors()
                : OptionRange.atLeastOne("--workers", workers);
        return (int) Math.min(count, Integer.MAX_VALUE);
    }
}
