package dev.sotto.privacy.ledger;

/** A reservation was refused: nothing was recorded and no data may be touched. */
public final class BudgetExceededException extends RuntimeException {
    private static final long serialVersionUID = 1;

    BudgetExceededException(String message) {
        super(message);
    }
}
