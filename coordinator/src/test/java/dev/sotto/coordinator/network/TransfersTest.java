package dev.sotto.coordinator.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.coordinator.network.TestNetwork.Member;
import dev.sotto.federation.Fleet;
import dev.sotto.federation.Fleet.Collected;
import dev.sotto.federation.RoundTask;
import dev.sotto.federation.WeightedSum;
import dev.sotto.node.link.CoordinatorLink;
import dev.sotto.node.link.LinkRefusedException;
import dev.sotto.node.link.LinkSettings;
import dev.sotto.wire.Blobs;
import dev.sotto.wire.ByteSource;
import dev.sotto.wire.FloatVectors;
import dev.sotto.wire.v1.Blob;
import dev.sotto.wire.v1.Receipt;
import dev.sotto.wire.v1.Task;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Transfers")
class TransfersTest {
    private static final int VALUES = 3_000_001;
    private static final long BYTES = 4L * VALUES;

    @TempDir
    Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();
    private TestNetwork network;

    private void start(long memory) throws IOException {
        network = new TestNetwork(folder, Duration.ofSeconds(20), memory);
    }

    @AfterEach
    void stop() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
        network.close();
    }

    private <T extends AutoCloseable> T opened(T closed) {
        open.add(closed);
        return closed;
    }

    private static float[] vector(int length, int seed) {
        float[] vector = new float[length];
        for (int i = 0; i < length; i++) {
            vector[i] = (i * 31 + seed) % 1009 / 1024f;
        }
        return vector;
    }

    private CompletableFuture<Collected> round(float[] model, String... clients) throws IOException {
        Fleet fleet = network.reach()
                .fleet(
                        network.offer("s", clients.length),
                        List.of(clients).stream()
                                .map(id -> TestNetwork.acceptance(id, 10))
                                .toList(),
                        network.rules(Duration.ofMinutes(2), 0));
        return started(() -> fleet.run(
                new RoundTask(1, model),
                List.of(clients),
                new WeightedSum(model.length, 1, true, 10L * clients.length),
                report -> {}));
    }

    private CoordinatorLink link(Member member, Wire wire) throws IOException {
        return opened(new CoordinatorLink(network.settings(member, wire.address())));
    }

    private static float[] read(Path file, Blob blob) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return FloatVectors.read(in, blob.getSize());
        }
    }

    @Test
    void aDownloadGoesOnWhereABrokenConnectionLeftOff() throws Exception {
        start(64 << 20);
        Member ann = network.join("ann");
        float[] model = vector(VALUES, 1);
        CompletableFuture<Collected> round = round(model, "ann");
        RawNode node = opened(new RawNode(network, ann, "s"));
        Task task = node.task();
        Wire wire = opened(new Wire(network.port()).cutEvery(3 << 20));
        Path file = link(ann, wire).download(task.getModel(), BYTES);
        assertThat(read(file, task.getModel())).isEqualTo(model);
        assertThat(wire.cuts()).isGreaterThanOrEqualTo(3);
        // Begun anew each time, it would never end; what was under way at a cut comes again.
        assertThat(wire.down()).isLessThan(2 * BYTES);
        long before = wire.down();
        assertThat(link(ann, wire).download(task.getModel(), BYTES)).isEqualTo(file);
        // The first link's last frames may still be on their way: a few bytes, and nothing of the model.
        assertThat(wire.down() - before).isLessThan(1000);
        node.deliver(task, model, 10);
        round.get(60, TimeUnit.SECONDS);
    }

    @Test
    void aDownloadGoesOnInAnotherProcessAndIsNotTakenIfItsPartWasTamperedWith() throws Exception {
        start(64 << 20);
        Member ann = network.join("ann");
        float[] model = vector(VALUES, 1);
        CompletableFuture<Collected> round = round(model, "ann");
        RawNode node = opened(new RawNode(network, ann, "s"));
        Task task = node.task();
        LinkSettings settings = network.settings(ann, network.address());
        Path part = Files.createDirectories(settings.cache())
                .resolve(Blobs.hex(task.getModel().getSha256()) + ".part");
        byte[] whole = FloatVectors.stream(model).readAllBytes();
        Files.write(part, java.util.Arrays.copyOf(whole, 8_000_000));
        Wire wire = opened(new Wire(network.port()));
        assertThat(read(link(ann, wire).download(task.getModel(), BYTES), task.getModel()))
                .isEqualTo(model);
        assertThat(wire.down()).isBetween(BYTES - 8_000_000, BYTES - 7_000_000);
        Files.delete(settings.cache().resolve(Blobs.hex(task.getModel().getSha256())));
        whole[5] ^= 1;
        Files.write(part, java.util.Arrays.copyOf(whole, 8_000_000));
        assertThat(read(link(ann, wire).download(task.getModel(), BYTES), task.getModel()))
                .isEqualTo(model);
        node.deliver(task, model, 10);
        round.get(60, TimeUnit.SECONDS);
    }

    @Test
    void aClaimOfTenGigabytesIsRefusedBeforeAByteIsRead() throws Exception {
        start(64 << 20);
        Member ann = network.join("ann");
        Wire wire = opened(new Wire(network.port()));
        CoordinatorLink link = link(ann, wire);
        assertThatThrownBy(() -> link.download(Blobs.named(new byte[32], 10L << 30), 1 << 30))
                .isInstanceOf(LinkRefusedException.class)
                .hasMessage("the coordinator's offer: it claims 10737418240 bytes; at most 1073741824 are accepted");
        assertThat(wire.down()).isZero();
    }

    @ParameterizedTest(name = "into {0} bytes of memory")
    @ValueSource(longs = {64 << 20, 0})
    void aDeliveryGoesOnWhereABrokenConnectionLeftOff(long memory) throws Exception {
        start(memory);
        Member ann = network.join("ann");
        CompletableFuture<Collected> round = round(vector(VALUES, 1), "ann");
        RawNode node = opened(new RawNode(network, ann, "s"));
        Task task = node.task();
        float[] update = vector(VALUES, 2);
        Wire wire = opened(new Wire(network.port()).cutEvery(3 << 20));
        Receipt receipt =
                link(ann, wire).deliver(node.sign(node.header(task, update, 10)), ByteSource.of(update), () -> true);
        assertThat(receipt.getCounted()).isTrue();
        assertThat(wire.cuts()).isGreaterThanOrEqualTo(3);
        assertThat(wire.up()).isLessThan(2 * BYTES);
        Collected collected = round.get(60, TimeUnit.SECONDS);
        assertThat(collected.aggregate().updates()).isEqualTo(1);
        assertThat(((WeightedSum) collected.aggregate()).mean()).isEqualTo(update);
        assertThat(network.heard()).containsExactly("ann 1 counted " + BYTES);
        try (var left = Files.list(folder.resolve("spool"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void aSlowNodeDoesNotBlockAnother() throws Exception {
        start(64 << 20);
        Member ann = network.join("ann");
        Member bob = network.join("bob");
        float[] model = vector(500_000, 1);
        CompletableFuture<Collected> round = round(model, "ann", "bob");
        RawNode slow = opened(new RawNode(network, ann, "s"));
        RawNode fast = opened(new RawNode(network, bob, "s"));
        Task slowTask = slow.task();
        Task fastTask = fast.task();
        // Two megabytes would take it 20 s each way.
        Wire creeping = opened(new Wire(network.port()).slow(100_000));
        CoordinatorLink slowLink = link(ann, creeping);
        CoordinatorLink fastLink = link(bob, opened(new Wire(network.port())));
        CompletableFuture<Path> slowDownload = started(() -> slowLink.download(slowTask.getModel(), BYTES));
        TestNetwork.until(() -> creeping.down() > 100_000);
        fastLink.download(fastTask.getModel(), BYTES);
        assertThat(slowDownload).isNotDone();
        creeping.slow(Integer.MAX_VALUE);
        slowDownload.get(60, TimeUnit.SECONDS);
        creeping.slow(100_000);
        CompletableFuture<Receipt> slowReceipt = started(
                () -> slowLink.deliver(slow.sign(slow.header(slowTask, model, 10)), ByteSource.of(model), () -> true));
        TestNetwork.until(() -> creeping.up() > 100_000);
        Receipt receipt =
                fastLink.deliver(fast.sign(fast.header(fastTask, model, 10)), ByteSource.of(model), () -> true);
        assertThat(receipt.getCounted()).isTrue();
        assertThat(slowReceipt).isNotDone();
        assertThat(round).isNotDone();
        creeping.slow(Integer.MAX_VALUE);
        assertThat(slowReceipt.get(60, TimeUnit.SECONDS).getCounted()).isTrue();
        assertThat(round.get(60, TimeUnit.SECONDS).aggregate().updates()).isEqualTo(2);
    }

    private static <T> CompletableFuture<T> started(Callable<T> work) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return work.call();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                },
                TestNetwork.OWN_THREAD);
    }
}
