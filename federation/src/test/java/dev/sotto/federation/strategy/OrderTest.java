package dev.sotto.federation.strategy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.federation.Aggregate;
import dev.sotto.federation.ClientUpdate;
import dev.sotto.federation.Strategy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Whatever the strategy, the order of arrival")
class OrderTest {
    private static final int SIZE = 20;

    static Stream<Strategy> all() {
        return Stream.of(
                new FedAvg(true, 1),
                new FedAvgM(true, 1, 0.9),
                new FedAdagrad(true, 0.1, 0, 1e-3),
                new FedAdam(true, 0.1, 0.9, 0.99, 1e-3),
                new FedYogi(true, 0.1, 0.9, 0.99, 1e-3),
                new FedProx(true, 1, 0.1),
                new Scaffold(false, 1),
                new FedNova(true, 1, 0),
                new QFedAvg(0.2, 10),
                new FedMedian(1),
                new FedTrimmedAvg(0.2, 1),
                new Krum(2, 1),
                new MultiKrum(2, OptionalInt.empty(), 1),
                new Bulyan(2, 1));
    }

    private static List<ClientUpdate> updates(int width, Random random) {
        List<ClientUpdate> updates = new ArrayList<>();
        for (int k = 0; k < 12; k++) {
            float[] vector = new float[width];
            for (int i = 0; i < width; i++) {
                vector[i] = (float) Math.abs(random.nextGaussian() * Math.pow(10, random.nextInt(4) - 3));
            }
            updates.add(Updates.update("client-" + k, 1 + random.nextInt(50), 1 + random.nextInt(9), vector));
        }
        return updates;
    }

    @ParameterizedTest
    @MethodSource("all")
    void changesNoBit(Strategy strategy) {
        Random random = new Random(1);
        List<ClientUpdate> updates = updates(strategy.method().width(SIZE), random);
        float[] start = new float[SIZE];
        float[] expected = Updates.step(strategy.fresh(), start, 1000, updates);
        assertThat(expected).isNotEqualTo(start);
        for (int trial = 0; trial < 50; trial++) {
            Collections.shuffle(updates, random);
            Strategy fresh = strategy.fresh();
            Aggregate empty = fresh.begin(SIZE, Updates.ROUND, 1000);
            List<Aggregate> parts = List.of(empty.fresh(), empty.fresh(), empty.fresh());
            updates.forEach(update -> parts.get(random.nextInt(3)).add(update));
            parts.forEach(empty::merge);
            assertThat(empty.updates()).isEqualTo(12);
            float[] model = start.clone();
            fresh.update(model, empty);
            assertThat(model).isEqualTo(expected);
        }
    }
}
