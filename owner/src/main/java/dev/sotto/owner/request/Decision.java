package dev.sotto.owner.request;

import java.util.Locale;
import java.util.Optional;

/** What holds now for a request. */
public sealed interface Decision {
    /**
     * The owner has yet to decide, or what was decided does not bear the owner's signature.
     *
     * @param lapsed what the policy approved while it might; it does not hold while the policy is to ask
     */
    record Pending(Optional<Approval> lapsed) implements Decision {
        /** Nothing was decided that could hold. */
        public Pending() {
            this(Optional.empty());
        }
    }

    /** It may be done, within the limits. */
    record Approved(Approval approval) implements Decision {}

    /** It may not be done. */
    record Rejected(String reason) implements Decision {}

    /** It may not go on. */
    record Revoked(String reason) implements Decision {}

    /** It was approved, and the time is over. */
    record Expired(Approval approval) implements Decision {}

    /** The session asks for something else by now, or the data is not what it was. */
    record Superseded() implements Decision {}

    /** Whether the owner approved it in person, be it over or not. */
    default boolean inPerson() {
        return (this instanceof Approved approved && !approved.approval().automatic())
                || (this instanceof Expired expired && !expired.approval().automatic());
    }

    /** One word for it, as lists show it. */
    default String word() {
        return getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }

    /** Why nothing is done, in words that may leave. */
    default String refusal() {
        if (this instanceof Rejected rejected) {
            return "the owner rejected it: " + rejected.reason();
        } else if (this instanceof Revoked revoked) {
            return "the owner revoked the approval: " + revoked.reason();
        } else if (this instanceof Expired) {
            return "the owner's approval has expired";
        } else if (this instanceof Superseded) {
            return "what is asked now is not what the owner approved";
        }
        return "the owner has yet to decide on it";
    }
}
