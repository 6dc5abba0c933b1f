package dev.sotto.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Help;

/**
 * What stands below a command's options. Prose is filled anew, as wide as the rest but for at most eighty columns; headings
 * (which end in a colon), indented lines and blank ones stay as they are written. Left to picocli, a line that is a word too
 * long would leave that word on a line of its own.
 */
final class HelpFooter {
    private static final int WIDEST = 80;

    private HelpFooter() {}

    static String render(Help help) {
        var usage = help.commandSpec().usageMessage();
        int width = Math.min(WIDEST, usage.width());
        StringBuilder text = new StringBuilder();
        filled(List.of(usage.footer()), width).forEach(line -> text.append(line).append(System.lineSeparator()));
        return text.toString();
    }

    static List<String> filled(List<String> lines, int width) {
        List<String> filled = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String written : lines) {
            if (written.isBlank() || written.startsWith(" ")) {
                flush(line, filled);
                filled.add(written);
                continue;
            }
            for (String word : written.strip().split(" +", -1)) {
                if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
                    flush(line, filled);
                }
                line.append(line.isEmpty() ? "" : " ").append(word);
            }
            if (written.endsWith(":")) {
                flush(line, filled);
            }
        }
        flush(line, filled);
        return filled;
    }

    private static void flush(StringBuilder line, List<String> filled) {
        if (!line.isEmpty()) {
            filled.add(line.toString());
            line.setLength(0);
        }
    }
}
