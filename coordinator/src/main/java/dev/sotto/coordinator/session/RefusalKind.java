package dev.sotto.coordinator.session;

import java.util.Locale;

/** Why an update was refused or never came, for those who count; the reason in words goes along with it. */
public enum RefusalKind {
    /** No answer before the round closed. */
    ABSENT,
    /** The client itself could not: its budget, its data, a failure. */
    CLIENT,
    /** Its owner would not: a policy, or a person, who may have approved before. */
    OWNER,
    /** The task was over. */
    LATE,
    /** It was counted before. */
    REPEATED,
    /** The signature does not verify. */
    UNSIGNED,
    /** It speaks for another client than the certificate. */
    FOREIGN,
    /** The client is unknown, or was revoked. */
    REVOKED,
    /** It answers another task: session, round or model. */
    REPLAYED,
    /** More or fewer bytes than were asked for. */
    SIZE,
    /** Examples, steps or metrics that cannot be. */
    CLAIMS,
    /** Cut short, changed on the way, or not in the order of a delivery. */
    DAMAGED,
    /** A value that is not finite, or too large to be added. */
    VALUES,
    /** The coordinator failed. */
    COORDINATOR;

    /** As users see it. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
