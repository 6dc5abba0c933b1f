package dev.sotto.folders.mail;

import java.util.regex.Pattern;

/** Texts of others as one printable line of bounded length. */
public final class Lines {
    private static final int MOST = 500;
    /** Also what steers terminals, turns the direction of text, or cannot be written again: half a character. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]+");

    private Lines() {}

    /** Of at most 500 characters. */
    public static String of(String text) {
        return of(text, MOST);
    }

    static String of(String text, int most) {
        String cut = text.length() > most ? text.substring(0, most) + "..." : text;
        return UNPRINTABLE.matcher(cut).replaceAll(" ").strip();
    }

    /** The first line of what went wrong. */
    public static String of(Throwable failure) {
        return of(failure.getMessage() == null ? failure.toString() : failure.getMessage());
    }
}
