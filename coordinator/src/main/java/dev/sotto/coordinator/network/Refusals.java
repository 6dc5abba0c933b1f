package dev.sotto.coordinator.network;

import dev.sotto.coordinator.identity.Gate;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Writes down who was turned away and why. Strangers decide how often that is, so no more than a burst and then one a second
 * are written; how many were left out is said with the next. Thread-safe.
 */
final class Refusals {
    private static final Logger LOG = Logger.getLogger(Refusals.class.getName());
    private static final int BURST = 200;
    private static final int MOST_CHARACTERS = 500;

    private final Gate gate;
    private final Rate rate = new Rate(BURST, 1);
    private long leftOut;

    Refusals(Gate gate) {
        this.gate = gate;
    }

    /**
     * Writes it down.
     *
     * @param actor client id, or whatever is known of whoever it was
     * @param action such as {@code update.refused}
     * @param subject what it was about
     */
    void note(String actor, String action, String subject, String reason) {
        String more;
        synchronized (this) {
            if (!rate.allows()) {
                leftOut++;
                return;
            }
            more = leftOut == 0 ? "" : " (" + leftOut + " refusals before this one were not written)";
            leftOut = 0;
        }
        String detail = line(reason) + more;
        LOG.log(Level.WARNING, "{0} {1} {2}: {3}", new Object[] {action, line(actor), line(subject), detail});
        try {
            gate.audit(line(actor), action, line(subject), detail);
        } catch (RuntimeException e) {
            LOG.log(Level.SEVERE, "the audit log does not take entries", e);
        }
    }

    /** A stranger's text as one printable line of bounded length. */
    static String line(String text) {
        String cut = text.length() > MOST_CHARACTERS ? text.substring(0, MOST_CHARACTERS) + "..." : text;
        return cut.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ").strip();
    }
}
