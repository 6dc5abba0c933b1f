package dev.sotto.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.experiment.packaging.SessionPackage;
import dev.sotto.experiment.packaging.SigningKey;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** sotto package create. */
@Command(
        name = "create",
        mixinStandardHelpOptions = true,
        description = {
            "Make a package from an experiment: its settings without data, seed and what it simulates, what its data is "
                    + "like, and initial parameters; signed with an Ed25519 key.",
            "The same experiment, parameters and key give the same bytes, on any machine."
        },
        footer = {
            "",
            "Examples:",
            "  sotto package create experiment.yaml",
            "  sotto package create experiment.yaml --initial pretrained.pt",
            "",
            "Guard the key file: whoever has it can make packages that nodes accept. Give its",
            "fingerprint to data owners by another way than the package."
        })
final class PackageCreateCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DraftOptions options;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            defaultValue = "package-key.pem",
            description = "The key to sign with; made, readable for you alone, if there is no such file. "
                    + "Default: ${DEFAULT-VALUE}")
    private Path key;

    @Option(
            names = "--initial",
            paramLabel = "FILE",
            description = "Begin with the parameters in this .npz, .safetensors or .pt, instead of fresh ones.")
    private Path initial;

    @Option(names = "--out", paramLabel = "FILE", description = "By default NAME.zip, by the experiment's name.")
    private Path out;

    @Option(names = "--force", description = "Replace the file if it is there.")
    private boolean force;

    @Option(names = "--json", description = "Print exactly one JSON object on standard output.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Console console = Console.of(spec);
        DraftOptions.Drafted drafted = options.read(console);
        Path file = out == null ? named(drafted) : out;
        DraftOptions.requireFree(file, force);
        boolean fresh = !Files.exists(key);
        KeyPair pair = SigningKey.readOrCreate(key);
        if (fresh) {
            console.remark("made the key " + key + ": keep it, and keep it to yourself");
        }
        SessionPackage.write(file, drafted.draft(), parameters(drafted), pair);
        SessionPackage written = SessionPackage.open(file).verify(pair.getPublic());
        if (json) {
            ObjectNode node = PackageCommand.json(file, written);
            node.put("key", key.toString()).put("keyCreated", fresh);
            node.set(
                    "seed",
                    initial != null
                            ? null
                            : drafted.seed()
                                    .map(JsonNodeFactory.instance::numberNode)
                                    .orElse(null));
            console.result(node.toString());
        } else {
            console.result("wrote " + PackageCommand.text(file, written));
        }
        return 0;
    }

    private float[] parameters(DraftOptions.Drafted drafted) throws IOException {
        return initial == null
                ? drafted.initial()
                : ModelImportCommand.read(initial).parameters(drafted.draft().model());
    }

    private static Path named(DraftOptions.Drafted drafted) {
        String name = drafted.draft().terms().path("name").asText("session");
        return Path.of(name.replaceAll("[^A-Za-z0-9._-]", "-") + ".zip");
    }
}
