package dev.sotto.benchmarks.round;

import dev.sotto.federation.MeanStrategy;

/** A strategy that marks when it is handed what was released, and how long it moves the model. */
record TimedStrategy(MeanStrategy strategy, RoundClock clock) implements MeanStrategy {
    @Override
    public String name() {
        return strategy.name();
    }

    @Override
    public boolean usesExampleCounts() {
        return strategy.usesExampleCounts();
    }

    @Override
    public void step(float[] parameters, float[] mean, double share) {
        clock.released();
        long start = RoundClock.now();
        strategy.step(parameters, mean, share);
        clock.updated(RoundClock.now() - start);
    }
}
