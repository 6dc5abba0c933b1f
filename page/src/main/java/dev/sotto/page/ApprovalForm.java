package dev.sotto.page;

import dev.sotto.experiment.report.Figures;
import dev.sotto.experiment.report.Markup;
import dev.sotto.owner.policy.OwnerPolicy;
import dev.sotto.owner.request.ApprovalLimits;
import dev.sotto.owner.request.Asked;
import dev.sotto.privacy.Epsilon;
import io.javalin.http.Context;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The limits of an approval as somebody typed them.
 *
 * @param most rounds that the request asks for
 * @param policy epsilon that the owner's policy lets any session spend; empty for no limit
 * @param rounds as typed
 * @param epsilon as typed; may be empty
 * @param days as typed
 */
record ApprovalForm(int most, Optional<Epsilon> policy, String rounds, String epsilon, String days) {
    private static final int MOST_DAYS = 3650;

    /** What is proposed: all that is asked, and no more. */
    static ApprovalForm proposed(Asked asked) {
        return new ApprovalForm(
                asked.rounds(),
                asked.agreed().cap(),
                "" + asked.rounds(),
                asked.cap().map(cap -> plain(cap.value())).orElse(""),
                "" + OwnerPolicy.usual().approvalDays());
    }

    /** All of its digits: one rounded off could refuse the last round. */
    private static String plain(double value) {
        return new BigDecimal(Double.toString(value)).stripTrailingZeros().toPlainString();
    }

    /** What was sent. */
    static ApprovalForm sent(Context request, Asked asked) {
        return new ApprovalForm(
                asked.rounds(),
                asked.agreed().cap(),
                text(request, "rounds"),
                text(request, "epsilon"),
                text(request, "days"));
    }

    private static String text(Context request, String name) {
        return Optional.ofNullable(request.formParam(name)).orElse("").strip();
    }

    /** What is wrong with it, by field; empty if nothing is. */
    Map<String, String> errors() {
        Map<String, String> errors = new LinkedHashMap<>();
        if (whole(rounds, most).isEmpty()) {
            errors.put("rounds", "Rounds must be a whole number from 1 to " + most + ", which is what is asked.");
        }
        if (!epsilon.isEmpty() && cap().isEmpty()) {
            errors.put("epsilon", "Epsilon must be a number above 0, such as 2.5, or be left empty for no cap.");
        }
        if (whole(days, MOST_DAYS).isEmpty()) {
            errors.put("days", "Days must be a whole number from 1 to " + MOST_DAYS + ".");
        }
        return errors;
    }

    private static Optional<Integer> whole(String text, int most) {
        try {
            return Optional.of(Integer.parseInt(text)).filter(value -> value >= 1 && value <= most);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    private Optional<Epsilon> cap() {
        try {
            return Optional.of(new BigDecimal(epsilon).doubleValue())
                    .filter(value -> value > 0 && Double.isFinite(value))
                    .map(Epsilon::new);
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    /** The limits, if nothing is wrong. */
    ApprovalLimits limits(Instant now) {
        return new ApprovalLimits(
                whole(rounds, most).orElseThrow(),
                cap(),
                now.plus(Duration.ofDays(whole(days, MOST_DAYS).orElseThrow())));
    }

    /** The fields. */
    void write(Markup page, Map<String, String> errors) {
        page.open("div", "class", "fields");
        field(page, errors, "rounds", "Rounds", "Nothing is done after this round.", rounds, "numeric");
        field(
                page,
                errors,
                "epsilon",
                "Epsilon, at most",
                "Empty: no cap beside the session\u2019s own"
                        + policy.map(most -> " and your policy\u2019s, which is " + Figures.number(most.value()))
                                .orElse("")
                        + ".",
                epsilon,
                "decimal");
        field(page, errors, "days", "Days", "The approval is over then.", days, "numeric");
        page.close();
    }

    /** A field with its label, what it means, and what is wrong with it. */
    static void field(
            Markup page,
            Map<String, String> errors,
            String name,
            String label,
            String hint,
            String value,
            String mode) {
        boolean wrong = errors.containsKey(name);
        page.open("p", "class", "field").element("label", label, "for", name);
        page.element("span", hint, "class", "hint", "id", name + "-hint");
        if (wrong) {
            page.element("span", errors.get(name), "class", "error", "id", name + "-error");
        }
        String described = wrong ? name + "-error " + name + "-hint" : name + "-hint";
        String[] common = {
            "type",
            "text",
            "id",
            name,
            "name",
            name,
            "value",
            value,
            "inputmode",
            mode,
            "autocomplete",
            "off",
            "aria-describedby",
            described
        };
        String[] all = wrong ? Arrays.copyOf(common, common.length + 2) : common;
        if (wrong) {
            all[common.length] = "aria-invalid";
            all[common.length + 1] = "true";
        }
        page.empty("input", all).close();
    }
}
