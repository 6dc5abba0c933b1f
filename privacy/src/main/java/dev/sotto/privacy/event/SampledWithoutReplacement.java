package dev.sotto.privacy.event;

import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.Require;
import java.util.Optional;

/**
 * An event on a uniformly random sample of fixed size; the draw stays secret.
 *
 * @param population number of units
 * @param sample number drawn, from 1 to the population
 * @param event what was done to the sample
 */
public record SampledWithoutReplacement(long population, long sample, DpEvent event) implements DpEvent {
    /** Checks the ranges. */
    public SampledWithoutReplacement {
        Require.atLeast("sample of the event sampled without replacement", sample, 1);
        Require.atLeast("population of the event sampled without replacement", population, sample);
        Events.require(event, "event under sampling without replacement");
    }

    /** The share of the population that is drawn. */
    public double rate() {
        return (double) sample / population;
    }

    @Override
    public Optional<NeighbouringRelation> neighbours() {
        return event.neighbours();
    }
}
