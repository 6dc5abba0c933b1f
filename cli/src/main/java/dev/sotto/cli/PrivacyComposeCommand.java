package dev.sotto.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.experiment.run.Composition;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.accounting.Accountant;
import dev.sotto.privacy.accounting.EpsilonAnswer;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
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
            "What several releases on the same data come to: a JSON file of events, a run's privacy.json, or several "
                    + "runs. Clients of the same name are the same data."
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
        if (delta == null && composition.delta().isEmpty()) {
            throw new ConfigException("--delta: the files state none, so it is needed");
        }
        Delta at =
                new Delta(delta == null ? composition.delta().getAsDouble() : OptionRange.openUnit("--delta", delta));
        Accountant chosen = MechanismOptions.accountant(accountant).accountant();
        Map<String, EpsilonAnswer> answers = new LinkedHashMap<>();
        composition.clients().forEach((client, event) -> answers.put(client, chosen.epsilon(event, at)));
        EpsilonAnswer worst = answers.values().stream()
                .max((a, b) -> Double.compare(a.orInfinity(), b.orInfinity()))
                .orElseThrow();
        Console.of(spec).result(json ? json(answers, worst, at).toString() : text(answers, worst, at));
        composition.seeded().forEach(file -> Console.of(spec)
                .remark(file + ": drawn from a seed; this holds for the same run with secret randomness"));
        return 0;
    }

    private static ObjectNode json(Map<String, EpsilonAnswer> answers, EpsilonAnswer worst, Delta at) {
        ObjectNode json = PrivacyEpsilonCommand.json(worst).put("delta", at.value());
        ArrayNode clients = json.putArray("clients");
        answers.forEach((client, answer) ->
                clients.add(PrivacyEpsilonCommand.json(answer).put("id", client)));
        return json;
    }

    private static String text(Map<String, EpsilonAnswer> answers, EpsilonAnswer worst, Delta at) {
        List<String> lines = PrivacyText.reasons(worst);
        if (answers.size() > 1) {
            lines.add("the largest over " + answers.size()
                    + " clients; the same name is taken to be the same data, and an "
                    + "example to be with one client only:");
        }
        String headline = "epsilon " + PrivacyText.epsilon(worst) + " at delta " + PrivacyText.exactly(at.value());
        StringBuilder text = new StringBuilder(PrivacyText.page(headline, lines));
        if (answers.size() > 1) {
            answers.forEach((client, answer) ->
                    text.append(String.format(Locale.ROOT, "%n    %-20s %s", client, PrivacyText.epsilon(answer))));
        }
        return text.toString();
    }
}
