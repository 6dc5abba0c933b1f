package dev.sotto.owner.policy;

import java.util.Locale;

/** Who approves sessions that the policy allows. */
public enum ApprovalRule {
    /** The owner in person, each of them. */
    ASK,
    /** The policy, at once. */
    AUTOMATIC;

    /** The word in files. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
