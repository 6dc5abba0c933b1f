package dev.sotto.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.folders.Datasite;
import dev.sotto.folders.ProjectStatus;
import dev.sotto.folders.ProjectStatus.Participant;
import dev.sotto.folders.config.DatasiteFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** sotto datasite status. */
@Command(
        name = "status",
        mixinStandardHelpOptions = true,
        description = {
            "How a datasite's projects stand: those that it runs, with every participant and the accuracy by round, and those"
                    + " that ask for its data.",
            "It may be asked while the datasite runs, and when it does not."
        },
        footer = {"", "Example:", "  sotto datasite status --data-dir ~/SyftBox"})
final class DatasiteStatusCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DatasiteOptions options;

    @Option(names = "--json", description = "Print exactly one JSON object on standard output.")
    private boolean json;

    @Override
    public Integer call() {
        DatasiteFile file = options.file();
        Datasite datasite = DatasiteOptions.open(file);
        List<ProjectStatus> projects = ProjectStatus.all(datasite);
        Console.of(spec)
                .result(
                        json
                                ? json(datasite, projects).toString()
                                : String.join(System.lineSeparator(), text(datasite, projects)));
        return 0;
    }

    private static List<String> text(Datasite datasite, List<ProjectStatus> projects) {
        List<String> lines = new ArrayList<>();
        lines.add("datasite     " + datasite.email());
        lines.add("fingerprint  " + datasite.card().fingerprint());
        lines.add("signs with   " + datasite.card().authority());
        if (projects.isEmpty()) {
            lines.add("no projects yet: none asks for this data, and none is in launch/");
        }
        for (ProjectStatus project : projects) {
            lines.add("");
            lines.addAll(text(project));
        }
        keys(datasite, projects, lines);
        return lines;
    }

    private static void keys(Datasite datasite, List<ProjectStatus> projects, List<String> lines) {
        List<MetKeys> met = MetKeys.of(datasite, projects);
        if (!met.isEmpty()) {
            lines.add("");
            lines.add("keys of others");
            met.forEach(each -> lines.add(String.format(
                    Locale.ROOT,
                    "%-28s %s  %s",
                    each.email(),
                    each.fingerprint(),
                    each.agreed() ? "agreed" : "first met")));
        }
        met.stream().filter(each -> !each.agreed()).findFirst().ifPresent(each -> {
            lines.add("What was first met could be anybody's. Have its owner read the fingerprint of their own");
            lines.add("'sotto datasite status' to you by telephone; if it is the same, and if it is not:");
            lines.add("  sotto datasite trust " + each.email() + " FINGERPRINT-AS-READ-TO-YOU");
        });
    }

    private static List<String> text(ProjectStatus project) {
        List<String> lines = new ArrayList<>();
        lines.add("project " + project.project() + ", "
                + switch (project.role()) {
                    case AGGREGATOR -> "run here";
                    case OWNER -> "asked by " + project.aggregator();
                }
                + ": " + word(project)
                + project.reason().map(reason -> ": " + reason).orElse(""));
        lines.add("rounds   " + project.rounds() + (project.planned() == 0 ? "" : " of " + project.planned())
                + (project.epsilon().isPresent()
                        ? "   epsilon " + Console.epsilon(project.epsilon().getAsDouble())
                        : ""));
        if (!project.participants().isEmpty()) {
            lines.add(row(
                    "Email",
                    "Client Installed",
                    "Project Approved",
                    "Added Private Data",
                    "Round",
                    "Training Progress"));
            project.participants().forEach(each -> lines.add(row(each)));
        }
        if (!project.accuracies().isEmpty()) {
            lines.add("accuracy by round: "
                    + project.accuracies().stream()
                            .map(each -> each.round() + ": " + Console.percent(each.accuracy()))
                            .collect(Collectors.joining(", ")));
        }
        return lines;
    }

    private static String word(ProjectStatus project) {
        return project.state().name().toLowerCase(Locale.ROOT);
    }

    private static String row(Participant each) {
        return row(
                        each.email(),
                        each.clientInstalled() ? "yes" : "no",
                        each.approved(),
                        each.addedPrivateData() ? "yes" : "no",
                        String.valueOf(each.round()),
                        each.progress())
                + each.reason().map(reason -> "  " + reason).orElse("");
    }

    private static String row(
            String email, String installed, String approved, String added, String round, String progress) {
        return String.format(
                        Locale.ROOT,
                        "%-28s %-16s %-16s %-18s %5s  %s",
                        email,
                        installed,
                        approved,
                        added,
                        round,
                        progress)
                .stripTrailing();
    }

    private static ObjectNode json(Datasite datasite, List<ProjectStatus> projects) {
        ObjectNode node = Answers.object()
                .put("email", datasite.email().text())
                .put("dataDir", datasite.data().toString())
                .put("fingerprint", datasite.card().fingerprint())
                .put("signsWith", datasite.card().authority());
        ArrayNode keys = node.putArray("keys");
        MetKeys.of(datasite, projects).forEach(each -> keys.addObject()
                .put("email", each.email())
                .put("fingerprint", each.fingerprint())
                .put("signsWith", each.authority())
                .put("agreed", each.agreed()));
        ArrayNode all = node.putArray("projects");
        projects.forEach(project -> all.add(json(project)));
        return node;
    }

    private static ObjectNode json(ProjectStatus project) {
        ObjectNode node = Answers.object()
                .put("role", project.role().name().toLowerCase(Locale.ROOT))
                .put("project", project.project())
                .put("session", project.session().isEmpty() ? null : project.session())
                .put("aggregator", project.aggregator())
                .put("state", word(project))
                .put("reason", project.reason().orElse(null))
                .put("rounds", project.rounds())
                .put("plannedRounds", project.planned() == 0 ? null : (Integer) project.planned())
                .put(
                        "epsilon",
                        project.epsilon().isPresent()
                                ? (Double) project.epsilon().getAsDouble()
                                : null);
        ArrayNode participants = node.putArray("participants");
        for (Participant each : project.participants()) {
            participants
                    .addObject()
                    .put("email", each.email())
                    .put("clientInstalled", each.clientInstalled())
                    .put("projectApproved", each.approved())
                    .put("addedPrivateData", each.addedPrivateData())
                    .put("round", each.round())
                    .put("trainingProgress", each.progress())
                    .put("reason", each.reason().orElse(null));
        }
        ArrayNode accuracy = node.putArray("accuracy");
        project.accuracies()
                .forEach(each -> accuracy.addObject().put("round", each.round()).put("accuracy", each.accuracy()));
        return node;
    }
}
