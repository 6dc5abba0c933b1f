package dev.sotto.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;

/** Commands as they are called in other systems, answered with what does the same here. */
final class Elsewhere {
    private static final Map<String, String> ANSWERS = Map.ofEntries(
            Map.entry("run build", meant("model seed")),
            Map.entry("client start", meant("node start")),
            Map.entry("client join", meant("node join")),
            Map.entry("client get", meant("client list")),
            Map.entry("client get-config", meant("coordinator token")),
            Map.entry("client invite", meant("coordinator token")),
            Map.entry("session get", meant("session show")),
            Map.entry("session create", meant("session start")),
            Map.entry("session logs", meant("session log")),
            Map.entry("model trail", meant("model lineage")),
            Map.entry("model get-trail", meant("model lineage")),
            Map.entry("combiner", "; there are no combiners here: the coordinator adds updates up as they arrive"),
            Map.entry("controller", meant("coordinator")),
            Map.entry("server", meant("coordinator start")),
            Map.entry("superlink", meant("coordinator start")),
            Map.entry("supernode", meant("node start")),
            Map.entry("round", meant("session show")),
            Map.entry("rounds", meant("session show")),
            Map.entry("validation", meant("session show")),
            Map.entry("network", meant("coordinator init")),
            Map.entry("studio", meant("coordinator init")),
            Map.entry("login", "; nobody logs in here: --coordinator names the operator.yaml that holds a token"),
            Map.entry("package build", meant("package create")),
            Map.entry(
                    "package create --path",
                    "; the experiment is given by its place: 'sotto package create EXPERIMENT.yaml'"),
            Map.entry(
                    "package create -p",
                    "; the experiment is given by its place: 'sotto package create EXPERIMENT.yaml'"),
            Map.entry("datasite start", meant("datasite run")),
            Map.entry("package show", meant("package inspect")),
            Map.entry("package check", meant("package verify")),
            Map.entry("requests", meant("request list")),
            Map.entry("approve", meant("request approve")),
            Map.entry("request get", meant("request show")),
            Map.entry("request deny", meant("request reject")),
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
