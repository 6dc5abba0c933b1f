package dev.sotto.privacy.accounting;

import java.util.OptionalDouble;

/**
 * What an accountant says about events.
 *
 * @param epsilon empty if no finite epsilon holds at that delta
 * @param accountant the name of the accountant whose bound this is
 * @param order the Renyi order that gave the bound, where there is one
 * @param explanation in words: who won, under which relation and assumptions
 */
public record EpsilonAnswer(OptionalDouble epsilon, String accountant, OptionalDouble order, String explanation) {
    /** The value, or positive infinity if there is none. */
    public double orInfinity() {
        return epsilon.orElse(Double.POSITIVE_INFINITY);
    }
}
