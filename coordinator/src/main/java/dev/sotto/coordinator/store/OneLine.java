package dev.sotto.coordinator.store;

/** Texts from others as they are stored: on one line, of limited length, with nothing that a database or terminal trips over. */
final class OneLine {
    private static final char REPLACEMENT = '\uFFFD';

    private OneLine() {}

    /** The text with a space for each control character, and without what is beyond the limit. */
    static String of(String text, int most) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), most));
        for (int i = 0; i < text.length() && line.length() < most; i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1))) {
                if (line.length() + 2 > most) {
                    break;
                }
                line.append(c).append(text.charAt(++i));
            } else if (Character.isSurrogate(c)) {
                line.append(REPLACEMENT);
            } else {
                line.append(unsafe(c) ? ' ' : c);
            }
        }
        return line.toString();
    }

    /** Control characters, line separators, and those that turn the direction of writing around. */
    private static boolean unsafe(char c) {
        return Character.isISOControl(c)
                || c == '\u2028'
                || c == '\u2029'
                || (c >= '\u202A' && c <= '\u202E')
                || (c >= '\u2066' && c <= '\u2069');
    }
}
