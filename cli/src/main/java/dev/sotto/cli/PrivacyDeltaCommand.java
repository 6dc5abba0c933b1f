package dev.sotto.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.accounting.Accountant;
import dev.sotto.privacy.accounting.EpsilonAnswer;
import dev.sotto.privacy.event.DpEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** sotto privacy delta. */
@Command(
        name = "delta",
        mixinStandardHelpOptions = true,
        description = "The delta of a Gaussian mechanism on a sample, repeated, at a given epsilon.",
        footer = {"", "Example:", "  sotto privacy delta --noise-multiplier 1 --rate 0.01 --steps 1000 --epsilon 2"})
final class PrivacyDeltaCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private RepeatedMechanism mechanism;

    @Option(names = "--epsilon", required = true, paramLabel = "E", description = "0 or above.")
    private Double epsilon;

    @Override
    public Integer call() {
        Epsilon at = new Epsilon(OptionRange.nonNegative("--epsilon", epsilon));
        DpEvent event = mechanism.event();
        Accountant accountant = mechanism.accountant();
        double delta = accountant.delta(event, at);
        // The bound that gives the smallest delta at this epsilon is the one that gives this epsilon at that delta.
        Optional<EpsilonAnswer> winner =
                delta > 0 && delta < 1 ? Optional.of(accountant.epsilon(event, new Delta(delta))) : Optional.empty();
        Console.of(spec)
                .result(
                        mechanism.json()
                                ? json(delta, winner.orElse(null), accountant).toString()
                                : text(delta, winner.orElse(null), accountant));
        return 0;
    }

    private static ObjectNode json(double delta, EpsilonAnswer winner, Accountant accountant) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("delta", delta);
        json.put("accountant", winner == null ? accountant.name() : winner.accountant());
        boolean ordered = winner != null && winner.order().isPresent();
        return json.put("order", ordered ? winner.order().getAsDouble() : null);
    }

    private String text(double delta, EpsilonAnswer winner, Accountant accountant) {
        List<String> lines = new ArrayList<>();
        if (winner != null) {
            lines.addAll(PrivacyText.reasons(winner));
        } else {
            lines.add("accountant " + accountant.name());
            lines.add("neighbours: " + mechanism.relation().label());
        }
        if (delta >= 1) {
            lines.add("a delta of 1 promises nothing: at this epsilon there is no guarantee");
        }
        lines.addAll(mechanism.meaning(delta));
        String headline = "delta " + PrivacyText.atLeast(delta) + " at epsilon " + PrivacyText.exactly(epsilon);
        return PrivacyText.page(headline, lines);
    }
}
