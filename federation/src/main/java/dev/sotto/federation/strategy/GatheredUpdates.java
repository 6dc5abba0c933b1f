package dev.sotto.federation.strategy;

import dev.sotto.federation.Aggregate;
import dev.sotto.federation.ClientUpdate;
import dev.sotto.federation.RefusedUpdateException;
import java.util.List;
import java.util.TreeMap;

/**
 * All updates of a round, each by itself: memory is cohort times model. In the order of the clients' ids, whatever that of
 * arrival was. One thread at a time.
 */
final class GatheredUpdates implements Aggregate {
    private final int size;
    private final int round;
    private final TreeMap<String, float[]> updates = new TreeMap<>();

    GatheredUpdates(int size, int round) {
        this.size = size;
        this.round = round;
    }

    @Override
    public GatheredUpdates fresh() {
        return new GatheredUpdates(size, round);
    }

    @Override
    public void add(ClientUpdate update) {
        RefusedUpdateException.requireRound(update, round);
        RefusedUpdateException.requireWidth(update, size);
        RefusedUpdateException.requireFinite(update);
        RefusedUpdateException.requireFirst(update, updates.keySet());
        updates.put(update.client(), update.delta().clone());
    }

    @Override
    public void merge(Aggregate other) {
        updates.putAll(((GatheredUpdates) other).updates);
    }

    @Override
    public int updates() {
        return updates.size();
    }

    List<float[]> inOrder() {
        return List.copyOf(updates.values());
    }
}
