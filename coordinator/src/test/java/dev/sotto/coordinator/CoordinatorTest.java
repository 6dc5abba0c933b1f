package dev.sotto.coordinator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import dev.sotto.coordinator.store.SessionState;
import dev.sotto.data.DataContext;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.experiment.packaging.SessionDraft;
import dev.sotto.experiment.packaging.SessionPackage;
import dev.sotto.experiment.packaging.SigningKey;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.privacy.random.Randomness;
import dev.sotto.wire.Address;
import dev.sotto.wire.Channels;
import dev.sotto.wire.Chunks;
import dev.sotto.wire.JoinToken;
import dev.sotto.wire.proxy.ProxyRules;
import dev.sotto.wire.tls.Pem;
import dev.sotto.wire.tls.Tls;
import dev.sotto.wire.v1.AuditEntry;
import dev.sotto.wire.v1.Chunk;
import dev.sotto.wire.v1.ClientDetail;
import dev.sotto.wire.v1.CreateAccessTokenRequest;
import dev.sotto.wire.v1.CreateJoinTokenRequest;
import dev.sotto.wire.v1.ListAuditRequest;
import dev.sotto.wire.v1.ListClientsRequest;
import dev.sotto.wire.v1.ListModelsRequest;
import dev.sotto.wire.v1.ListSessionsRequest;
import dev.sotto.wire.v1.ModelRequest;
import dev.sotto.wire.v1.OperatorGrpc;
import dev.sotto.wire.v1.OperatorGrpc.OperatorBlockingStub;
import dev.sotto.wire.v1.PackageDetail;
import dev.sotto.wire.v1.RevokeClientRequest;
import dev.sotto.wire.v1.SessionDetail;
import dev.sotto.wire.v1.SessionEvent;
import dev.sotto.wire.v1.SessionRequest;
import dev.sotto.wire.v1.StartSessionRequest;
import dev.sotto.wire.v1.StatusRequest;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A whole coordinator on real sockets, and what people ask of it. */
@Timeout(120)
final class CoordinatorTest {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final String EXPERIMENT = """
            name: tiny
            contract: {features: [4], classes: 2}
            model: logistic
            rounds: 2
            client: {batch-size: 10}
            """;

    @TempDir
    private Path folder;

    private Path home;
    private Coordinator coordinator;
    private OperatorFile operator;
    private final List<ManagedChannel> channels = new ArrayList<>();

    @BeforeEach
    void start() throws IOException {
        home = folder.resolve("home");
        Path file = CoordinatorHome.init(home, List.of(), 0, Optional.empty());
        coordinator = Coordinator.start(home, new Coordinator.Options(0));
        operator = OperatorFile.read(file);
    }

    private void restart(String... settings) throws IOException {
        coordinator.close();
        Files.write(home.resolve("coordinator.yaml"), List.of(settings), StandardOpenOption.APPEND);
        coordinator = Coordinator.start(home, new Coordinator.Options(0));
        operator = OperatorFile.read(home.resolve(OperatorFile.NAME));
    }

    @AfterEach
    void stop() {
        channels.forEach(ManagedChannel::shutdownNow);
        coordinator.close();
    }

    private ManagedChannel channel() throws IOException {
        ManagedChannel channel = Channels.open(
                Address.parse(operator.address()),
                Tls.trusting(Pem.certificates(operator.authority()).get(0)),
                ProxyRules.of(Map.of()));
        channels.add(channel);
        return channel;
    }

    private static Metadata bearer(String token) {
        Metadata headers = new Metadata();
        headers.put(AUTHORIZATION, "Bearer " + token);
        return headers;
    }

    private OperatorBlockingStub as(String token) throws IOException {
        return OperatorGrpc.newBlockingStub(channel())
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(bearer(token)))
                .withDeadlineAfter(60, TimeUnit.SECONDS);
    }

    private OperatorBlockingStub admin() throws IOException {
        return as(operator.token());
    }

    private PackageDetail upload(byte[] bytes) throws Exception {
        CompletableFuture<PackageDetail> answer = new CompletableFuture<>();
        StreamObserver<Chunk> chunks = OperatorGrpc.newStub(channel())
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(bearer(operator.token())))
                .uploadPackage(new StreamObserver<>() {
                    @Override
                    public void onNext(PackageDetail value) {
                        answer.complete(value);
                    }

                    @Override
                    public void onError(Throwable failure) {
                        answer.completeExceptionally(failure);
                    }

                    @Override
                    public void onCompleted() {}
                });
        for (int at = 0; at < bytes.length; at += Chunks.BYTES) {
            chunks.onNext(Chunks.of(at, ByteString.copyFrom(bytes, at, Math.min(Chunks.BYTES, bytes.length - at))));
        }
        chunks.onCompleted();
        return answer.get(60, TimeUnit.SECONDS);
    }

    private static byte[] pack() {
        return pack(EXPERIMENT);
    }

    private static byte[] pack(String experiment) {
        ExperimentFile file = ExperimentFile.parse("tiny.yaml", Path.of(""), experiment);
        SessionDraft draft = SessionDraft.of(file, DataContext.ofSystem(), 2);
        return SessionPackage.create(draft, draft.initial(Randomness.seeded(1)), SigningKey.generate());
    }

    private static Status.Code code(Throwable failure) {
        return ((StatusRuntimeException) failure).getStatus().getCode();
    }

    @Test
    void strangersAreToldNothing() throws IOException {
        OperatorBlockingStub stranger = as("sotto-access.made-up");
        assertThatThrownBy(() -> stranger.listSessions(ListSessionsRequest.getDefaultInstance()))
                .satisfies(failure -> assertThat(code(failure)).isEqualTo(Status.Code.UNAUTHENTICATED));
        assertThatThrownBy(() -> stranger.status(StatusRequest.getDefaultInstance()))
                .satisfies(failure -> assertThat(code(failure)).isEqualTo(Status.Code.UNAUTHENTICATED));
    }

    @Test
    void eachRoleMayDoWhatItIsForAndRefusalsAreNoted() throws IOException {
        String token = admin().createAccessToken(CreateAccessTokenRequest.newBuilder()
                        .setName("screen")
                        .setRole("viewer")
                        .build())
                .getToken();
        OperatorBlockingStub viewer = as(token);
        assertThat(viewer.listSessions(ListSessionsRequest.getDefaultInstance()).getSessionsList())
                .isEmpty();
        assertThatThrownBy(() -> viewer.startSession(StartSessionRequest.getDefaultInstance()))
                .satisfies(failure -> assertThat(code(failure)).isEqualTo(Status.Code.PERMISSION_DENIED));
        assertThatThrownBy(() -> viewer.listAudit(
                                ListAuditRequest.newBuilder().setFrom(1).build())
                        .hasNext())
                .satisfies(failure -> assertThat(code(failure)).isEqualTo(Status.Code.PERMISSION_DENIED));
        AuditEntry seal = viewer.listAudit(
                        ListAuditRequest.newBuilder().setVerify(true).build())
                .next();
        assertThat(seal.getHash().size()).isEqualTo(32);
        assertThat(seal.getActor() + seal.getAction() + seal.getSubject() + seal.getDetail())
                .isEmpty();
        assertThatThrownBy(() -> viewer.createJoinToken(CreateJoinTokenRequest.getDefaultInstance()))
                .satisfies(failure -> assertThat(code(failure)).isEqualTo(Status.Code.PERMISSION_DENIED))
                .hasMessageContaining("admin");
        List<String> noted = new ArrayList<>();
        Iterator<AuditEntry> audit =
                admin().listAudit(ListAuditRequest.newBuilder().setFrom(1).build());
        audit.forEachRemaining(entry -> noted.add(entry.getActor() + ": " + entry.getAction()));
        assertThat(noted)
                .contains(
                        "admin: access token created",
                        "screen: sessions listed",
                        "operator: session start asked denied",
                        "operator: join token asked denied");
        Iterator<AuditEntry> last =
                admin().listAudit(ListAuditRequest.newBuilder().setVerify(true).build());
        assertThat(last.next().getHash().size()).isEqualTo(32);
    }

    @Test
    void aSessionWithoutClientsFailsAndSaysSo() throws Exception {
        PackageDetail pack = upload(pack());
        assertThat(pack.getName()).isEqualTo("tiny");
        assertThat(pack.getParameters()).isEqualTo(10);
        SessionDetail started = admin().startSession(StartSessionRequest.newBuilder()
                .setPackage(pack.getSha256())
                .setMinClients(2)
                .setRounds(3)
                .setGatherSeconds(1)
                .build());
        assertThat(started.getState()).isEqualTo("gathering");
        assertThat(started.getPlannedRounds()).isEqualTo(3);
        List<SessionEvent> events = new ArrayList<>();
        admin().watchSession(
                        SessionRequest.newBuilder().setSession(started.getId()).build())
                .forEachRemaining(events::add);
        SessionDetail end = events.get(events.size() - 1).getSession();
        assertThat(end.getState()).isEqualTo(SessionState.FAILED.word());
        assertThat(end.getReason()).contains("only 0 of 2 clients accepted");
        assertThatThrownBy(() -> admin().exportSession(SessionRequest.newBuilder()
                                .setSession(started.getId())
                                .build())
                        .hasNext())
                .satisfies(failure -> assertThat(code(failure)).isEqualTo(Status.Code.INVALID_ARGUMENT));
    }

    @Test
    void modelsAreListedAndComeAsFiles() throws Exception {
        upload(pack());
        var models = admin().listModels(ListModelsRequest.getDefaultInstance()).getModelsList();
        assertThat(models).hasSize(1);
        assertThat(models.get(0).getOrigin()).isEqualTo("seed");
        ByteString.Output bytes = ByteString.newOutput();
        Iterator<Chunk> chunks = admin().downloadModel(ModelRequest.newBuilder()
                .setSha256(models.get(0).getSha256())
                .setFormat("npz")
                .build());
        while (chunks.hasNext()) {
            chunks.next().getData().writeTo(bytes);
        }
        assertThat(bytes.toByteString().substring(0, 2).toStringUtf8()).isEqualTo("PK");
    }

    @Test
    void whatIsNoPackageIsRefused() {
        assertThatThrownBy(() -> upload("not a package".getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                .hasRootCauseInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining("INVALID_ARGUMENT");
    }

    @Test
    void whatIsLargerThanTheLimitsIsRefused() throws Exception {
        byte[] large = pack(EXPERIMENT.replace("[4]", "[200000]")); // 400,002 parameters
        assertThat(upload(large).getParameters()).isEqualTo(400_002);
        restart("limits: {package-megabytes: 4, model-megabytes: 1}");
        assertThatThrownBy(() -> upload(large))
                .hasMessageContaining("the package's model has 1600008 bytes; at most 1048576 are accepted here")
                .hasMessageContaining("limits.model-megabytes in coordinator.yaml");
        assertThat(upload(pack()).getParameters()).isEqualTo(10);
        assertThatThrownBy(() -> upload(new byte[(4 << 20) + 1])).hasMessageContaining("more than 4194304 bytes");
    }

    @Test
    void anyFreePortIsToldToOperatorsAndInTokens() throws IOException {
        assertThat(operator.address()).isEqualTo(coordinator.address()).doesNotEndWith(":0");
        String token = admin().createJoinToken(CreateJoinTokenRequest.getDefaultInstance())
                .getToken();
        assertThat(JoinToken.parse(token).address().toString()).isEqualTo(coordinator.address());
    }

    private ClientDetail onlyClient() throws IOException {
        return admin().listClients(ListClientsRequest.getDefaultInstance()).getClients(0);
    }

    private ClientDetail awaitClient(Predicate<ClientDetail> wanted) throws Exception {
        for (int n = 0; n < 600; n++) {
            ClientDetail now = onlyClient();
            if (wanted.test(now)) {
                return now;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("it stays " + onlyClient());
    }

    @Test
    void clientsAreListedWithTheirVersionAndWhenTheyWereSeenLast() throws Exception {
        long before = System.currentTimeMillis();
        long leaves;
        try (Ward ward = new Ward(coordinator, folder, "ward-3", 100, "approval: ask")) {
            assertThat(ward.owner().requests().all()).isEmpty();
            ClientDetail here = awaitClient(client -> client.getVersion().equals(Ward.VERSION));
            assertThat(here.getState()).isEqualTo("connected");
            assertThat(here.getSeenMillis()).isGreaterThanOrEqualTo(before);
            Thread.sleep(1500); // so that its coming and its leaving are not the same time
            leaves = System.currentTimeMillis();
        }
        ClientDetail gone =
                awaitClient(client -> client.getState().equals("enrolled") && client.getSeenMillis() >= leaves);
        assertThat(gone.getVersion()).isEqualTo(Ward.VERSION);
        admin().revokeClient(
                        RevokeClientRequest.newBuilder().setClientId("ward-3").build());
        restart();
        assertThat(onlyClient().getSeenMillis()).isEqualTo(gone.getSeenMillis());
        assertThat(onlyClient().getState()).isEqualTo("revoked");
    }

    private HttpResponse<String> probe(String path) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + coordinator.probes() + path))
                                .timeout(Duration.ofSeconds(60))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void machinesAskForHealthReadinessAndMetrics() throws Exception {
        upload(pack());
        assertThat(probe("/healthz").statusCode()).isEqualTo(200);
        assertThat(probe("/readyz").body()).isEqualTo("ready\n");
        assertThat(probe("/nothing").statusCode()).isEqualTo(404);
        System.gc(); // however long it has run: nothing that is shown may be let go of
        assertThat(probe("/metrics").body())
                .contains("sotto_clients_connected 0.0")
                .contains("sotto_sessions{state=\"running\"} 0.0")
                .contains("sotto_updates_refused_total{reason=\"unsigned\"} 0.0")
                .contains("sotto_updates_accepted_total 0.0")
                .contains("sotto_rounds_total 0.0")
                .contains("sotto_rounds_committed 0.0")
                .contains("sotto_round_commit_seconds_count 0")
                .doesNotContain("sotto_received_bytes_total 0.0")
                .doesNotContain("sotto_sent_bytes_total 0.0")
                .contains("jvm_memory_used_bytes");
    }

    @Test
    void aHomeServesOneProcessAtATime() {
        assertThatThrownBy(() -> Coordinator.start(home, new Coordinator.Options(0)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("another process");
    }

    @Test
    void afterADrainItStartsAgain() throws IOException {
        coordinator.drain(Duration.ofSeconds(1));
        assertThat(coordinator.state()).isEqualTo(Coordinator.State.STOPPED);
        restart();
        assertThat(coordinator.state()).isEqualTo(Coordinator.State.READY);
        assertThat(admin().status(StatusRequest.getDefaultInstance()).getRunning())
                .isZero();
    }
}
