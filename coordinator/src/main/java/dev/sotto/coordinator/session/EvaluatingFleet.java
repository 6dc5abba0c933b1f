package dev.sotto.coordinator.session;

import dev.sotto.federation.Aggregate;
import dev.sotto.federation.ClientProfile;
import dev.sotto.federation.Fleet;
import dev.sotto.federation.RoundTask;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A fleet of which only some evaluate: the others hold nothing out, and would say so after being sent the model.
 *
 * @param holders ids of those who hold examples out
 */
record EvaluatingFleet(Fleet fleet, Set<String> holders) implements Fleet {
    @Override
    public List<ClientProfile> clients() {
        return fleet.clients();
    }

    @Override
    public Collected run(RoundTask task, List<String> cohort, Aggregate empty, ClientObserver observer) {
        return fleet.run(task, cohort, empty, observer);
    }

    @Override
    public Map<String, Evaluated> evaluate(RoundTask task, List<String> cohort) {
        List<String> asked = cohort.stream().filter(holders::contains).toList();
        return asked.isEmpty() ? Map.of() : fleet.evaluate(task, asked);
    }

    @Override
    public void close() {
        fleet.close();
    }
}
