package dev.sotto.federation;

/** An update that may not be counted; the message names the client and the reason in one line. */
public final class RefusedUpdateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RefusedUpdateException(String message) {
        super(message);
    }

    /** The refusal of an update, with its client and round. */
    public static RefusedUpdateException of(ClientUpdate update, String reason) {
        return new RefusedUpdateException(
                "update of client " + update.client() + " in round " + update.round() + " refused: " + reason);
    }

    static void requireRound(ClientUpdate update, int round) {
        if (update.round() != round) {
            throw of(update, "it belongs to round " + update.round() + ", not " + round);
        }
    }

    static void requireWidth(ClientUpdate update, int width) {
        if (update.delta().length != width) {
            throw of(update, "it has " + update.delta().length + " values, not " + width);
        }
    }
}
