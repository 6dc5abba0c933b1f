package dev.sotto.privacy.ledger;

/** A reservation was refused: nothing was recorded and no data may be touched. */
public final class BudgetExceededException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** A refusal in one line: which data set, what it would cost, what the limit is. */
    public BudgetExceededException(String message) {
        super(message);
    }
}
