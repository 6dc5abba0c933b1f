package dev.sotto.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.experiment.run.ModelImport;
import dev.sotto.learning.ModelSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** sotto model seed. */
@Command(
        name = "seed",
        mixinStandardHelpOptions = true,
        description = {
            "Write the model that training begins with: freshly drawn parameters for the model of an experiment.",
            "A .npz holds the arrays 0, 1, ... in the order of the model, as numpy.savez_compressed writes them; a "
                    + ".safetensors holds them by name, and the model with them."
        },
        footer = {
            "",
            "Examples:",
            "  sotto model seed experiment.yaml",
            "  sotto model seed experiment.yaml --seed 1 --out start.safetensors",
            "",
            "'sotto package create' draws them by itself; it takes this file, or one from",
            "elsewhere, with --initial."
        })
final class ModelSeedCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DraftOptions options;

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
        DraftOptions.Drafted drafted = options.read(console);
        ModelSpec model = drafted.draft().model();
        ModelImport.write(out, model, drafted.initial());
        if (json) {
            ObjectNode node = JsonNodeFactory.instance.objectNode();
            node.put("file", out.toString()).put("model", model.name());
            node.put("input", model.input().toString())
                    .put("parameters", model.layout().size());
            node.put("tensors", model.layout().tensors().size());
            node.set(
                    "seed",
                    drafted.seed().map(JsonNodeFactory.instance::numberNode).orElse(null));
            console.result(node.toString());
        } else {
            console.result("wrote " + out + ": " + model.name() + " on " + model.input() + ", "
                    + Console.number(model.layout().size(), 0) + " parameters in "
                    + model.layout().tensors().size() + " arrays");
        }
        return 0;
    }
}
