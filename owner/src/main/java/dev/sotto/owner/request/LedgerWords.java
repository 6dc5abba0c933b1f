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
        lines.add(new Row("spent after", most(ledger.spent().after(), at)));
        lines.add(new Row(
                "your limit",
                ledger.limit()
                        .map(limit -> epsilon(OptionalDouble.of(limit.epsilon().value()), at))
                        .orElse("none in all: policy.total in node.yaml sets one")));
        if (ledger.limit().isPresent()) {
            lines.add(new Row(
                    "counted",
                    "against the limit: " + Numbers.epsilon(ledger.counted().now()) + " now, "
                            + most(ledger.counted().after(), "").replace("epsilon ", "") + " after"));
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
        return new Part("What your ledger will hold for " + ledger.dataSet(), lines);
    }

    private static String epsilon(OptionalDouble value, String at) {
        return value.isPresent() ? "epsilon " + Numbers.epsilon(value) + at : "without bound";
    }

    private static String most(OptionalDouble value, String at) {
        return value.isPresent() ? "at most " + epsilon(value, at) : "without bound";
    }
}
