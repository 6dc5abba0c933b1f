package dev.sotto.page;

/** A request to the page that is not answered as it asks; the message says why, to whoever asked. */
final class RefusedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int status;

    /**
     * With that status.
     *
     * @param message a sentence or two
     */
    RefusedException(int status, String message) {
        super(message);
        this.status = status;
    }

    int status() {
        return status;
    }
}
