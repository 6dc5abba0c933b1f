package dev.sotto.privacy.event;

import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.Require;
import java.util.List;
import java.util.Optional;

/**
 * Running sums released through binary trees with Gaussian noise on every node; each unit takes part once (Kairouz et al.
 * 2021, appendix D).
 *
 * @param standardDeviation of the noise on a node
 * @param clippingNorm the largest L2 norm of a contribution
 * @param steps number of steps of each tree, between restarts
 * @param relation zero-out or replace-one
 */
public record SingleEpochTreeAggregation(
        double standardDeviation, double clippingNorm, List<Long> steps, NeighbouringRelation relation)
        implements DpEvent {
    /** Checks the ranges. */
    public SingleEpochTreeAggregation {
        Require.positive("standard deviation of the tree aggregation", standardDeviation);
        Require.positive("clipping norm of the tree aggregation", clippingNorm);
        steps = Events.list(steps, "list of steps of the tree aggregation");
        steps.forEach(count -> Require.atLeast("steps of a tree", count, 1));
        if (steps.isEmpty()) {
            throw new IllegalArgumentException("the tree aggregation has no trees; it must have at least one");
        }
        Events.require(relation, "relation of the tree aggregation event");
        Events.refuseAddOrRemove(relation, "tree aggregation");
    }

    /** Nodes of the deepest tree that one unit touches. */
    public int depth() {
        return steps.stream()
                .mapToInt(n -> 64 - Long.numberOfLeadingZeros(n))
                .max()
                .orElseThrow();
    }

    /** How far apart, in L2 over all nodes, the sums of neighbours can lie. */
    public double sensitivity() {
        double norm = Math.sqrt(depth()) * clippingNorm;
        return relation == NeighbouringRelation.REPLACE_ONE ? 2 * norm : norm;
    }

    @Override
    public Optional<NeighbouringRelation> neighbours() {
        return Optional.of(relation);
    }
}
