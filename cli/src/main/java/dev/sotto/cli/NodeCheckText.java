package dev.sotto.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.experiment.DataContract;
import dev.sotto.owner.desk.OwnedExamples;
import dev.sotto.owner.desk.OwnerFile;
import dev.sotto.owner.desk.OwnerLimits;
import dev.sotto.owner.policy.OwnerPolicy;
import dev.sotto.owner.settings.ClientSettings;
import dev.sotto.privacy.Epsilon;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a node would offer, for people and for programs. */
final class NodeCheckText {
    private NodeCheckText() {}

    static String text(OwnedExamples data, Optional<ClientSettings> settings) {
        List<String> lines = new ArrayList<>();
        lines.add("data set   " + data.file().dataSet()
                + (data.file().inherits().isEmpty()
                        ? ""
                        : ", which inherits what was spent on "
                                + String.join(", ", data.file().inherits())));
        lines.add(
                "examples   " + Console.number(data.examples().size(), 0) + " of " + DataContract.of(data.examples()));
        policy(data.file().policy(), lines);
        OwnerLimits limits = data.file().limits();
        lines.add("limits     " + limits.threads() + " tasks at once in " + megabytes(limits.memory())
                + ", models of up to " + megabytes(limits.model()) + ", " + limits.sessions() + " sessions");
        settings.ifPresent(own -> lines.add("settings   " + words(own)));
        if (data.file().testData()) {
            lines.add("test data  nobody's privacy is at stake");
        }
        return String.join(System.lineSeparator(), lines);
    }

    private static String megabytes(long bytes) {
        return Console.number(bytes / 1e6, 0) + " MB";
    }

    /** All keys that were read, and their values. */
    private static String words(ClientSettings settings) {
        List<String> words = new ArrayList<>();
        words("", read(settings), words);
        return (words.isEmpty() ? "none" : String.join(", ", words)) + "; sessions say the rest";
    }

    private static void words(String before, JsonNode tree, List<String> words) {
        tree.properties().forEach(field -> {
            String key = before + field.getKey();
            JsonNode value = field.getValue();
            if (value.isObject()) {
                words(key + ".", value, words);
            } else {
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
                }
                + (policy.minExamples() > 1
                        ? ", and at least " + Console.number(policy.minExamples(), 0) + " examples"
                        : ""));
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

    /** What holds, keys left out included; a limit that there is not is null. */
    static ObjectNode json(OwnedExamples data, Optional<ClientSettings> settings) {
        OwnerFile file = data.file();
        ObjectNode node = Answers.object().put("dataSet", file.dataSet());
        ArrayNode inherits = node.putArray("inherits");
        file.inherits().forEach(inherits::add);
        node.put("examples", data.examples().size());
        node.set("contract", DataContract.of(data.examples()).json());
        policy(file.policy(), node.putObject("policy"));
        OwnerLimits limits = file.limits();
        node.putObject("limits")
                .put("threads", limits.threads())
                .put("memory", limits.memory())
                .put("model", limits.model())
                .put("sessions", limits.sessions());
        node.set("settings", settings.map(NodeCheckText::read).orElse(null));
        return node.put("testData", file.testData());
    }

    private static void policy(OwnerPolicy policy, ObjectNode node) {
        node.put("require", policy.require().label());
        node.put("sessionEpsilon", policy.most().map(Epsilon::value).orElse(null));
        policy.total()
                .ifPresentOrElse(
                        total -> node.putObject("total")
                                .put("epsilon", total.epsilon().value())
                                .put("delta", total.delta().value()),
                        () -> node.putNull("total"));
        node.put("minExamples", policy.minExamples());
        ArrayNode coordinators = node.putArray("coordinators");
        policy.coordinators().forEach(coordinators::add);
        node.put("approval", policy.approval().label());
        node.put("approvalDays", policy.approvalDays()).put("progress", policy.progress());
    }

    private static JsonNode read(ClientSettings settings) {
        ObjectNode tree = (ObjectNode) Answers.parse(settings.words());
        if (settings.epsilon().isEmpty()) {
            // It is filled in where it is not given, and goes with epsilon.
            tree.remove("hardlimit");
        }
        return tree;
    }
}
