package dev.sotto.folders.mail;

/** Texts of others as one printable line of bounded length. */
public final class Lines {
    private static final int MOST = 500;

    private Lines() {}

    /** Of at most 500 characters. */
    public static String of(String text) {
        return of(text, MOST);
    }

    static String of(String text, int most) {
        String cut = text.length() > most ? text.substring(0, most) + "..." : text;
        return cut.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ").strip();
    }

    /** The first line of what went wrong. */
    public static String of(Throwable failure) {
        return of(failure.getMessage() == null ? failure.toString() : failure.getMessage());
    }
}
