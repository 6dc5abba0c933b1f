package dev.sotto.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.experiment.run.ModelImport;
import dev.sotto.formats.FormatException;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.learning.ModelSpec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** sotto model import. */
@Command(
        name = "import",
        mixinStandardHelpOptions = true,
        description = {
            "Take over a model's parameters from elsewhere: a .npz (by position or by name), a .safetensors, or a state "
                    + "dict of PyTorch (.pt, .pth).",
            "A .pt is read as data: no code in it is ever run, and one that would run code is refused. Every tensor must "
                    + "find its place in the model by its shape."
        },
        footer = {
            "",
            "Examples:",
            "  sotto model import resnet.pt --model experiment.yaml",
            "  sotto model import seed.npz --model mnist-cnn --out model.safetensors",
            "",
            "Without --model the file must state its model, as those do that sotto writes,",
            "or have the shapes of exactly one preset."
        })
final class ModelImportCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE", description = "The model file.")
    private Path file;

    @Option(
            names = "--model",
            paramLabel = "PRESET|EXPERIMENT.yaml",
            description = "The model that the parameters are for: a preset's name, or an experiment whose model it is.")
    private String model;

    @Option(names = "--out", paramLabel = "FILE", defaultValue = "seed.npz", description = "Default: ${DEFAULT-VALUE}")
    private Path out;

    @Option(names = "--force", description = "Replace the file if it is there.")
    private boolean force;

    @Option(names = "--json", description = "Print exactly one JSON object on standard output.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Console console = Console.of(spec);
        DraftOptions.requireFree(out, force);
        ModelImport read = read(file);
        ModelSpec target = target(read, console);
        float[] parameters = read.parameters(target);
        ModelImport.write(out, target, parameters);
        if (json) {
            ObjectNode node = JsonNodeFactory.instance.objectNode();
            node.put("file", file.toString()).put("out", out.toString());
            node.put("model", target.name()).put("input", target.input().toString());
            node.put("parameters", parameters.length)
                    .put("tensors", read.tensors().size());
            console.result(node.toString());
        } else {
            console.result("wrote " + out + ": " + target.name() + " on " + target.input() + ", "
                    + Console.number(parameters.length, 0) + " parameters from " + file);
        }
        return 0;
    }

    /** What is in a model file; what is wrong with its bytes is the user's to mend, as other input is. */
    static ModelImport read(Path file) throws IOException {
        try {
            return ModelImport.read(file);
        } catch (FormatException e) {
            throw new ConfigException(e.getMessage());
        }
    }

    private ModelSpec target(ModelImport read, Console console) {
        if (model == null) {
            return read.stated().orElseGet(() -> onlyPreset(read));
        }
        if (model.matches("(?i).*\\.ya?ml") || Files.isRegularFile(Path.of(model))) {
            ExperimentFile experiment = ExperimentFile.read(Path.of(model));
            return DraftOptions.read(experiment, 2, Optional.empty(), console)
                    .draft()
                    .model();
        }
        return read.preset(model);
    }

    private ModelSpec onlyPreset(ModelImport read) {
        List<ModelSpec> presets = read.presets();
        if (presets.size() == 1) {
            return presets.get(0);
        }
        String names =
                String.join(" and ", presets.stream().map(ModelSpec::name).toList());
        throw new ConfigException(file + ": "
                + (presets.isEmpty()
                        ? "it states no model, and no preset has its shapes; give --model EXPERIMENT.yaml"
                        : "it has the shapes of " + names + "; choose one with --model"));
    }
}
