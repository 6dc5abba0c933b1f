package dev.sotto.owner.policy;

import dev.sotto.formats.config.Interval;
import dev.sotto.formats.config.Section;
import dev.sotto.owner.ledger.TotalLimit;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What a data owner allows on one data set. The total is held by the ledger in every round; the rest is asked when a session is
 * offered.
 *
 * @param require what a session must protect
 * @param sessionEpsilon the most that one session may spend; empty for {@value #MOST_EPSILON} where something must be protected
 * @param total the most that all sessions together may spend; empty for no limit
 * @param minExamples examples without which the owner does not take part: few examples need much noise
 * @param coordinators ids, or {@code sha256:} and the digest of the authority's key in hexadecimal; empty for any
 * @param approval who approves what all this allows
 * @param approvalDays how long an approval holds if nobody says otherwise
 * @param progress whether coordinators are told how far training has come, in tenths
 */
public record OwnerPolicy(
        RequiredLevel require,
        Optional<Epsilon> sessionEpsilon,
        Optional<TotalLimit> total,
        int minExamples,
        List<String> coordinators,
        ApprovalRule approval,
        int approvalDays,
        boolean progress) {
    /** What may spend more protects nothing, whatever it is called. */
    static final double MOST_EPSILON = 100;

    private static final int USUAL_DAYS = 30;
    private static final int MOST_DAYS = 3650;
    private static final String FINGERPRINT = "sha256:";

    public OwnerPolicy {
        coordinators = List.copyOf(coordinators);
    }

    /** Some protection, and the owner approves each session. */
    public static OwnerPolicy usual() {
        return new OwnerPolicy(
                RequiredLevel.EITHER,
                Optional.empty(),
                Optional.empty(),
                1,
                List.of(),
                ApprovalRule.ASK,
                USUAL_DAYS,
                true);
    }

    /**
     * Reads the section {@code policy}.
     *
     * @throws dev.sotto.formats.config.ConfigException naming the key and what would be valid
     */
    public static OwnerPolicy read(Section policy) {
        List<String> labels =
                Arrays.stream(RequiredLevel.values()).map(RequiredLevel::label).toList();
        RequiredLevel require = RequiredLevel.valueOf(
                policy.choice("require", labels, usual().require().label()).toUpperCase(Locale.ROOT));
        Optional<Epsilon> session =
                policy.number("session-epsilon", Interval.POSITIVE).map(Epsilon::new);
        Optional<TotalLimit> total =
                policy.has("total") ? Optional.of(total(policy.section("total"))) : Optional.empty();
        int least = policy.integer("min-examples", usual().minExamples(), 1, Integer.MAX_VALUE);
        List<String> coordinators = policy.texts("coordinators");
        for (String each : coordinators) {
            if (each.startsWith(FINGERPRINT) && !each.matches("sha256:[0-9a-fA-F]{64}")) {
                throw policy.error(
                        "coordinators",
                        "'" + each + "' is no digest: sha256: is followed by 64 hexadecimal " + "digits");
            }
        }
        List<String> rules =
                Arrays.stream(ApprovalRule.values()).map(ApprovalRule::label).toList();
        ApprovalRule approval = ApprovalRule.valueOf(
                policy.choice("approval", rules, usual().approval().label()).toUpperCase(Locale.ROOT));
        int days = policy.integer("approval-days", usual().approvalDays(), 1, MOST_DAYS);
        boolean progress = policy.flag("progress", usual().progress());
        policy.end();
        if (require == RequiredLevel.NONE && (session.isPresent() || total.isPresent())) {
            throw policy.error(
                    "require",
                    "none allows sessions whose epsilon has no bound, so they would pass "
                            + (session.isPresent() ? "session-epsilon" : "total") + "; use example, client or either");
        }
        return new OwnerPolicy(require, session, total, least, coordinators, approval, days, progress);
    }

    private static TotalLimit total(Section total) {
        Epsilon epsilon = new Epsilon(total.number("epsilon", Interval.POSITIVE)
                .orElseThrow(() -> total.error("epsilon", "it is required: the most that all sessions may spend")));
        Delta delta = new Delta(total.number("delta", Interval.PROPORTION)
                .orElseThrow(() -> total.error("delta", "it is required, such as 1e-6: below one over the examples")));
        total.end();
        return new TotalLimit(epsilon, delta);
    }

    /** The most that one session may spend; empty for no limit, where nothing needs to be protected. */
    public Optional<Epsilon> most() {
        return require == RequiredLevel.NONE
                ? Optional.empty()
                : sessionEpsilon.or(() -> Optional.of(new Epsilon(MOST_EPSILON)));
    }

    /** Why a session may not use the data, in one line that may leave; empty if it may. */
    public Optional<String> refusal(Proposal session) {
        if (!coordinators.isEmpty() && !allowed(session)) {
            return Optional.of("the owner's policy does not list coordinator " + session.coordinator());
        }
        if (!require.met(session.protectsExamples(), session.protectsClients())) {
            return Optional.of("the owner's policy asks for " + asked() + ", and this session has "
                    + (session.protectsClients()
                            ? "client-level privacy only"
                            : session.protectsExamples() ? "example-level privacy only" : "no privacy"));
        }
        if (session.examples() < minExamples) {
            // The number itself is public wherever this client takes part, and is not told where it does not.
            return Optional.of("the owner's policy asks for more examples than there are");
        }
        return require == RequiredLevel.NONE ? Optional.empty() : hollow(session);
    }

    /** Why a session protects nothing, or less than was asked for, although it has noise; empty if it does. */
    private Optional<String> hollow(Proposal session) {
        // Giving away one record whole has a delta of one over their number.
        int units = session.protectsExamples() ? session.examples() : session.clients();
        if (session.delta() * units >= 1) {
            return Optional.of("the owner's policy asks for a delta below one over the "
                    + (session.protectsExamples() ? "examples" : "clients") + ", and this session's is "
                    + session.delta());
        }
        double limit = most().orElseThrow().value();
        if (session.epsilon().orElse(Double.POSITIVE_INFINITY) > limit) {
            return Optional.of("the owner's policy allows epsilon "
                    + words(limit)
                    + " a session, and this one "
                    + (Double.isFinite(session.epsilon().orElse(Double.NaN))
                            ? "may reach " + words(session.epsilon().getAsDouble())
                            : "has no bound"));
        }
        return Optional.empty();
    }

    private static String words(double epsilon) {
        return new BigDecimal(epsilon)
                .round(new MathContext(4, RoundingMode.UP))
                .stripTrailingZeros()
                .toPlainString();
    }

    private String asked() {
        return switch (require) {
            case EXAMPLE -> "example-level privacy";
            case CLIENT -> "client-level privacy";
            case NONE, EITHER -> "example-level or client-level privacy";
        };
    }

    private boolean allowed(Proposal session) {
        String fingerprint = FINGERPRINT + session.authority();
        return coordinators.stream()
                .anyMatch(each -> each.equals(session.coordinator()) || each.equalsIgnoreCase(fingerprint));
    }
}
