package dev.sotto.privacy.accounting;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.event.DpEvent;

/** Bounds what events cost. Every answer is an upper bound. Implementations are immutable and thread-safe. */
public interface Accountant {
    /** The name that flags and reports use. */
    String name();

    /**
     * The smallest epsilon that this accountant can prove.
     *
     * @throws UnboundedEventException if it knows no bound for an event of this kind
     */
    EpsilonAnswer epsilon(DpEvent event, Delta delta);

    /**
     * The smallest delta that this accountant can prove, in [0, 1].
     *
     * @throws UnboundedEventException if it knows no bound for an event of this kind
     */
    double delta(DpEvent event, Epsilon epsilon);
}
