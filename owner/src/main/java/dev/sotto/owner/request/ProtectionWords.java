package dev.sotto.owner.request;

import dev.sotto.federation.ClientPrivacy;
import dev.sotto.federation.clientlevel.ClientLevelPlan;
import dev.sotto.federation.clientlevel.UpdateNoise;
import dev.sotto.owner.request.RequestWords.Line;
import dev.sotto.owner.request.RequestWords.Part;
import dev.sotto.owner.request.RequestWords.Row;
import dev.sotto.owner.request.RequestWords.Sentence;
import dev.sotto.privacy.ClipPer;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.NeighbouringRelation;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/** With which epsilon and delta, who adds the noise, and what that means. */
final class ProtectionWords {
    private ProtectionWords() {}

    static Part of(Asked asked) {
        List<Line> lines = new ArrayList<>();
        asked.agreed().privacy().ifPresent(own -> examples(asked, own, lines));
        asked.agreed().clientLevel().ifPresent(own -> clients(asked, own, lines));
        if (lines.isEmpty()) {
            lines.add(new Row("epsilon", "without bound"));
            lines.add(new Row("noise", "none is added, by anybody"));
            lines.add(new Sentence(
                    "Nothing protects your records: whoever sees an update may be able to work out what was in them."));
        }
        return new Part("What protects them", lines);
    }

    private static void examples(Asked asked, ClientPrivacy own, List<Line> lines) {
        OptionalDouble epsilon = asked.exampleEpsilon();
        lines.add(new Row("protected", "each record by itself"));
        lines.add(new Row(
                "epsilon", epsilon(epsilon, own.hardLimit() && own.limit().isPresent(), asked)));
        lines.add(new Row("delta", Numbers.delta(own.delta().value())));
        lines.add(new Row("noise", "added here, in every step, before anything leaves"));
        String multiple = Numbers.measured(own.plan().noise().value());
        lines.add(new Row(
                "how much",
                own.plan().clipPer() == ClipPer.EXAMPLE
                        ? multiple + " times the most that one record can add to a step"
                        : multiple + " times what a whole batch is cut to; one record can move twice that"));
        if (epsilon.isPresent()) {
            lines.add(new Sentence(meaning(
                    "all your records but one",
                    "everything that leaves",
                    which(own),
                    epsilon.getAsDouble(),
                    own.delta().value())));
        } else {
            lines.add(new Sentence("There is no bound on what may be learned about a record."));
        }
    }

    private static String which(ClientPrivacy own) {
        return own.plan().relation() == NeighbouringRelation.REPLACE_ONE
                ? "that one was used or another in its place"
                : "that one was used";
    }

    private static String epsilon(OptionalDouble epsilon, boolean hard, Asked asked) {
        if (epsilon.isEmpty()) {
            return "without bound";
        }
        String over = over(asked);
        return hard
                ? "at most " + Numbers.epsilon(epsilon) + over + "; a round beyond is refused"
                : Numbers.epsilon(epsilon) + over + " if all goes as planned; no limit stops it there";
    }

    private static String over(Asked asked) {
        return " over " + (asked.rounds() == 1 ? "its one round" : "all " + asked.rounds() + " rounds together");
    }

    private static void clients(Asked asked, ClientLevelPlan plan, List<Line> lines) {
        OptionalDouble epsilon = asked.clientEpsilon();
        double delta = plan.asked().delta().value();
        boolean both = !lines.isEmpty();
        lines.add(new Row(both ? "and protected" : "protected", "you as a whole, with all your records together"));
        lines.add(new Row("epsilon", clientEpsilon(asked, plan)));
        lines.add(new Row("delta", Numbers.delta(delta)));
        lines.add(new Row("noise", noise(plan)));
        if (epsilon.isPresent()) {
            lines.add(new Sentence(meaning(
                    "the data of every owner but you", sees(plan), "you took part", epsilon.getAsDouble(), delta)));
        } else {
            lines.add(new Sentence("There is no bound on what may be learned about you."));
        }
        if (!both) {
            double own = Math.min(delta, Delta.below(asked.examples()).value());
            OptionalDouble one = asked.exampleEpsilon();
            lines.add(new Row(
                    "one record",
                    one.isEmpty()
                            ? "without bound"
                            : "epsilon " + Numbers.epsilon(one) + " at delta " + Numbers.delta(own)
                                    + ", from the same noise; your ledger books this, and what you allow a session"
                                    + " (policy.session-epsilon, approve --epsilon) is held against this"));
        }
    }

    private static String clientEpsilon(Asked asked, ClientLevelPlan plan) {
        OptionalDouble epsilon = asked.clientEpsilon();
        if (epsilon.isEmpty()) {
            return "without bound";
        }
        boolean hard = plan.asked().hardLimit() && plan.asked().epsilon().isPresent();
        return hard
                ? "at most " + Numbers.epsilon(epsilon) + over(asked) + "; the coordinator is to stop there"
                : Numbers.epsilon(epsilon) + over(asked) + " if all goes as planned; no limit stops it there";
    }

    /** What the figure lets others see. */
    private static String sees(ClientLevelPlan plan) {
        UpdateNoise noise = plan.asked().noise();
        if (noise instanceof UpdateNoise.Local) {
            return "everything that leaves";
        }
        return noise instanceof UpdateNoise.AtClients ? "every sum of updates" : "every model, but no single update,";
    }

    private static String noise(ClientLevelPlan plan) {
        if (plan.noise().value() == 0) {
            return "none: updates are cut to a size, and nobody is protected";
        }
        return switch (plan.asked().noise().label()) {
            case "clients" -> "a share is added here; only the sum of all shares is enough";
            case "local" -> "all of it is added here, before the update leaves";
            default -> "added by the coordinator, to the sum of all updates";
        };
    }

    /**
     * What an epsilon means, in one plain sentence, and what delta adds.
     *
     * @param knows what somebody knows beforehand
     * @param sees what they get to see
     * @param whether what they would like to know
     */
    private static String meaning(String knows, String sees, String whether, double epsilon, double delta) {
        Odds odds = Odds.of(epsilon, delta);
        String somebody =
                "Somebody who knows " + knows + " and sees " + sees + " can be right about whether " + whether + " ";
        return odds.hardlyHides()
                ? somebody + "as good as always: an epsilon this large promises next to nothing. Delta is the chance of"
                        + " worse still, " + Numbers.chance(delta) + "."
                : somebody + "at most " + odds.words() + " (odds of " + odds.ratio()
                        + "), where a blind guess is right 50"
                        + " times. Delta is the chance of worse luck than that, " + Numbers.chance(delta)
                        + ", and is counted in.";
    }
}
