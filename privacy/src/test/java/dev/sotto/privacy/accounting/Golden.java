package dev.sotto.privacy.accounting;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A row of the table of epsilons that other libraries computed. */
record Golden(
        String accountant,
        String event,
        double rate,
        double sigma,
        int steps,
        double delta,
        double epsilon,
        String notes) {
    private static final Pattern FIELD = Pattern.compile("\"([^\"]*)\"|([^,]*)(?:,|$)");

    static List<Golden> rows(String accountant, String eventPrefix) {
        List<Golden> rows = new ArrayList<>();
        for (List<String> f : table("goldens.csv")) {
            if (f.get(0).equals(accountant) && f.get(1).startsWith(eventPrefix)) {
                double rate = f.get(2).isEmpty() ? 1 : Double.parseDouble(f.get(2));
                rows.add(new Golden(
                        f.get(0),
                        f.get(1),
                        rate,
                        Double.parseDouble(f.get(3)),
                        Integer.parseInt(f.get(4)),
                        Double.parseDouble(f.get(5)),
                        Double.parseDouble(f.get(6)),
                        f.get(7)));
            }
        }
        return rows;
    }

    /** A number after {@code name=} in the event's description. */
    int parameter(String name) {
        Matcher matcher = Pattern.compile(name + "=(\\d+)").matcher(event);
        if (!matcher.find()) {
            throw new IllegalStateException(event + " has no " + name);
        }
        return Integer.parseInt(matcher.group(1));
    }

    /** The rows of a CSV resource, without its header. */
    static List<List<String>> table(String resource) {
        try (BufferedReader reader = new BufferedReader(
                new InputStreamReader(Golden.class.getResourceAsStream(resource), StandardCharsets.UTF_8))) {
            return reader.lines().skip(1).map(Golden::fields).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> fields(String line) {
        List<String> fields = new ArrayList<>();
        Matcher matcher = FIELD.matcher(line);
        int at = 0;
        while (at <= line.length() && matcher.find(at)) {
            boolean quoted = matcher.group(1) != null;
            fields.add(quoted ? matcher.group(1) : matcher.group(2));
            at = matcher.end() + (quoted ? 1 : 0);
            if (at >= line.length() && !line.endsWith(",")) {
                break;
            }
            if (at == line.length()) {
                fields.add("");
                break;
            }
        }
        return fields;
    }
}
