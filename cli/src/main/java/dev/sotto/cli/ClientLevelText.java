package dev.sotto.cli;

import dev.sotto.experiment.run.ClientLevelGuarantee;
import dev.sotto.experiment.run.UpdateMechanism;
import dev.sotto.federation.clientlevel.ClientLevelPlan;
import dev.sotto.federation.clientlevel.ClientLevelPrivacy;
import dev.sotto.privacy.accounting.AccountantChoice;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.OptionalDouble;

/** What {@code sotto run} tells a person of client-level privacy before the first round. */
final class ClientLevelText {
    private ClientLevelText() {}

    static String plan(ClientLevelPlan plan) {
        UpdateMechanism mechanism = UpdateMechanism.of(plan);
        return "client-level privacy: "
                + (mechanism.noiseless()
                        ? "updates are clipped, but without noise nobody is protected"
                        : "each client is protected with everything it holds, "
                                + plan.relation().label() + " neighbours\n  " + noise(plan, mechanism))
                + "\n  " + clipping(mechanism)
                + "\n  " + cohort(mechanism)
                + (mechanism.noiseless() ? "" : "\n  " + figures(plan));
    }

    private static String noise(ClientLevelPlan plan, UpdateMechanism mechanism) {
        return "noise multiplier " + number(mechanism.noiseMultiplier())
                + (plan.asked().noiseMultiplier().isPresent() ? "" : ", calibrated over all planned rounds")
                + ": " + mechanism.distribution().replace('-', ' ').replace("gaussian", "Gaussian") + ", std "
                + number(mechanism.noiseStddev()) + where(mechanism)
                + mechanism
                        .correlation()
                        .map(kind -> ", correlated over the rounds (" + kind + ")")
                        .orElse("");
    }

    private static String where(UpdateMechanism mechanism) {
        return switch (mechanism.noise()) {
            case "clients" -> " on the sum, in shares at the clients";
            case "local" -> " at each client, before its update leaves it";
            default -> " on the sum, at the coordinator, who is trusted";
        };
    }

    private static String clipping(UpdateMechanism mechanism) {
        String norm = number(mechanism.clippingNorm());
        if (mechanism.adaptive()) {
            return "updates clipped to norm " + norm + " at first, then to one that "
                    + percent(mechanism.targetQuantile()) + " of them stay within";
        }
        return "updates clipped to norm " + norm
                + (mechanism.layerNorms().isEmpty() ? "" : ", layer by layer")
                + (mechanism.maxWeight().isPresent()
                        ? ", weighed by examples up to " + mechanism.maxWeight().getAsInt()
                        : "");
    }

    private static String cohort(UpdateMechanism mechanism) {
        String expected = number(mechanism.expectedCohort());
        if (mechanism.separation().isPresent()) {
            return "cohort: " + expected + " of " + mechanism.population() + " clients expected, each in one of "
                    + mechanism.separation().getAsInt() + " rounds at most, taken as known";
        }
        String secret = mechanism.amplified() ? ", kept secret" : "";
        return switch (mechanism.sampling()) {
            case "poisson" ->
                "cohort: each of " + mechanism.population() + " clients with probability "
                        + number(mechanism.samplingRate().orElseThrow()) + ", " + expected + " expected" + secret;
            case "fixed-size" ->
                "cohort: " + expected + " of " + mechanism.population() + " clients, at random" + secret;
            default -> "cohort: " + expected + " of " + mechanism.population() + " clients expected, taken as known";
        };
    }

    /** What all planned rounds would spend: for those who never learn the cohorts, and for those who do. */
    private static String figures(ClientLevelPlan plan) {
        ClientLevelPrivacy asked = plan.asked();
        AccountantChoice choice = asked.accountant();
        OptionalDouble epsilon =
                choice.accountant().epsilon(plan.plannedEvent(), asked.delta()).epsilon();
        if (epsilon.isEmpty()) {
            return "no finite epsilon bounds it: nobody is protected";
        }
        OptionalDouble knowing = ClientLevelGuarantee.knowingCohorts(plan, plan.plannedEvent());
        String limit = asked.epsilon()
                .filter(own -> own.value() < epsilon.getAsDouble())
                .map(own -> asked.hardLimit()
                        ? "; the run ends before it passes " + number(own.value())
                        : "; the limit of " + number(own.value()) + " is not a hard one")
                .orElse("");
        return plan.rounds() + (plan.rounds() == 1 ? " round: " : " rounds: ") + "epsilon "
                + Console.epsilon(epsilon.getAsDouble()) + " at delta "
                + Console.delta(asked.delta().value())
                + (differ(epsilon, knowing)
                        ? " for those who never learn the cohorts,\n  " + Console.epsilon(knowing.getAsDouble())
                                + " for those who do"
                        : "")
                + limit;
    }

    /** Whether knowing the cohorts costs anything that people would see. */
    static boolean differ(OptionalDouble epsilon, OptionalDouble knowing) {
        return epsilon.isPresent()
                && knowing.isPresent()
                && !Console.epsilon(epsilon.getAsDouble()).equals(Console.epsilon(knowing.getAsDouble()));
    }

    private static String percent(OptionalDouble share) {
        return number(100 * share.orElseThrow()) + "%";
    }

    private static String number(double value) {
        BigDecimal rounded = new BigDecimal(value).round(new MathContext(4)).stripTrailingZeros();
        return rounded.toPlainString();
    }
}
