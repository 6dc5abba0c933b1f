package dev.sotto.owner.request;

import dev.sotto.owner.request.RequestWords.Line;
import dev.sotto.owner.request.RequestWords.Part;
import dev.sotto.owner.request.RequestWords.Row;
import dev.sotto.owner.request.RequestWords.Sentence;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Who asks, and what the owner decided. */
final class AskingWords {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private AskingWords() {}

    static Part who(Request request, Asked asked) {
        return new Part(
                "Who asks",
                List.of(
                        new Row("coordinator", request.key().coordinator()),
                        new Row("session", request.key().session()),
                        new Row("arrived", time(request.arrived())),
                        new Row("signed by", asked.signer()),
                        new Row("package", request.packageDigest()),
                        new Sentence("The signature was checked against the key that your node was given when it joined"
                                + " this coordinator. Both long numbers are SHA-256 digests, to be compared with what the"
                                + " coordinator's people tell you.")));
    }

    static Part decided(RequestBook book, Request request, Asked asked) {
        List<Line> lines = new ArrayList<>();
        now(book.decision(request), onRecord(asked), lines);
        book.ending(request).ifPresent(how -> lines.add(new Row("session", "over: " + how)));
        asked.policyRefusal().ifPresent(why -> say(lines, "Careful: " + why + "."));
        List<Decided> history = book.history().stream()
                .filter(each -> each.request().id().equals(request.id()))
                .toList();
        if (history.size() > 1) {
            history.forEach(each -> lines.add(new Row("history", history(each))));
        }
        if (history.stream().anyMatch(each -> each.broken().isPresent())) {
            say(lines, "Careful: what is written down about your decisions is not what you signed.");
        }
        return new Part("Your decision", lines);
    }

    private static String history(Decided decided) {
        return time(decided.at()) + ": " + decided.kind().label()
                + (decided.automatic() ? " by your policy" : "")
                + decided.limits()
                        .map(limits -> ", rounds 1 to " + limits.rounds()
                                + limits.epsilon()
                                        .map(most -> ", epsilon at most " + Numbers.epsilon(most.value()))
                                        .orElse(""))
                        .orElse("")
                + (decided.reason().isEmpty() ? "" : ", " + decided.reason())
                + decided.broken().map(reason -> " (" + reason + ")").orElse("");
    }

    /** What an approval's epsilon is of, where that could be mistaken. */
    private static String onRecord(Asked asked) {
        return asked.agreed().clientLevel().isPresent() ? " on one record, not on you as a whole" : "";
    }

    private static void now(Decision decision, String of, List<Line> lines) {
        if (decision instanceof Decision.Approved approved) {
            approval(approved.approval(), of, lines);
            say(lines, "You may revoke it at any time. Then the next round is not done; what has left stays out.");
        } else if (decision instanceof Decision.Expired expired) {
            approval(expired.approval(), of, lines);
            say(lines, "The time is over: nothing more is done unless you approve again.");
        } else if (decision instanceof Decision.Rejected rejected) {
            lines.add(new Row("rejected", rejected.reason()));
            say(lines, "The coordinator was told so. You may approve it after all.");
        } else if (decision instanceof Decision.Revoked revoked) {
            lines.add(new Row("revoked", revoked.reason()));
            say(lines, "No further round is done; what left before stays out. You may approve it again.");
        } else if (decision instanceof Decision.Superseded) {
            say(
                    lines,
                    "The session asks for something else by now, or your data changed: this request can no longer be"
                            + " approved, and no approval of it holds.");
        } else if (decision instanceof Decision.Pending open && open.lapsed().isPresent()) {
            approval(open.lapsed().get(), of, lines);
            say(
                    lines,
                    "Your policy approved this while it said approval: automatic. It says ask now, so that approval does not"
                            + " hold, and you have not decided yet. None of your records is used before you approve.");
        } else {
            say(lines, "You have not decided yet. None of your records is used before you approve.");
            say(
                    lines,
                    "An approval is signed with your key over this very package, your data as it is now, and limits that"
                            + " you set. It is checked before each round, and you may take it back at any time.");
        }
    }

    private static void say(List<Line> lines, String sentence) {
        lines.add(new Sentence(sentence));
    }

    private static void approval(Approval approval, String of, List<Line> lines) {
        lines.add(new Row("approved", time(approval.at()) + (approval.automatic() ? ", by your policy" : ", by you")));
        lines.add(new Row("rounds", "1 to " + approval.limits().rounds()));
        lines.add(new Row(
                "epsilon",
                approval.limits()
                        .epsilon()
                        .map(most -> "at most " + Numbers.epsilon(most.value()) + of)
                        .orElse("as the session and your policy limit it")));
        lines.add(new Row("until", time(approval.limits().expires())));
        lines.add(new Row("your key", approval.signer()));
    }

    private static String time(Instant instant) {
        return TIME.format(instant);
    }
}
