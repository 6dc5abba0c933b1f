package dev.sotto.privacy.event;

import dev.sotto.privacy.NeighbouringRelation;
import java.util.Optional;

/**
 * Something that was done, or will be, to protected data: what an accountant turns into epsilon. Immutable values; equal
 * events are equal. {@link DpEvents} reads and writes them as JSON.
 */
public sealed interface DpEvent permits NoOp, NonPrivate, Gaussian, PoissonSampled, Composed, SelfComposed {
    /** The neighbouring relation that the event is stated under; empty if it holds under any. */
    Optional<NeighbouringRelation> neighbours();
}
