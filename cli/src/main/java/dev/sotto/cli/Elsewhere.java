package dev.sotto.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** Commands as they are called in other systems, answered with what does the same here. */
final class Elsewhere {
    private static final String NETWORK =
            "; federating over a network is not built yet: 'sotto run' simulates a federation";

    private static final Map<String, String> ANSWERS = Map.ofEntries(
            Map.entry("run build", meant("model seed")),
            Map.entry("package build", meant("package create")),
            Map.entry("package show", meant("package inspect")),
            Map.entry("package check", meant("package verify")),
            Map.entry("client", NETWORK),
            Map.entry("session", NETWORK),
            Map.entry("combiner", NETWORK),
            Map.entry("controller", NETWORK),
            Map.entry("quickstart", NETWORK),
            Map.entry("new", meant("init")),
            Map.entry("create", meant("init")),
            Map.entry("simulate", meant("run")),
            Map.entry("simulation", meant("run")),
            Map.entry("start", meant("run")),
            Map.entry("train", meant("run")),
            Map.entry("baseline", meant("compare")),
            Map.entry("inspect", meant("model inspect")),
            Map.entry("model build", meant("model seed")),
            Map.entry("model load", meant("model import")),
            Map.entry("model get", meant("model inspect")),
            Map.entry("model info", meant("model inspect")),
            Map.entry("model show", meant("model inspect")));

    private Elsewhere() {}

    private static String meant(String command) {
        return "; did you mean 'sotto " + command + "'?";
    }

    /** What to answer to words that follow a command, if they are known from elsewhere. */
    static Optional<String> hint(CommandSpec command, List<String> words) {
        String before = command.qualifiedName().replaceFirst("^sotto ?", "");
        return Optional.ofNullable(ANSWERS.get((before + " " + words.get(0)).trim()));
    }
}
