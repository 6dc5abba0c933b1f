package dev.sotto.coordinator.network;

import static dev.sotto.coordinator.network.TwoClients.UPDATE;
import static dev.sotto.coordinator.network.TwoClients.reason;
import static dev.sotto.coordinator.network.TwoClients.result;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.sotto.coordinator.session.RefusalKind;
import dev.sotto.federation.ClientReport.Reason;
import dev.sotto.federation.Fleet.Collected;
import dev.sotto.federation.WeightedSum;
import dev.sotto.wire.v1.Chunk;
import dev.sotto.wire.v1.DeliverPart;
import dev.sotto.wire.v1.Receipt;
import dev.sotto.wire.v1.SignedUpdate;
import dev.sotto.wire.v1.Task;
import dev.sotto.wire.v1.UpdateHeader;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A hostile client, by what it sends")
class HostileClientsUpdatesTest {
    @TempDir
    Path folder;

    private TwoClients clients;

    @BeforeEach
    void start() throws IOException {
        clients = new TwoClients(folder);
    }

    @AfterEach
    void stop() {
        clients.close();
    }

    /** What a client may try that leaves its task as it was. */
    private enum Try {
        UNSIGNED("it is not signed"),
        SIGNED_BY_ANOTHER("its signature is not the client's"),
        ANOTHER_CLIENTS_ID("but the certificate is that of ann"),
        ANOTHER_CLIENTS_TASK("its task is none of this client's"),
        UNKNOWN_TASK("its task is none of this client's"),
        TRUNCATED("it is truncated: 8 of 16 bytes"),
        NO_CHUNKS("it is truncated: 0 of 16 bytes"),
        DAMAGED("CRC-32C"),
        GAP("chunk at offset 4 where that at 0 is next"),
        TOO_LONG("chunk at offset 0 has 20 bytes"),
        WITHIN_A_VALUE("ends within a value"),
        NO_HEADER("a delivery is a header and then its chunks"),
        TWO_HEADERS("a delivery is a header and then its chunks");

        private final String reason;

        Try(String reason) {
            this.reason = reason;
        }
    }

    private Receipt attempt(Try what, RawNode node, Task task, Task bobs) throws Exception {
        UpdateHeader header = node.header(task, UPDATE, 10);
        SignedUpdate signed = node.sign(header);
        List<Chunk> chunks = RawNode.chunks(UPDATE);
        byte[] bytes = chunks.get(0).getData().toByteArray();
        return switch (what) {
            case UNSIGNED -> node.deliver(signed.toBuilder().clearSignature().build(), chunks);
            case SIGNED_BY_ANOTHER ->
                node.deliver(
                        dev.sotto.wire.SignedUpdates.sign(
                                header, clients.bob.keys().signing().getPrivate()),
                        chunks);
            case ANOTHER_CLIENTS_ID ->
                node.deliver(node.sign(header.toBuilder().setClientId("bob").build()), chunks);
            case ANOTHER_CLIENTS_TASK ->
                node.deliver(node.sign(header.toBuilder().setTask(bobs.getId()).build()), chunks);
            case UNKNOWN_TASK ->
                node.deliver(node.sign(header.toBuilder().setTask("none").build()), chunks);
            case TRUNCATED -> node.deliver(signed, List.of(RawNode.chunk(0, Arrays.copyOf(bytes, 8))));
            case NO_CHUNKS -> node.deliver(signed, List.of());
            case DAMAGED ->
                node.deliver(
                        signed, List.of(chunks.get(0).toBuilder().setCrc32C(1).build()));
            case GAP -> node.deliver(signed, List.of(RawNode.chunk(4, new byte[8])));
            case TOO_LONG -> node.deliver(signed, List.of(RawNode.chunk(0, new byte[20])));
            case WITHIN_A_VALUE -> node.deliver(signed, List.of(RawNode.chunk(0, new byte[6])));
            case NO_HEADER -> {
                CompletableFuture<Receipt> receipt = new CompletableFuture<>();
                node.work
                        .deliver(RawNode.observer(receipt))
                        .onNext(DeliverPart.newBuilder().setChunk(chunks.get(0)).build());
                yield receipt.get(60, TimeUnit.SECONDS);
            }
            case TWO_HEADERS -> {
                CompletableFuture<Receipt> receipt = new CompletableFuture<>();
                StreamObserver<DeliverPart> parts = node.work.deliver(RawNode.observer(receipt));
                parts.onNext(DeliverPart.newBuilder().setHeader(signed).build());
                parts.onNext(DeliverPart.newBuilder().setHeader(signed).build());
                yield receipt.get(60, TimeUnit.SECONDS);
            }
        };
    }

    @ParameterizedTest
    @EnumSource
    void isRefusedWithAReasonAndItsHonestUpdateStillCounts(Try what) throws Exception {
        CompletableFuture<Collected> round = clients.round(1, Duration.ofMinutes(2), 0);
        RawNode anns = clients.node(clients.ann);
        RawNode bobs = clients.node(clients.bob);
        Task task = anns.task();
        Task other = bobs.task();
        Receipt receipt = attempt(what, anns, task, other);
        assertThat(receipt.getCounted()).isFalse();
        assertThat(receipt.getReason()).contains(what.reason);
        assertThat(clients.network.gate.audited())
                .anyMatch(line -> line.startsWith("ann update.refused") && line.contains(what.reason));
        if (what != Try.NO_HEADER) {
            TestNetwork.until(() -> clients.network.heard().stream().anyMatch(line -> line.contains(what.reason))
                    || what == Try.UNSIGNED
                    || what == Try.SIGNED_BY_ANOTHER
                    || what == Try.ANOTHER_CLIENTS_ID);
        }
        TestNetwork.until(() -> !clients.network.kinds.isEmpty());
        assertThat(clients.network.kinds)
                .containsExactly(
                        switch (what) {
                            case UNSIGNED, SIGNED_BY_ANOTHER -> RefusalKind.UNSIGNED;
                            case ANOTHER_CLIENTS_ID -> RefusalKind.FOREIGN;
                            case ANOTHER_CLIENTS_TASK, UNKNOWN_TASK -> RefusalKind.LATE;
                            default -> RefusalKind.DAMAGED;
                        });
        assertThat(round).isNotDone();

        Receipt honest = what == Try.TRUNCATED
                ? anns.deliver(
                        anns.sign(anns.header(task, UPDATE, 10)),
                        List.of(RawNode.chunk(
                                8,
                                Arrays.copyOfRange(
                                        RawNode.chunks(UPDATE).get(0).getData().toByteArray(), 8, 16))))
                : anns.deliver(task, UPDATE, 10);
        assertThat(honest.getCounted()).isTrue();
        assertThat(bobs.deliver(other, UPDATE, 20).getCounted()).isTrue();
        Collected collected = result(round);
        assertThat(collected.aggregate().updates()).isEqualTo(2);
        assertThat(((WeightedSum) collected.aggregate()).mean()).isEqualTo(UPDATE);
    }

    /** What a client may sign that cannot be taken. */
    private enum Signed {
        TEN_GIGABYTES(RefusalKind.SIZE, "it claims 10737418240 bytes"),
        SIXTEEN_EXABYTES(RefusalKind.SIZE, "it claims 18446744073709551615 bytes"),
        WRONG_SHAPE(RefusalKind.SIZE, "it has 8 bytes; 4 values"),
        MORE_EXAMPLES(RefusalKind.CLAIMS, "it claims 1000000 examples; the client takes part with 10"),
        ANOTHER_ROUND(RefusalKind.REPLAYED, "round 2, and the task is of session s, round 1"),
        ANOTHER_SESSION(RefusalKind.REPLAYED, "it is of session t"),
        ANOTHER_MODEL(RefusalKind.REPLAYED, "another model was trained"),
        NEGATIVE_EPSILON(RefusalKind.CLAIMS, "epsilon of -1.0"),
        TOO_MANY_METRICS(RefusalKind.CLAIMS, "33 metrics"),
        NOT_A_NUMBER(RefusalKind.VALUES, "value 2 is NaN"),
        TOO_LARGE(RefusalKind.VALUES, "refused");

        private final RefusalKind kind;
        private final String reason;

        Signed(RefusalKind kind, String reason) {
            this.kind = kind;
            this.reason = reason;
        }
    }

    private static Receipt spending(RawNode node, Task task, float[] update) throws Exception {
        UpdateHeader header =
                node.header(task, update, 10).toBuilder().setEpsilon(1.5).build();
        return node.deliver(node.sign(header), RawNode.chunks(update));
    }

    private Receipt sign(Signed what, RawNode node, Task task) throws Exception {
        UpdateHeader header = node.header(task, UPDATE, 10);
        UpdateHeader.Builder changed = header.toBuilder();
        List<Chunk> chunks = RawNode.chunks(UPDATE);
        switch (what) {
            case TEN_GIGABYTES ->
                changed.setVector(header.getVector().toBuilder().setSize(10L << 30));
            case SIXTEEN_EXABYTES ->
                changed.setVector(header.getVector().toBuilder().setSize(-1));
            case WRONG_SHAPE -> {
                return node.deliver(task, new float[] {1, 2}, 10);
            }
            case MORE_EXAMPLES -> changed.setExamples(1_000_000);
            case ANOTHER_ROUND -> changed.setRound(2);
            case ANOTHER_SESSION -> changed.setSession("t");
            case ANOTHER_MODEL -> changed.setModel(ByteString.copyFrom(new byte[32]));
            case NEGATIVE_EPSILON -> changed.setEpsilon(-1);
            case TOO_MANY_METRICS -> {
                for (int i = 0; i < 33; i++) {
                    changed.putMetrics("m" + i, i);
                }
            }
            case NOT_A_NUMBER -> {
                return spending(node, task, new float[] {1, 2, Float.NaN, 4});
            }
            case TOO_LARGE -> {
                return spending(node, task, new float[] {1, 1e30f, 3, 4});
            }
        }
        return node.deliver(node.sign(changed.build()), chunks);
    }

    @ParameterizedTest
    @EnumSource
    void thatSignsWhatCannotBeTakenIsOutOfTheRoundAndNothingOfItCounts(Signed what) throws Exception {
        CompletableFuture<Collected> round = clients.round(1, Duration.ofMinutes(2), 0);
        RawNode anns = clients.node(clients.ann);
        RawNode bobs = clients.node(clients.bob);
        Receipt receipt = sign(what, anns, anns.task());
        assertThat(receipt.getCounted()).isFalse();
        assertThat(receipt.getAgain()).isFalse();
        assertThat(receipt.getReason()).contains(what.reason);
        assertThat(bobs.deliver(bobs.task(), UPDATE, 20).getCounted()).isTrue();
        Collected collected = result(round);
        assertThat(reason(collected, 0)).isEqualTo(Reason.FAILED);
        // It was released all the same: what that cost is not forgotten.
        assertThat(collected.reports().get(0).epsilon())
                .isEqualTo(what.kind == RefusalKind.VALUES ? OptionalDouble.of(1.5) : OptionalDouble.empty());
        assertThat(collected.aggregate().updates()).isEqualTo(1);
        assertThat(((WeightedSum) collected.aggregate()).mean()).isEqualTo(UPDATE);
        TestNetwork.until(() -> clients.network.heard().stream()
                .anyMatch(line -> line.startsWith("ann 1 ") && line.contains(what.reason)));
        assertThat(clients.network.kinds).containsExactly(what.kind);
        assertThat(clients.network.gate.audited())
                .anyMatch(line -> line.startsWith("ann update.refused") && line.contains(what.reason));
    }

    @Test
    void thatReplaysOrDuplicatesIsCountedOnce() throws Exception {
        CompletableFuture<Collected> first = clients.round(1, Duration.ofMinutes(2), 0);
        RawNode anns = clients.node(clients.ann);
        RawNode bobs = clients.node(clients.bob);
        Task task = anns.task();
        Task other = bobs.task();
        SignedUpdate recorded = anns.sign(anns.header(task, UPDATE, 10));
        assertThat(anns.deliver(recorded, RawNode.chunks(UPDATE)).getCounted()).isTrue();
        Receipt same = anns.deliver(recorded, RawNode.chunks(UPDATE));
        assertThat(same.getReason()).isEqualTo("it was counted before");
        TestNetwork.until(() -> clients.network.heard().contains("ann 1 it was sent again, and is counted once"));
        assertThat(clients.network.kinds).containsExactly(RefusalKind.REPEATED);
        float[] second = {9, 9, 9, 9};
        assertThat(anns.deliver(task, second, 10))
                .isEqualTo(
                        Receipt.newBuilder().setReason("it was counted before").build());
        assertThat(bobs.deliver(recorded, RawNode.chunks(UPDATE)).getCounted()).isFalse();
        assertThat(bobs.deliver(other, UPDATE, 20).getCounted()).isTrue();
        assertThat(((WeightedSum) result(first).aggregate()).mean()).isEqualTo(UPDATE);

        CompletableFuture<Collected> next = clients.round(2, Duration.ofMinutes(2), 0);
        Task fresh = anns.task();
        anns.deliver(recorded, RawNode.chunks(UPDATE)); // of round 1: changes nothing
        UpdateHeader moved =
                anns.header(task, UPDATE, 10).toBuilder().setTask(fresh.getId()).build();
        assertThat(anns.deliver(anns.sign(moved), RawNode.chunks(UPDATE)).getReason())
                .contains("round 1, and the task is of session s, round 2");
        assertThat(bobs.deliver(bobs.task(), UPDATE, 20).getCounted()).isTrue();
        assertThat(result(next).aggregate().updates()).isEqualTo(1);
    }

    @Test
    void thatSendsOtherValuesThanItSignedForIsAskedAgain() throws Exception {
        CompletableFuture<Collected> round = clients.round(1, Duration.ofMinutes(2), 0);
        RawNode anns = clients.node(clients.ann);
        RawNode bobs = clients.node(clients.bob);
        bobs.deliver(bobs.task(), UPDATE, 20);
        Task task = anns.task();
        Receipt receipt =
                anns.deliver(anns.sign(anns.header(task, UPDATE, 10)), RawNode.chunks(new float[] {7, 7, 7, 7}));
        assertThat(receipt.getReason()).isEqualTo("its values are not those that were signed for");
        assertThat(anns.deliver(anns.task(), UPDATE, 10).getCounted()).isTrue();
        assertThat(((WeightedSum) result(round).aggregate()).mean()).isEqualTo(UPDATE);
    }
}
