package dev.sotto.cli;

import dev.sotto.experiment.Experiment;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.experiment.run.SavedRun;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.simulation.ExperimentRun;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
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
@Command(
        name = "run",
        mixinStandardHelpOptions = true,
        description = {
            "Simulate a federation in this process: many clients train one model, and the run records what privacy "
                    + "guarantees for each of them, an epsilon and a delta.",
            "Without a file it runs the built-in experiment: two clients, generated digits, epsilon 3."
        },
        footer = {
            "",
            "Examples:",
            "  sotto run",
            "  sotto run examples/mnist-2-clients.yaml --set privacy.example-level.epsilon=1",
            "  sotto run --set rounds=3 --set data.clients=10 --json",
            "  sotto run --resume runs/digits-20260101-120000",
            "",
            "Keys are those of the experiment file, with a dot for each level. All of them",
            "are in docs/experiments.md; 'sotto init' writes a file to start from.",
            "",
            "A run writes one directory: report.html to look at; privacy.json with the whole",
            "guarantee; the model (safetensors and npz); history.jsonl, a line a round; and",
            "the experiment in full. A run that was cut short goes on from its last finished",
            "round with --resume DIR; on Ctrl-C it says so, with the directory.",
            "",
            "Exit status: 0 done, also when a budget ended the run early; 2 wrong usage or",
            "configuration; 3 a budget refused and nothing was released; 1 any other failure."
        })
final class RunCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "EXPERIMENT.yaml",
            description = "The experiment; without one, the built-in digits.")
    private Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY.PATH=VALUE",
            description = "Change a setting of the experiment; may be given many times.")
    private List<String> settings = new ArrayList<>();

    @Option(names = "--out", paramLabel = "DIR", description = "Where to write. Default: runs/NAME-TIME.")
    private Path out;

    @Option(names = "--force", description = "Replace an earlier run in the directory given by --out.")
    private boolean force;

    @Option(names = "--resume", paramLabel = "DIR", description = "Go on with the interrupted run in this directory.")
    private Path resume;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Draw everything from a seed: repeatable bit by bit, and therefore not private.")
    private Long seed;

    @Option(
            names = "--noise-level",
            paramLabel = "batch|sample",
            description = "Clip, and add noise, per batch or per sample; short for --set "
                    + "privacy.example-level.clip-per=batch|example.")
    private String noiseLevel;

    @Option(names = "--json", description = "Print exactly one JSON object on standard output.")
    private boolean json;

    @Override
    public Integer call() {
        Console console = Console.of(spec);
        ExperimentRun.Finished finished = resume == null ? begin(console) : goOn(console);
        console.result(
                json ? finished.summary().json().toString() : RunText.after(finished.summary(), finished.directory()));
        RunText.withheld(finished.result()).ifPresent(console::remark);
        return status(finished, console);
    }

    private ExperimentRun.Finished begin(Console console) {
        Experiment experiment = load(written(), console);
        Path directory = out == null ? defaultDirectory(experiment.plan().name()) : out;
        console.remark(RunText.before(experiment));
        RunProgress progress = progress(experiment, 0, console);
        Interruption interruption = Interruption.ofRun(directory, progress, console);
        try (progress;
                interruption) {
            return force
                    ? ExperimentRun.replace(experiment, directory, progress)
                    : ExperimentRun.run(experiment, directory, progress);
        }
    }

    private ExperimentRun.Finished goOn(Console console) {
        if (out != null || force) {
            throw new ConfigException(
                    (out != null ? "--out" : "--force") + ": a run goes on where it is, so not with --resume");
        }
        SavedRun saved = SavedRun.read(resume);
        boolean given = file != null || !overrides().isEmpty();
        Experiment experiment = load(given ? again(saved) : saved.file(), console);
        int round = saved.run().state().round();
        console.remark(RunText.before(experiment));
        console.remark(RunText.goingOn(saved, experiment));
        RunProgress progress = progress(experiment, round, console);
        Interruption interruption = Interruption.ofRun(resume, progress, console);
        try (progress;
                interruption) {
            return ExperimentRun.resume(experiment, saved, progress);
        }
    }

    /** What was given beside --resume: whether it is the same experiment shows once it is loaded. */
    private ExperimentFile again(SavedRun saved) {
        return (file == null ? saved.file() : read()).with(overrides());
    }

    private ExperimentFile written() {
        return (file == null ? ExperimentFile.builtIn() : read()).with(overrides());
    }

    private static Experiment load(ExperimentFile file, Console console) {
        return Experiment.load(file, file.context().withProgress(new DownloadProgress(console)));
    }

    private static RunProgress progress(Experiment experiment, int finished, Console console) {
        boolean classes = !experiment.split().classNames().isEmpty();
        return new RunProgress(console, experiment.plan(), finished, classes);
    }

    private ExperimentFile read() {
        Optional<String> known = Files.exists(file) ? Optional.empty() : Elsewhere.hint(spec, List.of(file.toString()));
        known.ifPresent(hint -> {
            throw new ConfigException(file + ": there is no such file" + hint);
        });
        return ExperimentFile.read(file);
    }

    private List<String> overrides() {
        List<String> all = new ArrayList<>(settings);
        Optional.ofNullable(seed).ifPresent(value -> all.add("seed=" + value));
        if (noiseLevel != null) {
            String unit =
                    switch (noiseLevel) {
                        case "batch" -> "batch";
                        case "sample" -> "example";
                        default ->
                            throw new ConfigException("--noise-level " + noiseLevel + ": it must be batch or sample");
                    };
            all.add("privacy.example-level.clip-per=" + unit);
        }
        return all;
    }

    private static Path defaultDirectory(String name) {
        String time = LocalDateTime.now(ZoneId.systemDefault()).format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
        return Path.of("runs", name.replaceAll("[^A-Za-z0-9._-]", "-") + "-" + time);
    }

    /** What kind of end it was; one that is a failure says why. */
    private static int status(ExperimentRun.Finished finished, Console console) {
        boolean released = finished.result().rounds() > 0;
        int status =
                switch (finished.result().ending()) {
                    case COMPLETED, CANCELLED -> 0;
                    case BUDGET -> released ? 0 : Failures.REFUSED;
                    case DIVERGED, FAILED -> Failures.FAILED;
                };
        if (status != 0) {
            finished.result().reason().ifPresent(reason -> console.remark("sotto: " + reason));
        }
        return status;
    }
}
