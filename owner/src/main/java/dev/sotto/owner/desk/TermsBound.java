package dev.sotto.owner.desk;

import dev.sotto.federation.ExamplePrivacy;
import dev.sotto.federation.Plan;
import dev.sotto.learning.TrainingSettings;
import dev.sotto.privacy.accounting.AccountantChoice;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps sessions out that are asked for to occupy an owner's machine: what a plan costs is worked out before anybody has agreed
 * to it, and a few digits in a package must not make that take hours.
 */
final class TermsBound {
    /** More than any session in the field, and few enough to count without an overflow. */
    static final long MOST_STEPS = 1_000_000_000;

    /** Where noise or clipping changes from step to step, each step is looked at by itself. */
    static final long MOST_SCHEDULED_STEPS = 100_000;

    /** Steps whose noise or clipping is like that of no other are accounted for one by one: about 4 ms each. */
    static final int MOST_DIFFERENT = 5_000;

    /** About 30 ms each, with an accountant of loss distributions. */
    static final int MOST_DIFFERENT_LOSSES = 200;

    /** Noise for less is searched for on grids that become as fine as epsilon is small. */
    static final double LEAST_EPSILON = 0.01;

    private TermsBound() {}

    /** Why a plan is too long for a client with so many examples, in one line that may leave; empty if it is not. */
    static Optional<String> passed(Plan plan, int examples) {
        boolean constant = plan.privacy().map(TermsBound::isConstant).orElse(true);
        long most = constant ? MOST_STEPS : MOST_SCHEDULED_STEPS;
        long steps = 0;
        for (int round = 1; round <= plan.rounds() && steps <= most; round++) {
            steps += steps(plan.training().settings(round), examples);
        }
        if (steps > most) {
            return Optional.of(String.format(
                    Locale.ROOT,
                    "client.steps or client.epochs: this node takes at most %,d steps in all rounds%s",
                    most,
                    constant ? "" : ", where noise or clipping changes from step to step"));
        }
        int all = (int) (constant ? 0 : steps);
        return plan.privacy().flatMap(own -> different(own, all).or(() -> small(own)));
    }

    private static Optional<String> different(ExamplePrivacy own, int steps) {
        int most = own.accountant() == AccountantChoice.RDP ? MOST_DIFFERENT : MOST_DIFFERENT_LOSSES;
        Set<List<Double>> factors = new HashSet<>();
        for (int step = 0; step < steps && factors.size() <= most; step++) {
            factors.add(List.of(
                    own.noiseSchedule().factor(step), own.clippingSchedule().factor(step)));
        }
        return factors.size() <= most
                ? Optional.empty()
                : Optional.of(String.format(
                        Locale.ROOT,
                        "privacy.example-level.noise-schedule or clipping-schedule: this node takes at most %,d steps that"
                                + " differ, under accountant %s; let them change more rarely, with kind: step",
                        most,
                        own.accountant().label()));
    }

    private static Optional<String> small(ExamplePrivacy own) {
        boolean searched = own.accountant() != AccountantChoice.RDP
                && own.noiseMultiplier().isEmpty();
        return own.epsilon()
                .filter(epsilon -> searched && epsilon.value() < LEAST_EPSILON)
                .map(epsilon -> "privacy.example-level.epsilon: " + epsilon + " is less than the " + LEAST_EPSILON
                        + " that this node works noise out for under accountant "
                        + own.accountant().label() + "; give noise-multiplier, or use accountant: rdp");
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
