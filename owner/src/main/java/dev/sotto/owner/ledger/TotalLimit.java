package dev.sotto.owner.ledger;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;

/** What all sessions of all coordinators together may spend on one data set. */
public record TotalLimit(Epsilon epsilon, Delta delta) {
    /** From numbers. */
    public static TotalLimit of(double epsilon, double delta) {
        return new TotalLimit(new Epsilon(epsilon), new Delta(delta));
    }

    @Override
    public String toString() {
        return "epsilon " + epsilon + " at delta " + delta;
    }
}
