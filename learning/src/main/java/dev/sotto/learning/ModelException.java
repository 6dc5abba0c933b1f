package dev.sotto.learning;

/** A model description that cannot be built, or does not fit its data; the message names the layer and is one line. */
public final class ModelException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public ModelException(String message) {
        super(message);
    }
}
