package dev.sotto.formats;

/**
 * Texts from strangers on the way to a log, a ledger or a screen: none may write a second line there, move a terminal's cursor,
 * or read backwards.
 */
public final class Printable {
    private static final int LONGEST = 2000;

    private Printable() {}

    /** Whether every character of a text can be printed: letters, marks, numbers, signs and spaces. */
    public static boolean is(String text) {
        return text.codePoints().allMatch(Printable::is);
    }

    /** The text with a question mark for each character that cannot, and without what is beyond 2,000. */
    public static String line(String text) {
        StringBuilder line = new StringBuilder(Math.min(text.length(), LONGEST));
        text.codePoints()
                .limit(LONGEST)
                .map(character -> is(character) ? character : '?')
                .forEach(line::appendCodePoint);
        return line.toString();
    }

    private static boolean is(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }
}
