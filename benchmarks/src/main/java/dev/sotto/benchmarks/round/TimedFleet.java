package dev.sotto.benchmarks.round;

import dev.sotto.federation.Aggregate;
import dev.sotto.federation.ClientProfile;
import dev.sotto.federation.ClientUpdate;
import dev.sotto.federation.Fleet;
import dev.sotto.federation.RoundTask;
import java.util.List;
import java.util.Map;

/** A fleet whose aggregates are held against the clock. */
record TimedFleet(Fleet fleet, RoundClock clock) implements Fleet {
    @Override
    public List<ClientProfile> clients() {
        return fleet.clients();
    }

    @Override
    public Collected run(RoundTask task, List<String> cohort, Aggregate empty, ClientObserver observer) {
        Collected collected = fleet.run(task, cohort, new Timed(empty, clock), observer);
        clock.gathered();
        return new Collected(((Timed) collected.aggregate()).inner(), collected.reports());
    }

    @Override
    public Map<String, Evaluated> evaluate(RoundTask task, List<String> cohort) {
        return fleet.evaluate(task, cohort);
    }

    @Override
    public void close() {
        fleet.close();
    }

    private record Timed(Aggregate inner, RoundClock clock) implements Aggregate {
        @Override
        public Aggregate fresh() {
            long start = RoundClock.now();
            Aggregate part = new Timed(inner.fresh(), clock);
            clock.adding.add(RoundClock.now() - start);
            return part;
        }

        @Override
        public void add(ClientUpdate update) {
            long start = RoundClock.now();
            inner.add(update);
            clock.adding.add(RoundClock.now() - start);
        }

        @Override
        public void merge(Aggregate other) {
            long start = RoundClock.now();
            inner.merge(((Timed) other).inner);
            clock.merged(RoundClock.now() - start);
        }

        @Override
        public int updates() {
            return inner.updates();
        }
    }
}
