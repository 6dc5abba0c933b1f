package dev.sotto.folders.mail;

import dev.sotto.wire.sealed.KeyCard;

/**
 * What may lie under a name.
 *
 * @param project run of a project
 * @param kind of letter
 * @param round that it is about; 0 for none, {@link #ANY} where the letter says
 * @param author who alone may have written it
 * @param most bytes of its content
 */
public record Expected(String project, String kind, int round, KeyCard author, long most) {
    /** A round that the letter itself says. */
    public static final int ANY = -1;
}
