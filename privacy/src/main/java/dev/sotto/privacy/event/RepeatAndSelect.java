package dev.sotto.privacy.event;

import dev.sotto.privacy.NeighbouringRelation;
import java.util.Optional;

/**
 * An event repeated a random number of times, of which only the best result is released (Papernot, Steinke 2022).
 *
 * @param event what is repeated
 * @param mean number of repetitions, 1 or more
 * @param shape of their distribution: positive infinity is Poisson, 1 geometric, 0 logarithmic, others truncated negative
 *     binomial
 */
public record RepeatAndSelect(DpEvent event, double mean, double shape) implements DpEvent {
    /** Checks the ranges. */
    public RepeatAndSelect {
        Events.require(event, "repeated event");
        if (!(mean >= 1 && mean < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "mean of repeat-and-select is " + mean + "; it must be finite and at least 1");
        }
        if (!(shape >= 0)) {
            throw new IllegalArgumentException("shape of repeat-and-select is " + shape + "; it must be 0 or above");
        }
    }

    @Override
    public Optional<NeighbouringRelation> neighbours() {
        return event.neighbours();
    }
}
