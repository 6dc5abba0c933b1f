package dev.sotto.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.accounting.EpsilonAnswer;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** sotto privacy epsilon. */
@Command(
        name = "epsilon",
        mixinStandardHelpOptions = true,
        description = "The epsilon of a Gaussian mechanism on a sample, repeated.",
        footer = {
            "",
            "Example:",
            "  sotto privacy epsilon --noise-multiplier 1 --rate 0.01 --steps 1000 \\",
            "      --delta 1e-5"
        })
final class PrivacyEpsilonCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private MechanismOptions mechanism;

    @Option(
            names = "--noise-multiplier",
            required = true,
            paramLabel = "S",
            description = "Standard deviation of the noise over the clipping norm.")
    private Double noiseMultiplier;

    @Option(names = "--steps", required = true, paramLabel = "T", description = "How often it is done.")
    private Long steps;

    @Option(names = "--delta", required = true, paramLabel = "D", description = "Above 0 and below 1.")
    private Double delta;

    @Option(names = "--json", description = "Print exactly one JSON object on standard output.")
    private boolean json;

    @Override
    public Integer call() {
        OptionRange.positive("--noise-multiplier", noiseMultiplier);
        OptionRange.atLeastOne("--steps", steps);
        Delta at = new Delta(OptionRange.openUnit("--delta", delta));
        EpsilonAnswer answer = mechanism.accountant().accountant().epsilon(mechanism.event(noiseMultiplier, steps), at);
        Console.of(spec).result(json ? json(answer).toString() : text(answer));
        return 0;
    }

    static ObjectNode json(EpsilonAnswer answer) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("epsilon", answer.epsilon().isPresent() ? answer.epsilon().getAsDouble() : null);
        json.put("accountant", answer.accountant());
        json.put("order", answer.order().isPresent() ? answer.order().getAsDouble() : null);
        return json;
    }

    private String text(EpsilonAnswer answer) {
        List<String> lines = PrivacyText.reasons(answer);
        lines.addAll(mechanism.meaning(noiseMultiplier, delta));
        String headline = "epsilon " + PrivacyText.epsilon(answer) + " at delta " + PrivacyText.exactly(delta);
        return PrivacyText.page(headline, lines);
    }
}
