package dev.sotto.privacy.ledger;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.accounting.AccountantChoice;
import java.util.Optional;

/**
 * What may be spent on one data set.
 *
 * @param epsilon the limit; empty for none
 * @param delta at which epsilon is stated
 * @param accountant who computes what was spent. Under rdp any sequence of events is admitted while it fits; under pld
 *     and tightest only repetitions of one event, which the first reservation fixes
 */
public record Budget(Optional<Epsilon> epsilon, Delta delta, AccountantChoice accountant) {
    /** A limit. */
    public Budget(Epsilon epsilon, Delta delta, AccountantChoice accountant) {
        this(Optional.of(epsilon), delta, accountant);
    }

    /** No limit; what is spent is recorded all the same. */
    public static Budget unlimited(Delta delta, AccountantChoice accountant) {
        return new Budget(Optional.empty(), delta, accountant);
    }
}
