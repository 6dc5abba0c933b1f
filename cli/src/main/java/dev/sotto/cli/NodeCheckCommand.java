package dev.sotto.cli;

import dev.sotto.owner.desk.OwnedExamples;
import dev.sotto.owner.settings.ClientSettings;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** sotto node check. */
@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description =
                "Read node.yaml (and settings), load the data, and say what the node would offer. Nothing is sent and"
                        + " nothing is spent.",
        footer = {
            "",
            "Examples:",
            "  sotto node check --data node.yaml",
            "  sotto node check --data node.yaml --settings client_settings.yaml --json"
        })
final class NodeCheckCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private NodeInputs inputs;

    @Option(names = "--json", description = "Print exactly one JSON object on standard output.")
    private boolean json;

    @Override
    public Integer call() {
        Optional<ClientSettings> settings = inputs.settings();
        OwnedExamples data = inputs.load();
        Console.of(spec)
                .result(json ? NodeCheckText.json(data, settings).toString() : NodeCheckText.text(data, settings));
        return 0;
    }
}
