package dev.sotto.formats;

import java.io.File;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Words of a command line that is shown to be typed: paths with spaces in them need quotes there. */
public final class ShellWord {
    private static final Pattern PLAIN = Pattern.compile("[\\p{L}\\p{M}\\p{N}_@%+=:,./-]+");
    /** What means something to a shell within double quotes too. */
    private static final Pattern ACTIVE = Pattern.compile("[\"$`\\\\!]");

    private ShellWord() {}

    /** A path as one word of a shell. */
    public static String of(Path path) {
        return of(path.toString());
    }

    /** A text as one word of a shell, in quotes where it needs them. */
    public static String of(String text) {
        if (PLAIN.matcher(text).matches()) {
            return text;
        }
        if (File.separatorChar == '\\') {
            return text.contains(" ") ? '"' + text + '"' : text;
        }
        // Double ones where they are enough: hints are mostly in single quotes themselves.
        return ACTIVE.matcher(text).find() ? "'" + text.replace("'", "'\\''") + "'" : '"' + text + '"';
    }
}
