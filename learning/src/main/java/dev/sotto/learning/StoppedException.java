package dev.sotto.learning;

/** Training was given up because nobody wants what would come of it. What was reserved for it stays spent. */
public final class StoppedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StoppedException() {
        super("training was given up");
    }
}
