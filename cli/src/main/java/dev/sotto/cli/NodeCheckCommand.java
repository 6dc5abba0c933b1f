package dev.sotto.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sotto.experiment.DataContract;
import dev.sotto.owner.desk.OwnedExamples;
import dev.sotto.owner.policy.OwnerPolicy;
import dev.sotto.owner.settings.ClientSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
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
            "  sotto node check --data node.yaml --settings client_settings.yaml"
        })
final class NodeCheckCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private NodeInputs inputs;

    @Override
    public Integer call() {
        Optional<ClientSettings> settings = inputs.settings();
        OwnedExamples data = inputs.load();
        List<String> lines = new ArrayList<>();
        lines.add("data set   " + data.file().dataSet()
                + (data.file().inherits().isEmpty()
                        ? ""
                        : ", which inherits what was spent on "
                                + String.join(", ", data.file().inherits())));
        lines.add(
                "examples   " + Console.number(data.examples().size(), 0) + " of " + DataContract.of(data.examples()));
        policy(data.file().policy(), lines);
        lines.add("limits     " + data.file().limits().threads() + " tasks at once, models of up to "
                + Console.number(data.file().limits().model() / 1e6, 0) + " MB, "
                + data.file().limits().sessions() + " sessions");
        settings.ifPresent(own -> lines.add("settings   " + words(own)));
        if (data.file().testData()) {
            lines.add("test data  nobody's privacy is at stake");
        }
        Console.of(spec).result(String.join(System.lineSeparator(), lines));
        return 0;
    }

    /** All keys that were read, and their values. */
    private static String words(ClientSettings settings) {
        List<String> words = new ArrayList<>();
        words(settings, "", Answers.parse(settings.words()), words);
        return (words.isEmpty() ? "none" : String.join(", ", words)) + "; sessions say the rest";
    }

    private static void words(ClientSettings settings, String before, JsonNode tree, List<String> words) {
        tree.properties().forEach(field -> {
            String key = before + field.getKey();
            JsonNode value = field.getValue();
            if (value.isObject()) {
                words(settings, key + ".", value, words);
            } else if (settings.epsilon().isPresent() || !key.equals("hardlimit")) {
                // That one is filled in where it is not given, and goes with epsilon.
                words.add(key + " " + (value.isDouble() ? Console.delta(value.doubleValue()) : value.asText()));
            }
        });
    }

    private static void policy(OwnerPolicy policy, List<String> lines) {
        lines.add("asks for   " + policy.require().label()
                + switch (policy.require()) {
                    case NONE -> " (sessions need not protect anything)";
                    case EITHER -> " (example-level or client-level privacy)";
                    case EXAMPLE, CLIENT -> "-level privacy";
                });
        lines.add("allows     "
                + policy.most()
                        .map(epsilon -> "epsilon " + Console.epsilon(epsilon.value()))
                        .orElse("any epsilon")
                + " a session, "
                + policy.total()
                        .map(total ->
                                "epsilon " + Console.epsilon(total.epsilon().value()) + " at delta "
                                        + Console.delta(total.delta().value()) + " in all")
                        .orElse("no limit in all"));
        lines.add("approves   "
                + switch (policy.approval()) {
                    case ASK -> "nothing by itself: you decide on each session";
                    case AUTOMATIC -> "by itself what it allows, for " + policy.approvalDays() + " days";
                });
        if (!policy.coordinators().isEmpty()) {
            lines.add("serves     " + String.join(", ", policy.coordinators()));
        }
    }
}
