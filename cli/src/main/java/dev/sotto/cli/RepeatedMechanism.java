package dev.sotto.cli;

import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.accounting.Accountant;
import dev.sotto.privacy.event.DpEvent;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A mechanism whose noise and number of steps are known, and how to answer about it. */
final class RepeatedMechanism {
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

    @Option(names = "--json", description = "Print exactly one JSON object on standard output.")
    private boolean json;

    /** Everything that will be done. */
    DpEvent event() {
        OptionRange.positive("--noise-multiplier", noiseMultiplier);
        OptionRange.atLeastOne("--steps", steps);
        return mechanism.event(noiseMultiplier, steps);
    }

    Accountant accountant() {
        return mechanism.accountant();
    }

    NeighbouringRelation relation() {
        return mechanism.relation();
    }

    boolean json() {
        return json;
    }

    /** What the noise multiplier means, and what is odd about delta. */
    List<String> meaning(double delta) {
        return mechanism.meaning(noiseMultiplier, delta);
    }
}
