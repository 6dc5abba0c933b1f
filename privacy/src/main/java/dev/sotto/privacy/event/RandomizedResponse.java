package dev.sotto.privacy.event;

import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.Require;
import java.util.Optional;

/**
 * One of k values reported as it is, or with probability {@code noiseParameter} as a uniformly random one.
 *
 * @param noiseParameter in (0, 1]
 * @param buckets k, at least 2
 * @param relation replace-one, or zero-out: a null unit reports uniformly
 */
public record RandomizedResponse(double noiseParameter, int buckets, NeighbouringRelation relation) implements DpEvent {
    /** Checks the ranges. */
    public RandomizedResponse {
        Require.rate("noise parameter of the randomized-response event", noiseParameter);
        Require.atLeast("buckets of the randomized-response event", buckets, 2);
        Events.require(relation, "relation of the randomized-response event");
        Events.refuseAddOrRemove(relation, "randomized response");
    }

    @Override
    public Optional<NeighbouringRelation> neighbours() {
        return Optional.of(relation);
    }
}
