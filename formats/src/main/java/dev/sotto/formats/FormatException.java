package dev.sotto.formats;

import java.io.IOException;

/**
 * A file that does not follow its format. The message is one line that names the file, the place in it (an offset or an
 * entry) and the reason. Every parser in this package answers malformed bytes with this exception and no other.
 */
public final class FormatException extends IOException {
    private static final int LONGEST = 400;

    /**
     * Builds the message {@code file: place: reason}; control characters become '?', since names in a hostile file may
     * hold anything.
     */
    public FormatException(String file, String place, String reason) {
        super(oneLine(file + ": " + place + ": " + reason));
    }

    FormatException(String file, String place, String reason, Throwable cause) {
        super(oneLine(file + ": " + place + ": " + reason), cause);
    }

    private static String oneLine(String text) {
        StringBuilder line = new StringBuilder(text.length());
        text.codePoints()
                .limit(LONGEST)
                .map(c -> Character.getType(c) == Character.CONTROL
                                || Character.getType(c) == Character.LINE_SEPARATOR
                                || Character.getType(c) == Character.PARAGRAPH_SEPARATOR
                        ? '?'
                        : c)
                .forEach(line::appendCodePoint);
        return line.toString();
    }
}
