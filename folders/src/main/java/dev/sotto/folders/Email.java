package dev.sotto.folders;

import dev.sotto.formats.config.ConfigException;
import java.util.Locale;

/**
 * The name of a datasite: an email address in lower case, which is also the name of its folder in the synced tree.
 *
 * @param text as people write it
 */
public record Email(String text) implements Comparable<Email> {
    private static final int LONGEST = 200;
    private static final String FORM = "[a-z0-9][a-z0-9._+-]*@[a-z0-9][a-z0-9.-]*";

    /** Checks the form; a {@link ConfigException} says what would be valid. */
    public Email {
        if (!text.matches(FORM) || text.length() > LONGEST || text.endsWith(".")) {
            throw new ConfigException("'" + text.replaceAll("\\p{Cntrl}", "?")
                    + "' is no email address of a datasite: lower-case letters, digits, '.', '_', '+' and '-' around one"
                    + " '@', at most " + LONGEST);
        }
    }

    /** The address in lower case: file systems differ in whether they tell cases apart. */
    public static Email of(String text) {
        return new Email(text.strip().toLowerCase(Locale.ROOT));
    }

    /** What the federation calls the client of that address; ids have neither '@' nor '+'. */
    public String clientId() {
        return text.replace("@", "-at-").replace("+", "-plus-");
    }

    @Override
    public int compareTo(Email other) {
        return text.compareTo(other.text);
    }

    @Override
    public String toString() {
        return text;
    }
}
