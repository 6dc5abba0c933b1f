package dev.sotto.coordinator.network;

import dev.sotto.coordinator.network.TestNetwork.Member;
import dev.sotto.federation.ClientReport;
import dev.sotto.federation.ClientReport.Reason;
import dev.sotto.federation.Fleet;
import dev.sotto.federation.Fleet.Collected;
import dev.sotto.federation.RoundTask;
import dev.sotto.federation.WeightedSum;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Two clients, ann and bob, of one session: rounds on a real network, in which either may be hostile. */
final class TwoClients implements AutoCloseable {
    static final float[] UPDATE = {0.5f, -0.5f, 0.25f, 1};
    private static final float[] MODEL = {1, 2, 3, 4};

    final TestNetwork network;
    final Member ann;
    final Member bob;
    private final List<Runnable> atEnd = new ArrayList<>();

    TwoClients(Path folder) throws IOException {
        this(folder, Duration.ofSeconds(30));
    }

    /** Whose calls and handshakes may stand still for so long. */
    TwoClients(Path folder, Duration patience) throws IOException {
        network = new TestNetwork(folder, patience, 1 << 20);
        ann = network.join("ann");
        bob = network.join("bob");
    }

    /** A member's node, which takes part in the session. */
    RawNode node(Member member) {
        RawNode node = new RawNode(network, member, "s");
        atEnd(node::close);
        return node;
    }

    void atEnd(Runnable closing) {
        atEnd.add(closing);
    }

    /** Asks both to train. */
    CompletableFuture<Collected> round(int number, Duration timeout, int enough) throws IOException {
        return round(number, fleet(timeout, enough));
    }

    /** Both, in rounds of that time. */
    Fleet fleet(Duration timeout, int enough) throws IOException {
        return network.reach()
                .fleet(
                        network.offer("s", 2),
                        List.of(TestNetwork.acceptance("ann", 10), TestNetwork.acceptance("bob", 20)),
                        network.rules(timeout, enough));
    }

    CompletableFuture<Collected> round(int number, Fleet fleet) {
        return CompletableFuture.supplyAsync(
                () -> fleet.run(
                        new RoundTask(number, MODEL),
                        List.of("ann", "bob"),
                        new WeightedSum(MODEL.length, number, true, 30),
                        report -> {}),
                TestNetwork.OWN_THREAD);
    }

    static Collected result(CompletableFuture<Collected> round) throws Exception {
        return round.get(60, TimeUnit.SECONDS);
    }

    /** Why a client took no part. */
    static Reason reason(Collected collected, int client) {
        return collected
                .reports()
                .get(client)
                .refusal()
                .map(ClientReport.Refusal::reason)
                .orElseThrow();
    }

    @Override
    public void close() {
        atEnd.forEach(Runnable::run);
        network.close();
    }
}
