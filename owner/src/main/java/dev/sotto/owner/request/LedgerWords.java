package dev.sotto.owner.request;

import dev.sotto.owner.ledger.Foreseen;
import dev.sotto.owner.request.RequestWords.Line;
import dev.sotto.owner.request.RequestWords.Part;
import dev.sotto.owner.request.RequestWords.Row;
import dev.sotto.owner.request.RequestWords.Sentence;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.TreeSet;

/** What the ledger holds now, and would hold afterwards. */
final class LedgerWords {
    private LedgerWords() {}

    static Part of(Asked asked) {
        Foreseen ledger = asked.ledger();
        List<Line> lines = new ArrayList<>();
        String at = " at delta " + Numbers.delta(ledger.delta().value());
        lines.add(new Row("spent now", epsilon(ledger.spent().now(), at)));
        boolean more = asked.agreed().mayCostMore();
        lines.add(new Row("spent after", after(ledger.spent().after(), at, more)));
        lines.add(new Row(
                "your limit",
                ledger.limit()
                        .map(limit -> epsilon(OptionalDouble.of(limit.epsilon().value()), at))
                        .orElse("none in all: policy.total in node.yaml sets one")));
        if (ledger.limit().isPresent()) {
            lines.add(new Row(
                    "counted",
                    "against the limit: " + Numbers.epsilon(ledger.counted().now()) + " now, "
                            + after(ledger.counted().after(), " after", more).replace("epsilon ", "")));
        }
        if (ledger.sharing().size() > 1) {
            TreeSet<String> others = new TreeSet<>(ledger.sharing());
            others.remove(ledger.dataSet());
            lines.add(new Row("counted with", String.join(", ", others)));
        }
        lines.add(new Sentence(
                ledger.fits()
                        ? "Each round is booked before your data is touched, and what is booked stays spent."
                                + (ledger.limit().isPresent()
                                        ? " Against the limit the ledger counts with more care than the figure itself"
                                                + " needs, so that one is the larger."
                                        : "")
                        : "That is more than your limit: the ledger will refuse before your data is touched."));
        if (more) {
            lines.add(
                    new Sentence(
                            "A round that is cut short, when a machine is switched off, say, stays booked, and is booked"
                                    + " again when it is done again; "
                                    + asked.agreed()
                                            .budget()
                                            .epsilon()
                                            .map(limit -> "this session may come to epsilon "
                                                    + Numbers.epsilon(limit.value()) + " by that, and no further.")
                                            .orElse(
                                                    "this session has no limit that stops that. An approval with --epsilon sets one.")));
        }
        return new Part("What your ledger will hold for " + ledger.dataSet(), lines);
    }

    private static String epsilon(OptionalDouble value, String at) {
        return value.isPresent() ? "epsilon " + Numbers.epsilon(value) + at : "without bound";
    }

    /** A figure that more rounds may be added to is no most. */
    private static String after(OptionalDouble value, String at, boolean more) {
        if (value.isEmpty()) {
            return "without bound" + (at.endsWith("after") ? at : "");
        }
        return more ? epsilon(value, at) + ", if no round is cut short" : "at most " + epsilon(value, at);
    }
}
