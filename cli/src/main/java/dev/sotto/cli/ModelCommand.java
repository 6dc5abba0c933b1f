package dev.sotto.cli;

import dev.sotto.experiment.run.ModelFile;
import dev.sotto.formats.FormatException;
import dev.sotto.formats.config.ConfigException;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** sotto model. */
@Command(
        name = "model",
        mixinStandardHelpOptions = true,
        description =
                "Look into model files, write those that training begins with, take over models from elsewhere; list, trace"
                        + " and fetch those of a coordinator.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            ModelCommand.Inspect.class,
            ModelSeedCommand.class,
            ModelImportCommand.class,
            ModelListCommand.class,
            ModelListCommand.Lineage.class,
            ModelDownloadCommand.class,
            ModelUploadCommand.class
        })
final class ModelCommand {
    /** sotto model inspect. */
    @Command(
            name = "inspect",
            mixinStandardHelpOptions = true,
            description = {
                "List the tensors of a .safetensors, .npz or .pt file: shape, number of parameters, range, mean, spread, values "
                        + "that are not finite; with the model and its origin where the file says."
            },
            footer = {"", "Example:", "  sotto model inspect runs/digits-20260101-120000/model.safetensors"})
    static final class Inspect implements Callable<Integer> {
        @Spec
        private CommandSpec spec;

        @Parameters(paramLabel = "FILE", description = "The model file.")
        private Path file;

        @Option(names = "--json", description = "Print exactly one JSON object on standard output.")
        private boolean json;

        @Override
        public Integer call() throws IOException {
            try {
                ModelFile model = ModelFile.read(file);
                Console.of(spec).result(json ? model.json().toString() : model.text());
                return 0;
            } catch (NoSuchFileException e) {
                throw new ConfigException(file + ": there is no such file");
            } catch (FormatException e) {
                throw new ConfigException(e.getMessage());
            }
        }
    }
}
