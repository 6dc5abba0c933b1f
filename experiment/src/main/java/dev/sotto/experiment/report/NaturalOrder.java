package dev.sotto.experiment.report;

import java.util.Comparator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names as people order them: client-2 before client-10. */
final class NaturalOrder implements Comparator<String> {
    static final NaturalOrder INSTANCE = new NaturalOrder();

    private static final Pattern PART = Pattern.compile("\\d+|\\D+");

    private NaturalOrder() {}

    @Override
    public int compare(String one, String other) {
        Matcher left = PART.matcher(one);
        Matcher right = PART.matcher(other);
        while (true) {
            boolean more = left.find();
            if (!right.find()) {
                return more ? 1 : one.compareTo(other);
            }
            if (!more) {
                return -1;
            }
            int order = part(left.group(), right.group());
            if (order != 0) {
                return order;
            }
        }
    }

    private static int part(String one, String other) {
        if (!Character.isDigit(one.charAt(0)) || !Character.isDigit(other.charAt(0))) {
            return one.compareTo(other);
        }
        String left = one.replaceFirst("^0+", "");
        String right = other.replaceFirst("^0+", "");
        return left.length() == right.length() ? left.compareTo(right) : left.length() - right.length();
    }
}
