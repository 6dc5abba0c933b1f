package dev.sotto.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.privacy.Epsilon;
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
    private MechanismOptions mechanism;

    @Option(
            names = "--noise-multiplier",
            required = true,
            paramLabel = "S",
            description = "Standard deviation of the noise over the clipping norm.")
    private double noiseMultiplier;

    @Option(names = "--steps", required = true, paramLabel = "T", description = "How often it is done.")
    private long steps;

    @Option(names = "--epsilon", required = true, paramLabel = "E", description = "At least 0.")
    private double epsilon;

    @Option(names = "--json", description = "Print exactly one JSON object on standard output.")
    private boolean json;

    @Override
    public Integer call() {
        double delta = mechanism
                .accountant()
                .accountant()
                .delta(mechanism.event(noiseMultiplier, steps), new Epsilon(epsilon));
        ObjectNode answer = JsonNodeFactory.instance.objectNode();
        answer.put("delta", delta).put("epsilon", epsilon);
        answer.put("accountant", mechanism.accountant().label());
        Console.of(spec)
                .result(
                        json
                                ? answer.toString()
                                : "delta " + delta + "\nat epsilon " + epsilon + ", "
                                        + mechanism.relation().label() + " neighbours, accountant "
                                        + mechanism.accountant().label() + "\n" + mechanism.meaning(noiseMultiplier));
        return 0;
    }
}
