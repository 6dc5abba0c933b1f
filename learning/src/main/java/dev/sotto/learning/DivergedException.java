package dev.sotto.learning;

/** Training without privacy reached a loss that is not finite. */
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public DivergedException(String message) {
        super(message);
    }
}
