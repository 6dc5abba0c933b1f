package dev.sotto.federation;

import java.util.Collection;

/** An update that may not be counted; the message names the client and the reason in one line. */
public final class RefusedUpdateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ClientReport.Reason reason;

    /** With that message. */
    public RefusedUpdateException(String message) {
        this(message, ClientReport.Reason.FAILED);
    }

    private RefusedUpdateException(String message, ClientReport.Reason reason) {
        super(message);
        this.reason = reason;
    }

    /** What to report it as. */
    public ClientReport.Reason reason() {
        return reason;
    }

    /** Refuses an update with a value that sums do not hold. */
    static RefusedUpdateException tooLarge(ClientUpdate update, int index, float value, float largest) {
        return new RefusedUpdateException(
                of(
                                update,
                                "value " + index + " is " + value + ", not below " + (int) largest
                                        + ", as where training diverges; lower client.optimizer.learning-rate")
                        .getMessage(),
                ClientReport.Reason.TOO_LARGE);
    }

    /** Refuses an update for that reason. */
    public static RefusedUpdateException of(ClientUpdate update, String reason) {
        return new RefusedUpdateException(
                "update of client " + update.client() + " in round " + update.round() + " refused: " + reason);
    }

    /** Refuses an update of another round. */
    public static void requireRound(ClientUpdate update, int round) {
        if (update.round() != round) {
            throw of(update, "it belongs to round " + update.round() + ", not " + round);
        }
    }

    /** Refuses an update with another number of values. */
    public static void requireWidth(ClientUpdate update, int width) {
        if (update.delta().length != width) {
            throw of(update, "it has " + update.delta().length + " values, not " + width);
        }
    }

    /** Refuses an update of a client that already sent one: a second voice would be a second vote. */
    public static void requireFirst(ClientUpdate update, Collection<String> counted) {
        if (counted.contains(update.client())) {
            throw of(update, "it already sent one");
        }
    }

    /** Refuses an update with a value that is not finite. */
    public static void requireFinite(ClientUpdate update) {
        for (int i = 0; i < update.delta().length; i++) {
            if (!Float.isFinite(update.delta()[i])) {
                throw of(update, "value " + i + " is " + update.delta()[i]);
            }
        }
    }
}
