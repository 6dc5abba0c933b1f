package dev.sotto.privacy.ledger;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.event.DpEvent;
import java.util.Optional;

/**
 * What may be spent on one data set.
 *
 * @param epsilon the limit; empty for none
 * @param delta at which epsilon is stated
 * @param accountant who computes what was spent. Under rdp any sequence of events is admitted while it fits (Renyi
 *     filter of Feldman, Zrnic 2021); under pld and tightest only parts of what was fixed in advance: the longest beginning of
 *     the plan, done over and over, that fits
 * @param planned all that is meant to be done, if known before the first reservation: rdp then enforces at the Renyi order
 *     that suits the whole, so that steps which differ all fit if together they do. Otherwise the first event is the plan
 */
public record Budget(Optional<Epsilon> epsilon, Delta delta, AccountantChoice accountant, Optional<DpEvent> planned) {
    /** A limit. */
    public Budget(Epsilon epsilon, Delta delta, AccountantChoice accountant) {
        this(Optional.of(epsilon), delta, accountant, Optional.empty());
    }

    /** The same limit for what is planned. */
    public Budget forPlan(DpEvent all) {
        return new Budget(epsilon, delta, accountant, Optional.of(all));
    }

    /** No limit; what is spent is recorded all the same. */
    public static Budget unlimited(Delta delta, AccountantChoice accountant) {
        return new Budget(Optional.empty(), delta, accountant, Optional.empty());
    }
}
