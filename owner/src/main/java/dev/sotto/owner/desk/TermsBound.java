package dev.sotto.owner.desk;

import dev.sotto.federation.ExamplePrivacy;
import dev.sotto.federation.Plan;
import dev.sotto.learning.TrainingSettings;
import java.util.Locale;
import java.util.Optional;

/**
 * Keeps sessions out that are asked for to occupy an owner's machine: what a plan costs is worked out before anybody has agreed
 * to it, and a few digits in a package must not make that take hours.
 */
final class TermsBound {
    /** More than any session in the field, and few enough to count without an overflow. */
    static final long MOST_STEPS = 1_000_000_000;

    /** Where noise or clipping changes from step to step, each step is accounted for by itself. */
    static final long MOST_SCHEDULED_STEPS = 100_000;

    private TermsBound() {}

    /** Why a plan is too long for a client with so many examples, in one line that may leave; empty if it is not. */
    static Optional<String> passed(Plan plan, int examples) {
        boolean constant = plan.privacy().map(TermsBound::isConstant).orElse(true);
        long most = constant ? MOST_STEPS : MOST_SCHEDULED_STEPS;
        long steps = 0;
        for (int round = 1; round <= plan.rounds() && steps <= most; round++) {
            steps += steps(plan.training().settings(round), examples);
        }
        return steps <= most
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "client.steps or client.epochs: this node takes at most %,d steps in all rounds%s",
                        most,
                        constant ? "" : ", where noise or clipping changes from step to step"));
    }

    private static boolean isConstant(ExamplePrivacy own) {
        return own.noiseSchedule().isConstant() && own.clippingSchedule().isConstant();
    }

    private static long steps(TrainingSettings settings, int examples) {
        return settings.steps() > 0
                ? settings.steps()
                : (long) settings.epochs() * (examples / settings.batchSize() + 1L);
    }
}
