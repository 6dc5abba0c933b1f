package dev.sotto.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.owner.request.RequestWords;
import dev.sotto.owner.request.RequestWords.Part;
import dev.sotto.owner.request.RequestWords.Row;
import dev.sotto.owner.request.RequestWords.Sentence;
import java.util.ArrayList;
import java.util.List;

/** Words on a terminal of 80 columns, and as JSON. */
final class WordsText {
    private static final int COLUMNS = 80;
    private static final int INDENT = 2;
    private static final int LABEL = INDENT + RequestWords.LABEL + 1;

    private WordsText() {}

    static String text(List<Part> parts) {
        List<String> lines = new ArrayList<>();
        for (Part part : parts) {
            if (!lines.isEmpty()) {
                lines.add("");
            }
            lines.add(part.title());
            part.lines().forEach(line -> {
                if (line instanceof Row row) {
                    lines.addAll(row(row.label(), row.value()));
                } else if (line instanceof Sentence sentence) {
                    lines.addAll(wrapped(" ".repeat(INDENT), INDENT, sentence.text()));
                }
            });
        }
        return String.join(System.lineSeparator(), lines);
    }

    static List<String> row(String label, String value) {
        String first = " ".repeat(INDENT) + label;
        return wrapped(first + " ".repeat(Math.max(1, LABEL - first.length())), LABEL, value);
    }

    /**
     * Lines of words, the first after {@code first}, the others after so many spaces. A word that is too long goes on there too:
     * a terminal would go on at its edge, where labels stand.
     */
    static List<String> wrapped(String first, int indent, String text) {
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder(first);
        boolean empty = true;
        for (String word : text.split(" ", -1)) {
            if (!empty && line.length() + 1 + word.length() > COLUMNS) {
                lines.add(line.toString());
                line = new StringBuilder(" ".repeat(indent));
                empty = true;
            }
            line.append(empty ? "" : " ").append(word);
            empty = false;
            while (line.length() > COLUMNS) {
                lines.add(line.substring(0, COLUMNS));
                line = new StringBuilder(" ".repeat(indent)).append(line.substring(COLUMNS));
            }
        }
        lines.add(line.toString());
        return lines;
    }

    static ArrayNode json(List<Part> parts, ArrayNode into) {
        for (Part part : parts) {
            ObjectNode node = into.addObject().put("title", part.title());
            ArrayNode lines = node.putArray("lines");
            part.lines().forEach(line -> {
                if (line instanceof Row row) {
                    lines.addObject().put("label", row.label()).put("value", row.value());
                } else if (line instanceof Sentence sentence) {
                    lines.addObject().put("sentence", sentence.text());
                }
            });
        }
        return into;
    }
}
