package dev.sotto.privacy.event;

import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.Require;
import java.util.Optional;

/**
 * Anything that is (xi, rho)-zero-concentrated differentially private: its Renyi divergence of order a is at most
 * xi + rho a (Bun, Steinke 2016).
 *
 * @param rho finite, 0 or more
 * @param xi finite, 0 or more
 */
public record Zcdp(double rho, double xi) implements DpEvent {
    /** Checks the ranges. */
    public Zcdp {
        Require.nonNegative("rho of the zCDP event", rho);
        Require.nonNegative("xi of the zCDP event", xi);
    }

    @Override
    public Optional<NeighbouringRelation> neighbours() {
        return Optional.empty();
    }
}
