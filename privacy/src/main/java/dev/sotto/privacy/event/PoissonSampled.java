package dev.sotto.privacy.event;

import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.Require;
import java.util.Optional;

/**
 * An event on a sample that each unit joins independently with probability {@code rate}; the draws stay secret.
 *
 * @param rate in (0, 1]
 * @param event what was done to the sample
 */
public record PoissonSampled(double rate, DpEvent event) implements DpEvent {
    /** Checks the ranges. */
    public PoissonSampled {
        Require.rate("sampling rate of the Poisson-sampled event", rate);
        Events.require(event, "event under Poisson sampling");
    }

    @Override
    public Optional<NeighbouringRelation> neighbours() {
        return event.neighbours();
    }
}
