package dev.sotto.federation.strategy;

import dev.sotto.federation.Aggregate;
import dev.sotto.federation.ClientUpdate;
import dev.sotto.federation.Strategy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** Updates small enough to work out by hand. */
final class Updates {
    static final int ROUND = 1;

    private Updates() {}

    static ClientUpdate update(String client, int examples, int steps, float... vector) {
        return new ClientUpdate(client, ROUND, vector, examples, steps, OptionalDouble.empty(), Map.of());
    }

    /** One update a value, of clients called a, b, c and so on. */
    static List<ClientUpdate> of(double... values) {
        List<ClientUpdate> updates = new ArrayList<>();
        for (int k = 0; k < values.length; k++) {
            updates.add(update(String.valueOf((char) ('a' + k)), 1, 1, (float) values[k]));
        }
        return updates;
    }

    /** What a model of one parameter, or more, becomes in a round. */
    static float[] step(Strategy strategy, float[] model, long mostWeight, List<ClientUpdate> updates) {
        Aggregate gathered = strategy.begin(model.length, ROUND, mostWeight);
        updates.forEach(gathered::add);
        float[] moved = model.clone();
        strategy.update(moved, gathered);
        return moved;
    }

    /** What a model of one parameter at zero becomes. */
    static float step(Strategy strategy, double... values) {
        return step(strategy, new float[1], values.length, of(values))[0];
    }
}
