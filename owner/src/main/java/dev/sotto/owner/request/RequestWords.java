package dev.sotto.owner.request;

import dev.sotto.experiment.DataContract;
import dev.sotto.formats.Printable;
import dev.sotto.owner.Owner;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a request asks, in words for somebody who is not an engineer: titled parts of rows and sentences. It holds no
 * formatting; a command, a page and a document show the same.
 *
 * @param parts in the order in which they are read
 */
public record RequestWords(List<Part> parts) {
    public RequestWords {
        parts = List.copyOf(parts);
    }

    /** Lines under one title. */
    public record Part(String title, List<Line> lines) {
        public Part {
            lines = List.copyOf(lines);
        }
    }

    /** A line of a part. */
    public sealed interface Line {}

    /** A label of at most {@value RequestWords#LABEL} letters, and what it stands for; one line, whatever a package holds. */
    public record Row(String label, String value) implements Line {
        public Row {
            value = printable(value);
        }
    }

    /** A sentence by itself. */
    public record Sentence(String text) implements Line {
        public Sentence {
            text = printable(text);
        }
    }

    /** What can be printed stays whole; a space that lines are not broken at would be at the edge of a terminal. */
    static String printable(String text) {
        String spaced = text.replaceAll("\\p{Zs}", " ");
        return Printable.is(spaced) ? spaced : Printable.line(spaced);
    }

    /** No label is longer. */
    public static final int LABEL = 13;

    /** All of what a session asks. */
    public static RequestWords of(Asked asked) {
        return new RequestWords(List.of(
                computed(asked),
                data(asked),
                LeavingWords.of(asked),
                ProtectionWords.of(asked),
                TrustWords.of(asked),
                LedgerWords.of(asked)));
    }

    /** All of a request: who asks, what is asked, and what the owner decided. */
    public static RequestWords of(Owner owner, Request request, Asked asked) {
        List<Part> all = new ArrayList<>(List.of(AskingWords.who(request, asked)));
        all.addAll(of(asked).parts());
        all.add(AskingWords.decided(owner.requests(), request, asked));
        return new RequestWords(all);
    }

    private static Part computed(Asked asked) {
        return new Part("What would be computed", ComputationWords.of(asked));
    }

    private static Part data(Asked asked) {
        return new Part(
                "On which data",
                List.of(
                        new Row("data set", asked.agreed().dataSet()),
                        new Row("records", records(asked)),
                        new Row("each has", each(asked.terms().contract())),
                        new Sentence("Records are read on this machine only, and never leave it.")));
    }

    private static String each(DataContract contract) {
        int features = contract.features().size();
        return Numbers.count(features, "number")
                + (contract.features().rank() > 1 ? " (" + contract.features() + ")" : "")
                + (contract.hasClasses()
                        ? ", and one of " + Numbers.whole(contract.outputs()) + " classes"
                        : ", and " + Numbers.count(contract.outputs(), "number") + " to estimate");
    }

    private static String records(Asked asked) {
        return Numbers.whole(asked.examples()) + " to train on"
                + (asked.heldOut() == 0
                        ? ""
                        : ", and " + Numbers.whole(asked.heldOut()) + " held out to try the model on");
    }

    /** The value of a row, if there is one of that label. */
    public Optional<String> row(String label) {
        return parts.stream()
                .flatMap(part -> part.lines().stream())
                .filter(line -> line instanceof Row row && row.label().equals(label))
                .map(line -> ((Row) line).value())
                .findFirst();
    }
}
