package dev.sotto.cli;

import dev.sotto.experiment.StarterExperiment;
import dev.sotto.formats.ShellWord;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** sotto init. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description = "Write a commented experiment to start from. A file that is there is never overwritten.",
        footer = {"", "Example:", "  sotto init my-experiment.yaml && sotto run my-experiment.yaml"})
final class InitCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "FILE",
            defaultValue = "experiment.yaml",
            description = "Default: ${DEFAULT-VALUE}")
    private Path file;

    @Override
    public Integer call() {
        StarterExperiment.write(file);
        Console.of(spec).result("wrote " + file + "; now try: sotto run " + ShellWord.of(file));
        return 0;
    }
}
