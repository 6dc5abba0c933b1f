package dev.sotto.owner.request;

import dev.sotto.federation.EvaluationPlan;
import dev.sotto.federation.clientlevel.UpdateNoise;
import dev.sotto.owner.request.RequestWords.Line;
import dev.sotto.owner.request.RequestWords.Part;
import dev.sotto.owner.request.RequestWords.Row;
import dev.sotto.owner.request.RequestWords.Sentence;
import java.util.ArrayList;
import java.util.List;

/** What leaves the owner's machine, and how often. */
final class LeavingWords {
    private LeavingWords() {}

    static Part of(Asked asked) {
        List<Line> lines = new ArrayList<>();
        lines.add(new Row(
                "an update",
                "at most once a round, " + Numbers.count(asked.rounds(), "time") + ": "
                        + Numbers.whole(asked.updateValues()) + " numbers, " + Numbers.bytes(asked.updateBytes()) + "; "
                        + Numbers.bytes(asked.updateBytes() * asked.rounds()) + " in all"));
        lines.add(new Row("how many", count(asked)));
        if (asked.agreed().privacy().isPresent()) {
            lines.add(new Row("spending", "the epsilon that this session has spent, after each round"));
        }
        lines.add(new Row("training loss", guarded(asked) ? "withheld" : "after each round, exactly"));
        lines.add(new Row("accuracy", accuracy(asked)));
        lines.add(new Row("messages", "that a round began and was sent, or why it was refused, in one line"));
        lines.add(new Sentence("An update is how far the model moved while it was trained here: not records, but"
                + " numbers computed from them. " + bound(asked)));
        return new Part("What leaves this machine", lines);
    }

    private static String bound(Asked asked) {
        boolean local = asked.agreed()
                .clientLevel()
                .map(own -> own.asked().noise() instanceof UpdateNoise.Local)
                .orElse(false);
        if (asked.agreed().privacy().isPresent() || local) {
            return "What it may tell about a record is bounded, as the next part says.";
        }
        return asked.agreed().clientLevel().isPresent()
                ? "It leaves before it is protected: whoever receives it could learn from it about your records."
                : "Nothing bounds what it may tell about a record.";
    }

    private static boolean guarded(Asked asked) {
        return asked.agreed().privacy().isPresent()
                || asked.agreed().clientLevel().isPresent();
    }

    private static String count(Asked asked) {
        return asked.countIsPrivate()
                ? "a declared number of records in place of yours"
                : "that you train on " + Numbers.count(asked.examples(), "record");
    }

    private static String accuracy(Asked asked) {
        EvaluationPlan plan = asked.agreed().plan().evaluation();
        if (asked.evaluations() == 0) {
            return "nothing is measured here";
        }
        if (!guarded(asked)) {
            return "on the records held out, exactly, " + Numbers.count(asked.evaluations(), "time");
        }
        if (plan.privateMetrics().isEmpty()) {
            return "withheld";
        }
        String times = Numbers.count(asked.evaluations(), "time");
        return asked.agreed().privacy().isPresent()
                ? "on the records held out, with noise, " + times + "; counted in epsilon"
                : "on the records held out, exactly, to the coordinator, " + times + "; it adds noise";
    }
}
