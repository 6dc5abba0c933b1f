package dev.sotto.coordinator.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.federation.ClientUpdate;
import dev.sotto.federation.WeightedSum;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class AddingTest {
    private static final int UPDATES = 500;
    private static final int VALUES = 257;

    private static ClientUpdate update(int client) {
        float[] delta = new float[VALUES];
        for (int i = 0; i < VALUES; i++) {
            delta[i] = (float) Math.sin(client * 31.0 + i);
        }
        return new ClientUpdate("c" + client, 1, delta, 1 + client, 1, OptionalDouble.empty(), Map.of());
    }

    private static WeightedSum empty() {
        return new WeightedSum(VALUES, 1, true, 1 << 20);
    }

    @Test
    void inPartsComesToTheSameBitsAsOneAfterTheOther() throws InterruptedException {
        WeightedSum oneByOne = empty();
        WeightedSum whole = empty();
        ExecutorService threads = Executors.newFixedThreadPool(4);
        CountDownLatch added = new CountDownLatch(UPDATES);
        try {
            Adding adding = new Adding(whole, VALUES, threads);
            for (int client = 0; client < UPDATES; client++) {
                ClientUpdate update = update(client);
                oneByOne.add(update);
                adding.add(part -> {
                    part.add(update);
                    added.countDown();
                });
            }
            assertThat(added.await(30, TimeUnit.SECONDS)).isTrue();
            adding.merge();
        } finally {
            threads.shutdownNow();
        }
        assertThat(whole.updates()).isEqualTo(UPDATES);
        assertThat(whole.mean()).isEqualTo(oneByOne.mean());
    }

    @Test
    void goesOnAfterOneThatFails() throws InterruptedException {
        WeightedSum whole = empty();
        ExecutorService threads = Executors.newSingleThreadExecutor();
        CountDownLatch added = new CountDownLatch(1);
        try {
            Adding adding = new Adding(whole, VALUES, threads);
            adding.add(part -> {
                throw new IllegalStateException("on purpose");
            });
            adding.add(part -> {
                part.add(update(1));
                added.countDown();
            });
            assertThat(added.await(30, TimeUnit.SECONDS)).isTrue();
            adding.merge();
        } finally {
            threads.shutdownNow();
        }
        assertThat(whole.updates()).isEqualTo(1);
    }
}
