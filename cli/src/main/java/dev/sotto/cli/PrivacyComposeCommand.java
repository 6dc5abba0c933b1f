package dev.sotto.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.experiment.run.ComposedEpsilon;
import dev.sotto.experiment.run.Composition;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.PrivacyUnit;
import dev.sotto.privacy.accounting.Accountant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** sotto privacy compose. */
@Command(
        name = "compose",
        mixinStandardHelpOptions = true,
        description = {
            "What several releases on the same data come to, for each example and for each client: a JSON file of "
                    + "events, a run's privacy.json, or several runs. Clients of the same name are the same data."
        },
        footer = {
            "",
            "Example:",
            "  sotto privacy compose runs/monday/privacy.json runs/tuesday/privacy.json \\",
            "      --delta 1e-5",
            "",
            "An event as JSON:",
            "  {\"type\": \"gaussian\", \"standardDeviation\": 1.1, \"clippingNorm\": 1,",
            "   \"relation\": \"zero-out\"}",
            "and several as {\"events\": [...]} or a plain list; docs/which-epsilon.md",
            "lists the types."
        })
final class PrivacyComposeCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "1..*", paramLabel = "FILE", description = "Events, or privacy.json of runs.")
    private List<Path> files;

    @Option(names = "--delta", paramLabel = "D", description = "By default the largest that the files state.")
    private Double delta;

    @Option(
            names = "--accountant",
            paramLabel = "NAME",
            defaultValue = "tightest",
            description = "rdp, pld or tightest. Default: ${DEFAULT-VALUE}.")
    private String accountant;

    @Option(names = "--json", description = "Print exactly one JSON object on standard output.")
    private boolean json;

    @Override
    public Integer call() {
        Composition composition = Composition.read(files);
        Accountant chosen = MechanismOptions.accountant(accountant).accountant();
        List<ComposedEpsilon> levels = composition.levels().stream()
                .map(part -> ComposedEpsilon.of(part, chosen, delta(part)))
                .toList();
        Console.of(spec).result(json ? json(levels).toString() : text(levels));
        composition.seeded().forEach(file -> Console.of(spec)
                .remark(file + ": drawn from a seed; this holds for the same run with secret randomness"));
        return 0;
    }

    private Delta delta(Composition.Part part) {
        if (delta == null && part.delta().isEmpty()) {
            throw new ConfigException("--delta: the files state none, so it is needed");
        }
        return new Delta(delta == null ? part.delta().getAsDouble() : OptionRange.openUnit("--delta", delta));
    }

    /** The figure that stands for the whole: the clients', or the examples' if nothing is left for clients. */
    private static ComposedEpsilon headline(List<ComposedEpsilon> levels) {
        return levels.stream()
                .filter(level -> level.worst().epsilon().isPresent())
                .reduce((example, client) -> client)
                .orElse(levels.get(levels.size() - 1));
    }

    private static ObjectNode json(List<ComposedEpsilon> levels) {
        ObjectNode json = json(headline(levels));
        ArrayNode list = json.putArray("levels");
        levels.forEach(level -> list.add(json(level)));
        ArrayNode clients = json.putArray("clients");
        levels.get(0)
                .clients()
                .forEach((client, answer) ->
                        clients.add(PrivacyEpsilonCommand.json(answer).put("id", client)));
        return json;
    }

    private static ObjectNode json(ComposedEpsilon level) {
        ObjectNode json = PrivacyEpsilonCommand.json(level.worst());
        json.put("delta", level.delta().value());
        json.put("unit", level.unit().map(PrivacyUnit::label).orElse(null));
        if (level.unit().equals(Optional.of(PrivacyUnit.CLIENT))) {
            json.put(
                    "epsilonKnowingCohorts",
                    level.knowingDraws().isPresent() ? level.knowingDraws().getAsDouble() : null);
        }
        return json;
    }

    private static String text(List<ComposedEpsilon> levels) {
        List<ComposedEpsilon> clientsFirst = new ArrayList<>(levels);
        Collections.reverse(clientsFirst);
        return clientsFirst.stream().map(PrivacyComposeCommand::text).collect(Collectors.joining("\n\n"));
    }

    private static String text(ComposedEpsilon level) {
        List<String> lines = PrivacyText.reasons(level.worst());
        if (level.clients().size() > 1) {
            lines.add("the largest over " + level.clients().size()
                    + " clients; the same name is taken to be the same data, and an "
                    + "example to be with one client only:");
        }
        if (level.knowingDraws().isPresent()
                && level.knowingDraws().getAsDouble() > level.worst().orInfinity()) {
            lines.add("for whoever learns which clients were drawn, epsilon "
                    + PrivacyText.atLeast(level.knowingDraws().getAsDouble()));
        }
        if (level.worst().epsilon().isEmpty() && level.unit().equals(Optional.of(PrivacyUnit.CLIENT))) {
            lines.add("each run must protect clients for anything to be left for them");
        }
        String headline = "epsilon " + PrivacyText.epsilon(level.worst()) + " at delta "
                + PrivacyText.exactly(level.delta().value())
                + level.unit().map(unit -> " for each " + unit.label()).orElse("");
        StringBuilder text = new StringBuilder(PrivacyText.page(headline, lines));
        if (level.clients().size() > 1) {
            level.clients()
                    .forEach((client, answer) -> text.append(
                            String.format(Locale.ROOT, "%n    %-20s %s", client, PrivacyText.epsilon(answer))));
        }
        return text.toString();
    }
}
