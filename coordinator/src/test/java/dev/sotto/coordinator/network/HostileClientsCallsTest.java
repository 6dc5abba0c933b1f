package dev.sotto.coordinator.network;

import static dev.sotto.coordinator.network.TwoClients.UPDATE;
import static dev.sotto.coordinator.network.TwoClients.result;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.sotto.federation.Fleet.Collected;
import dev.sotto.node.link.NodeKeys;
import dev.sotto.wire.Channels;
import dev.sotto.wire.proxy.ProxyRules;
import dev.sotto.wire.tls.Tls;
import dev.sotto.wire.tls.TlsIdentity;
import dev.sotto.wire.v1.ArrivedRequest;
import dev.sotto.wire.v1.DeliverPart;
import dev.sotto.wire.v1.DownloadRequest;
import dev.sotto.wire.v1.FromNode;
import dev.sotto.wire.v1.Receipt;
import dev.sotto.wire.v1.Task;
import dev.sotto.wire.v1.ToNode;
import dev.sotto.wire.v1.WorkGrpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A hostile client, by how it calls")
class HostileClientsCallsTest {
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

    @Test
    void withoutACertificateOrWithOneOfAnotherAuthorityDoesNotGetIn() throws Exception {
        ManagedChannel none = Channels.open(
                clients.network.address(),
                Tls.trusting(clients.network.authority.certificate()),
                ProxyRules.of(Map.of()));
        clients.atEnd(none::shutdownNow);
        assertThatThrownBy(() -> WorkGrpc.newBlockingStub(none).arrived(ArrivedRequest.getDefaultInstance()))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("UNAUTHENTICATED: a client's certificate is needed");

        NodeKeys keys = NodeKeys.generate();
        TestAuthority stranger = new TestAuthority("test authority");
        TlsIdentity forged = new TlsIdentity(
                List.of(stranger.client("ann", keys.tls().getPublic())),
                keys.tls().getPrivate());
        ManagedChannel wrong = Channels.open(
                clients.network.address(),
                Tls.mutual(forged, clients.network.authority.certificate()),
                ProxyRules.of(Map.of()));
        clients.atEnd(wrong::shutdownNow);
        assertThatThrownBy(() -> WorkGrpc.newBlockingStub(wrong).arrived(ArrivedRequest.getDefaultInstance()))
                .isInstanceOf(StatusRuntimeException.class);
        TestNetwork.until(() -> clients.network.gate.audited().stream()
                .anyMatch(line -> line.startsWith("CN=ann certificate.refused TLS")));
        assertThat(clients.network.gate.audited())
                .anyMatch(line -> line.contains("call.refused sotto.wire.v1.Work/Arrived"));
        assertThat(clients.network.reach().connected()).isEmpty();
    }

    @Test
    void doesNotReadWhatNoOfferOrTaskOfItsNames() throws Exception {
        byte[] other = clients.network.blobs.put(new byte[] {1, 2, 3});
        RawNode anns = clients.node(clients.ann);
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
        clients.close();
        clients = new TwoClients(folder.resolve("impatient"), Duration.ofSeconds(3));
        CompletableFuture<Collected> round = clients.round(1, Duration.ofMinutes(2), 1);
        RawNode anns = clients.node(clients.ann);
        Task task = anns.task();
        CompletableFuture<Receipt> receipt = new CompletableFuture<>();
        StreamObserver<DeliverPart> parts = anns.work.deliver(RawNode.observer(receipt));
        parts.onNext(DeliverPart.newBuilder()
                .setHeader(anns.sign(anns.header(task, UPDATE, 10)))
                .build());
        assertThatThrownBy(() -> receipt.get(60, TimeUnit.SECONDS))
                .hasMessageContaining("DEADLINE_EXCEEDED: nothing moved for too long");
        assertThat(clients.network.gate.audited()).anyMatch(line -> line.startsWith("ann call.ended Deliver"));

        try (Socket silent = new Socket(InetAddress.getLoopbackAddress(), clients.network.port())) {
            silent.setSoTimeout(60_000);
            silent.getOutputStream().write(0x16); // the first byte of a handshake that never comes
            assertThat(silent.getInputStream().read()).isEqualTo(-1);
        }
        RawNode bobs = clients.node(clients.bob);
        assertThat(bobs.deliver(bobs.task(), UPDATE, 20).getCounted()).isTrue();
        assertThat(result(round).aggregate().updates()).isEqualTo(1);
    }

    @Test
    void hasNoMoreThanSoManyCallsOpen() throws Exception {
        RawNode anns = clients.node(clients.ann);
        List<CompletableFuture<Receipt>> receipts = new ArrayList<>();
        for (int i = 0; i < 24; i++) {
            CompletableFuture<Receipt> receipt = new CompletableFuture<>();
            StreamObserver<DeliverPart> unused = anns.work.deliver(RawNode.observer(receipt));
            receipts.add(receipt);
        }
        // Which of them come last is for the network to say.
        TestNetwork.until(() -> receipts.stream().anyMatch(HostileClientsCallsTest::isExhausted));
        assertThat(clients.network.gate.audited()).anyMatch(line -> line.startsWith("ann call.refused"));
    }

    private static boolean isExhausted(CompletableFuture<Receipt> receipt) {
        return receipt.isCompletedExceptionally()
                && receipt.handle((got, failure) -> String.valueOf(failure))
                        .join()
                        .contains("RESOURCE_EXHAUSTED");
    }

    @Test
    void thatSaysOtherThanHelloFirstOrSpeaksAnotherProtocolIsNotConnected() throws Exception {
        RawNode anns = clients.node(clients.ann);
        anns.next(ToNode.SaidCase.WELCOME);
        // It is welcomed before it is listed.
        TestNetwork.until(() -> clients.network.reach().connected().equals(Set.of("ann")));
        CompletableFuture<ToNode> answer = new CompletableFuture<>();
        StreamObserver<FromNode> out = WorkGrpc.newStub(anns.channel).attend(RawNode.observer(answer));
        out.onNext(FromNode.newBuilder()
                .setHello(dev.sotto.wire.v1.Hello.newBuilder().setProtocol(99))
                .build());
        assertThatThrownBy(() -> answer.get(60, TimeUnit.SECONDS)).hasMessageContaining("protocol 99");
    }
}
