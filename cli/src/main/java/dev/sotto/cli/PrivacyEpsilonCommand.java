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
    private RepeatedMechanism mechanism;

    @Option(names = "--delta", required = true, paramLabel = "D", description = "Above 0 and below 1.")
    private Double delta;

    @Override
    public Integer call() {
        Delta at = new Delta(OptionRange.openUnit("--delta", delta));
        EpsilonAnswer answer = mechanism.accountant().epsilon(mechanism.event(), at);
        Console.of(spec).result(mechanism.json() ? json(answer).toString() : text(answer));
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
        lines.addAll(mechanism.meaning(delta));
        String headline = "epsilon " + PrivacyText.epsilon(answer) + " at delta " + PrivacyText.exactly(delta);
        return PrivacyText.page(headline, lines);
    }
}
