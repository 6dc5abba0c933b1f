package dev.sotto.coordinator.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.sotto.coordinator.network.TestNetwork.Member;
import dev.sotto.coordinator.session.RefusalKind;
import dev.sotto.federation.ClientReport;
import dev.sotto.federation.ClientReport.Reason;
import dev.sotto.federation.Fleet;
import dev.sotto.federation.Fleet.Collected;
import dev.sotto.federation.RoundTask;
import dev.sotto.federation.WeightedSum;
import dev.sotto.node.link.NodeKeys;
import dev.sotto.wire.Channels;
import dev.sotto.wire.proxy.ProxyRules;
import dev.sotto.wire.tls.Tls;
import dev.sotto.wire.tls.TlsIdentity;
import dev.sotto.wire.v1.ArrivedRequest;
import dev.sotto.wire.v1.Chunk;
import dev.sotto.wire.v1.DeliverPart;
import dev.sotto.wire.v1.DownloadRequest;
import dev.sotto.wire.v1.FromNode;
import dev.sotto.wire.v1.Receipt;
import dev.sotto.wire.v1.SignedUpdate;
import dev.sotto.wire.v1.Task;
import dev.sotto.wire.v1.TaskRefused;
import dev.sotto.wire.v1.ToNode;
import dev.sotto.wire.v1.UpdateHeader;
import dev.sotto.wire.v1.WorkGrpc;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName("A hostile client")
class HostileClientsTest {
    private static final float[] MODEL = {1, 2, 3, 4};
    private static final float[] UPDATE = {0.5f, -0.5f, 0.25f, 1};

    @TempDir
    Path folder;

    private TestNetwork network;
    private Member ann;
    private Member bob;
    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        network = new TestNetwork(folder, Duration.ofSeconds(1), 1 << 20);
        ann = network.join("ann");
        bob = network.join("bob");
    }

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable each : open) {
            each.close();
        }
        network.close();
    }

    private RawNode node(Member member) {
        RawNode node = new RawNode(network, member, "s");
        open.add(node);
        return node;
    }

    private CompletableFuture<Collected> round(int number, Duration timeout, int enough) throws IOException {
        Fleet fleet = network.reach()
                .fleet(
                        network.offer("s", 2),
                        List.of(TestNetwork.acceptance("ann", 10), TestNetwork.acceptance("bob", 20)),
                        network.rules(timeout, enough));
        return CompletableFuture.supplyAsync(
                () -> fleet.run(
                        new RoundTask(number, MODEL),
                        List.of("ann", "bob"),
                        new WeightedSum(MODEL.length, number, true, 30),
                        report -> {}),
                TestNetwork.OWN_THREAD);
    }

    private static Collected result(CompletableFuture<Collected> round) throws Exception {
        return round.get(20, TimeUnit.SECONDS);
    }

    private static Reason reason(Collected collected, int client) {
        return collected
                .reports()
                .get(client)
                .refusal()
                .map(ClientReport.Refusal::reason)
                .orElseThrow();
    }

    private static UpdateHeader.Builder of(UpdateHeader header) {
        return header.toBuilder();
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
                                header, bob.keys().signing().getPrivate()),
                        chunks);
            case ANOTHER_CLIENTS_ID ->
                node.deliver(node.sign(of(header).setClientId("bob").build()), chunks);
            case ANOTHER_CLIENTS_TASK ->
                node.deliver(node.sign(of(header).setTask(bobs.getId()).build()), chunks);
            case UNKNOWN_TASK ->
                node.deliver(node.sign(of(header).setTask("none").build()), chunks);
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
                yield receipt.get(20, TimeUnit.SECONDS);
            }
            case TWO_HEADERS -> {
                CompletableFuture<Receipt> receipt = new CompletableFuture<>();
                StreamObserver<DeliverPart> parts = node.work.deliver(RawNode.observer(receipt));
                parts.onNext(DeliverPart.newBuilder().setHeader(signed).build());
                parts.onNext(DeliverPart.newBuilder().setHeader(signed).build());
                yield receipt.get(20, TimeUnit.SECONDS);
            }
        };
    }

    @ParameterizedTest
    @EnumSource
    void isRefusedWithAReasonAndItsHonestUpdateStillCounts(Try what) throws Exception {
        CompletableFuture<Collected> round = round(1, Duration.ofSeconds(20), 0);
        RawNode anns = node(ann);
        RawNode bobs = node(bob);
        Task task = anns.task();
        Task other = bobs.task();
        Receipt receipt = attempt(what, anns, task, other);
        assertThat(receipt.getCounted()).isFalse();
        assertThat(receipt.getReason()).contains(what.reason);
        assertThat(network.gate.audited())
                .anyMatch(line -> line.startsWith("ann update.refused") && line.contains(what.reason));
        if (what != Try.NO_HEADER) {
            TestNetwork.until(() -> network.heard().stream().anyMatch(line -> line.contains(what.reason))
                    || what == Try.UNSIGNED
                    || what == Try.SIGNED_BY_ANOTHER
                    || what == Try.ANOTHER_CLIENTS_ID);
        }
        TestNetwork.until(() -> !network.kinds.isEmpty());
        assertThat(network.kinds)
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
                return node.deliver(task, new float[] {1, 2, Float.NaN, 4}, 10);
            }
            case TOO_LARGE -> {
                return node.deliver(task, new float[] {1, 1e30f, 3, 4}, 10);
            }
        }
        return node.deliver(node.sign(changed.build()), chunks);
    }

    @ParameterizedTest
    @EnumSource
    void thatSignsWhatCannotBeTakenIsOutOfTheRoundAndNothingOfItCounts(Signed what) throws Exception {
        CompletableFuture<Collected> round = round(1, Duration.ofSeconds(20), 0);
        RawNode anns = node(ann);
        RawNode bobs = node(bob);
        Receipt receipt = sign(what, anns, anns.task());
        assertThat(receipt.getCounted()).isFalse();
        assertThat(receipt.getAgain()).isFalse();
        assertThat(receipt.getReason()).contains(what.reason);
        assertThat(bobs.deliver(bobs.task(), UPDATE, 20).getCounted()).isTrue();
        Collected collected = result(round);
        assertThat(reason(collected, 0)).isEqualTo(Reason.FAILED);
        assertThat(collected.aggregate().updates()).isEqualTo(1);
        assertThat(((WeightedSum) collected.aggregate()).mean()).isEqualTo(UPDATE);
        TestNetwork.until(() ->
                network.heard().stream().anyMatch(line -> line.startsWith("ann 1 ") && line.contains(what.reason)));
        assertThat(network.kinds).containsExactly(what.kind);
        assertThat(network.gate.audited())
                .anyMatch(line -> line.startsWith("ann update.refused") && line.contains(what.reason));
    }

    @Test
    void thatReplaysOrDuplicatesIsCountedOnce() throws Exception {
        CompletableFuture<Collected> first = round(1, Duration.ofSeconds(20), 0);
        RawNode anns = node(ann);
        RawNode bobs = node(bob);
        Task task = anns.task();
        Task other = bobs.task();
        SignedUpdate recorded = anns.sign(anns.header(task, UPDATE, 10));
        assertThat(anns.deliver(recorded, RawNode.chunks(UPDATE)).getCounted()).isTrue();
        Receipt same = anns.deliver(recorded, RawNode.chunks(UPDATE));
        assertThat(same.getReason()).isEqualTo("it was counted before");
        TestNetwork.until(() -> network.heard().contains("ann 1 it was sent again, and is counted once"));
        assertThat(network.kinds).containsExactly(RefusalKind.REPEATED);
        float[] second = {9, 9, 9, 9};
        assertThat(anns.deliver(task, second, 10))
                .isEqualTo(
                        Receipt.newBuilder().setReason("it was counted before").build());
        assertThat(bobs.deliver(recorded, RawNode.chunks(UPDATE)).getCounted()).isFalse();
        assertThat(bobs.deliver(other, UPDATE, 20).getCounted()).isTrue();
        assertThat(((WeightedSum) result(first).aggregate()).mean()).isEqualTo(UPDATE);

        CompletableFuture<Collected> next = round(2, Duration.ofSeconds(20), 0);
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
    void thatComesLateIsDroppedAndHearsThatItIsLate() throws Exception {
        CompletableFuture<Collected> round = round(1, Duration.ofMillis(700), 0);
        RawNode anns = node(ann);
        Task task = anns.task();
        Collected collected = result(round);
        assertThat(reason(collected, 0)).isEqualTo(Reason.DROPPED);
        assertThat(reason(collected, 1)).isEqualTo(Reason.DROPPED);
        assertThat(anns.next(ToNode.SaidCase.WITHDRAW).getWithdraw().getTask()).isEqualTo(task.getId());
        assertThat(anns.deliver(task, UPDATE, 10).getReason()).startsWith("it came late: no answer within");
        assertThat(collected.aggregate().updates()).isZero();
        TestNetwork.until(() -> network.heard().stream().anyMatch(line -> line.startsWith("ann 1 it came late")));
    }

    @Test
    void thatIsSlowIsNotWaitedForOnceEnoughHaveAnswered() throws Exception {
        CompletableFuture<Collected> round = round(1, Duration.ofSeconds(20), 1);
        RawNode anns = node(ann);
        RawNode bobs = node(bob);
        bobs.task();
        assertThat(anns.deliver(anns.task(), UPDATE, 10).getCounted()).isTrue();
        Collected collected = result(round);
        assertThat(reason(collected, 1)).isEqualTo(Reason.DROPPED);
        assertThat(bobs.next(ToNode.SaidCase.WITHDRAW).getWithdraw().getReason())
                .isEqualTo("enough others answered first");
    }

    @Test
    void thatFailsIsAskedAgainOnce() throws Exception {
        CompletableFuture<Collected> round = round(1, Duration.ofSeconds(20), 0);
        RawNode anns = node(ann);
        RawNode bobs = node(bob);
        assertThat(bobs.deliver(bobs.task(), UPDATE, 20).getCounted()).isTrue();
        Task first = anns.task();
        anns.say(failed(first, dev.sotto.wire.v1.Reason.FAILED, "disk\nfull\u001b[31m"));
        Task second = anns.task();
        assertThat(second.getId()).isNotEqualTo(first.getId());
        anns.say(failed(second, dev.sotto.wire.v1.Reason.FAILED, "disk full"));
        Collected collected = result(round);
        assertThat(reason(collected, 0)).isEqualTo(Reason.FAILED);
        TestNetwork.until(() -> network.heard().contains("ann 1 disk full")); // told when the round is settled
        assertThat(network.heard())
                .contains("ann 1 disk full [31m; it is asked again", "ann 1 disk full")
                .filteredOn(line -> line.contains("disk"))
                .hasSize(2);
    }

    @Test
    void whoseBudgetRefusesIsNotAskedAgain() throws Exception {
        CompletableFuture<Collected> round = round(1, Duration.ofSeconds(20), 0);
        RawNode anns = node(ann);
        RawNode bobs = node(bob);
        anns.say(failed(anns.task(), dev.sotto.wire.v1.Reason.BUDGET, "spent"));
        bobs.deliver(bobs.task(), UPDATE, 20);
        Collected collected = result(round);
        assertThat(reason(collected, 0)).isEqualTo(Reason.BUDGET);
        assertThat(collected.reports().get(0).epsilon()).hasValue(2.5);
    }

    private static FromNode failed(Task task, dev.sotto.wire.v1.Reason reason, String message) {
        return FromNode.newBuilder()
                .setRefused(TaskRefused.newBuilder()
                        .setTask(task.getId())
                        .setEpsilon(2.5)
                        .setRefusal(dev.sotto.wire.v1.Refusal.newBuilder()
                                .setReason(reason)
                                .setMessage(message)))
                .build();
    }

    @Test
    void thatSendsOtherValuesThanItSignedForIsAskedAgain() throws Exception {
        CompletableFuture<Collected> round = round(1, Duration.ofSeconds(20), 0);
        RawNode anns = node(ann);
        RawNode bobs = node(bob);
        bobs.deliver(bobs.task(), UPDATE, 20);
        Task task = anns.task();
        Receipt receipt =
                anns.deliver(anns.sign(anns.header(task, UPDATE, 10)), RawNode.chunks(new float[] {7, 7, 7, 7}));
        assertThat(receipt.getReason()).isEqualTo("its values are not those that were signed for");
        assertThat(anns.deliver(anns.task(), UPDATE, 10).getCounted()).isTrue();
        assertThat(((WeightedSum) result(round).aggregate()).mean()).isEqualTo(UPDATE);
    }

    @Test
    void whichIsRevokedIsOutAtOnceAndTheRoundGoesOn() throws Exception {
        CompletableFuture<Collected> round = round(1, Duration.ofSeconds(20), 0);
        RawNode anns = node(ann);
        RawNode bobs = node(bob);
        Task task = anns.task();
        bobs.deliver(bobs.task(), UPDATE, 20);
        network.gate.revoke("ann");
        assertThat(anns.end.get(5, TimeUnit.SECONDS).getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
        Collected collected = result(round);
        assertThat(reason(collected, 0)).isEqualTo(Reason.FAILED);
        assertThatThrownBy(() -> anns.deliver(task, UPDATE, 10))
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("unknown, over or revoked");
        assertThat(network.reach().connected()).containsExactly("bob");
        CompletableFuture<Collected> next = round(2, Duration.ofSeconds(20), 0);
        bobs.deliver(bobs.task(), UPDATE, 20);
        assertThat(reason(result(next), 0)).isEqualTo(Reason.FAILED);
    }

    @Test
    void withoutACertificateOrWithOneOfAnotherAuthorityDoesNotGetIn() throws Exception {
        ManagedChannel none = Channels.open(
                network.address(), Tls.trusting(network.authority.certificate()), ProxyRules.of(Map.of()));
        open.add(none::shutdownNow);
        assertThatThrownBy(() -> WorkGrpc.newBlockingStub(none).arrived(ArrivedRequest.getDefaultInstance()))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("UNAUTHENTICATED: a client's certificate is needed");

        NodeKeys keys = NodeKeys.generate();
        TestAuthority stranger = new TestAuthority("test authority");
        TlsIdentity forged = new TlsIdentity(
                List.of(stranger.client("ann", keys.tls().getPublic())),
                keys.tls().getPrivate());
        ManagedChannel wrong = Channels.open(
                network.address(), Tls.mutual(forged, network.authority.certificate()), ProxyRules.of(Map.of()));
        open.add(wrong::shutdownNow);
        assertThatThrownBy(() -> WorkGrpc.newBlockingStub(wrong).arrived(ArrivedRequest.getDefaultInstance()))
                .isInstanceOf(StatusRuntimeException.class);
        TestNetwork.until(() ->
                network.gate.audited().stream().anyMatch(line -> line.startsWith("CN=ann certificate.refused TLS")));
        assertThat(network.gate.audited()).anyMatch(line -> line.contains("call.refused sotto.wire.v1.Work/Arrived"));
        assertThat(network.reach().connected()).isEmpty();
    }

    @Test
    void doesNotReadWhatNoOfferOrTaskOfItsNames() throws Exception {
        byte[] other = network.blobs.put(new byte[] {1, 2, 3});
        RawNode anns = node(ann);
        for (byte[] digest : List.of(other, new byte[32], new byte[0])) {
            assertThatThrownBy(() -> WorkGrpc.newBlockingStub(anns.channel)
                            .download(DownloadRequest.newBuilder()
                                    .setSha256(ByteString.copyFrom(digest))
                                    .build())
                            .next())
                    .hasMessageContaining("NOT_FOUND: no open offer or task");
        }
    }

    @Test
    void thatStandsStillIsHungUpOn() throws Exception {
        CompletableFuture<Collected> round = round(1, Duration.ofSeconds(20), 1);
        RawNode anns = node(ann);
        Task task = anns.task();
        CompletableFuture<Receipt> receipt = new CompletableFuture<>();
        StreamObserver<DeliverPart> parts = anns.work.deliver(RawNode.observer(receipt));
        parts.onNext(DeliverPart.newBuilder()
                .setHeader(anns.sign(anns.header(task, UPDATE, 10)))
                .build());
        assertThatThrownBy(() -> receipt.get(5, TimeUnit.SECONDS))
                .hasMessageContaining("DEADLINE_EXCEEDED: nothing moved for too long");
        assertThat(network.gate.audited()).anyMatch(line -> line.startsWith("ann call.ended Deliver"));

        try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), network.port())) {
            silent.setSoTimeout(5_000);
            silent.getOutputStream().write(0x16); // the first byte of a handshake that never comes
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
        }
        RawNode bobs = node(bob);
        assertThat(bobs.deliver(bobs.task(), UPDATE, 20).getCounted()).isTrue();
        assertThat(result(round).aggregate().updates()).isEqualTo(1);
    }

    @Test
    void hasNoMoreThanSoManyCallsOpen() throws Exception {
        RawNode anns = node(ann);
        List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            CompletableFuture<Receipt> receipt = new CompletableFuture<>();
            StreamObserver<DeliverPart> unused = anns.work.deliver(RawNode.observer(receipt));
            receipts.add(receipt);
        }
        // Which of them come last is for the network to say.
        TestNetwork.until(() -> receipts.stream().anyMatch(HostileClientsTest::isExhausted));
        assertThat(network.gate.audited()).anyMatch(line -> line.startsWith("ann call.refused"));
    }

    private static boolean isExhausted(CompletableFuture<Receipt> receipt) {
        return receipt.isCompletedExceptionally()
                && receipt.handle((got, failure) -> String.valueOf(failure))
                        .join()
                        .contains("RESOURCE_EXHAUSTED");
    }

    @Test
    void thatSaysOtherThanHelloFirstOrSpeaksAnotherProtocolIsNotConnected() throws Exception {
        RawNode anns = node(ann);
        anns.next(ToNode.SaidCase.WELCOME);
        // It is welcomed before it is listed.
        TestNetwork.until(() -> network.reach().connected().equals(Set.of("ann")));
        CompletableFuture<ToNode> answer = new CompletableFuture<>();
        StreamObserver<FromNode> out = WorkGrpc.newStub(anns.channel).attend(RawNode.observer(answer));
        out.onNext(FromNode.newBuilder()
                .setHello(dev.sotto.wire.v1.Hello.newBuilder().setProtocol(99))
                .build());
        assertThatThrownBy(() -> answer.get(5, TimeUnit.SECONDS)).hasMessageContaining("protocol 99");
    }
}
