package dev.sotto.privacy.event;

import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.Require;
import java.util.Optional;

/**
 * A choice made by permute-and-flip, which is epsilon-private (McKenna, Sheldon 2020).
 *
 * @param epsilon finite, above 0
 */
public record PermuteAndFlip(double epsilon) implements DpEvent {
    /** Checks the ranges. */
    public PermuteAndFlip {
        Require.positive("epsilon of permute-and-flip", epsilon);
    }

    @Override
    public Optional<NeighbouringRelation> neighbours() {
        return Optional.empty();
    }
}
