package dev.sotto.cli;

import dev.sotto.formats.config.ConfigException;
import dev.sotto.wire.v1.ModelDetail;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** sotto model upload. */
@Command(
        name = "upload",
        mixinStandardHelpOptions = true,
        description = {
            "Give a coordinator a model for sessions to begin with: the values of a .npz or .safetensors file, array after array.",
            "Models from elsewhere are brought into that order by 'sotto model import'."
        },
        footer = {
            "",
            "Examples:",
            "  sotto model upload seed.npz",
            "  sotto session start experiment.yaml --from-model SHA-256"
        })
final class ModelUploadCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private OperatorOptions operator;

    @Parameters(paramLabel = "FILE", description = "The model file.")
    private Path file;

    @Override
    public Integer call() throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new ConfigException(file + ": there is no such file");
        }
        try (OperatorLink link = operator.connect()) {
            ModelDetail model = Uploads.send(link, Files.readAllBytes(file), answer -> link.asynchronous()
                    .importModel(answer));
            Console.of(spec)
                    .result(
                            operator.json()
                                    ? Answers.model(model).toString()
                                    : "model " + Answers.hex(model.getSha256()));
            return 0;
        }
    }
}
