package dev.sotto.coordinator.operator;

import com.google.protobuf.ByteString;
import dev.sotto.coordinator.identity.Identities;
import dev.sotto.coordinator.identity.Identities.Issued;
import dev.sotto.coordinator.identity.Role;
import dev.sotto.coordinator.session.Reach;
import dev.sotto.coordinator.session.SessionPackages;
import dev.sotto.coordinator.session.SessionService;
import dev.sotto.coordinator.store.AuditLine;
import dev.sotto.coordinator.store.AuditLog;
import dev.sotto.coordinator.store.Database;
import dev.sotto.coordinator.store.Model;
import dev.sotto.coordinator.store.SessionLog;
import dev.sotto.experiment.run.Version;
import dev.sotto.wire.Chunks;
import dev.sotto.wire.v1.AuditEntry;
import dev.sotto.wire.v1.Chunk;
import dev.sotto.wire.v1.ClientDetail;
import dev.sotto.wire.v1.CreateAccessTokenRequest;
import dev.sotto.wire.v1.CreateAccessTokenResponse;
import dev.sotto.wire.v1.CreateJoinTokenRequest;
import dev.sotto.wire.v1.CreateJoinTokenResponse;
import dev.sotto.wire.v1.ExportPart;
import dev.sotto.wire.v1.ListAuditRequest;
import dev.sotto.wire.v1.ListClientsRequest;
import dev.sotto.wire.v1.ListClientsResponse;
import dev.sotto.wire.v1.ListModelsRequest;
import dev.sotto.wire.v1.ListModelsResponse;
import dev.sotto.wire.v1.ListSessionsRequest;
import dev.sotto.wire.v1.ListSessionsResponse;
import dev.sotto.wire.v1.LogEntry;
import dev.sotto.wire.v1.ModelDetail;
import dev.sotto.wire.v1.ModelRequest;
import dev.sotto.wire.v1.OperatorGrpc;
import dev.sotto.wire.v1.PackageDetail;
import dev.sotto.wire.v1.RevokeAccessTokenRequest;
import dev.sotto.wire.v1.RevokeAccessTokenResponse;
import dev.sotto.wire.v1.RevokeClientRequest;
import dev.sotto.wire.v1.SessionDetail;
import dev.sotto.wire.v1.SessionEvent;
import dev.sotto.wire.v1.SessionLogRequest;
import dev.sotto.wire.v1.SessionRequest;
import dev.sotto.wire.v1.StartSessionRequest;
import dev.sotto.wire.v1.StatusRequest;
import dev.sotto.wire.v1.StatusResponse;
import dev.sotto.wire.v1.StopSessionRequest;
import io.grpc.stub.StreamObserver;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/** The operators' service. Whoever calls has a valid token; which role a call needs is said here, call by call. */
public final class OperatorService extends OperatorGrpc.OperatorImplBase {
    private static final Duration TOKEN_VALID = Duration.ofDays(1);
    private static final Duration ACCESS_VALID = Duration.ofDays(365);
    private static final int PAGE = 500;
    /** What a file with a model has besides its values. */
    private static final long MODEL_FRAME = 1 << 20;

    private final String coordinator;
    private final Database database;
    private final Identities identities;
    private final SessionService sessions;
    private final SessionPackages packages;
    private final Reach reach;
    private final ModelFiles models;
    private final StartRequest starting;
    private final Executor threads;
    private final Asked asked;

    /**
     * A service for one coordinator.
     *
     * @param coordinator its id
     * @param threads that may wait for whoever reads slowly
     */
    public OperatorService(
            String coordinator,
            Database database,
            Identities identities,
            SessionService sessions,
            SessionPackages packages,
            Reach reach,
            Executor threads) {
        this.coordinator = coordinator;
        this.database = database;
        this.identities = identities;
        this.sessions = sessions;
        this.packages = packages;
        this.reach = reach;
        this.models = new ModelFiles(database, packages);
        this.starting = new StartRequest(packages);
        this.threads = threads;
        this.asked = new Asked(identities);
    }

    private static <T> void say(StreamObserver<T> answer, T value) {
        answer.onNext(value);
        answer.onCompleted();
    }

    @Override
    public void listSessions(ListSessionsRequest request, StreamObserver<ListSessionsResponse> answer) {
        asked.when(Role.VIEWER, "sessions listed", "", answer, who -> {
            ListSessionsResponse.Builder all = ListSessionsResponse.newBuilder();
            sessions.list().forEach(view -> all.addSessions(Replies.session(view)));
            say(answer, all.build());
        });
    }

    @Override
    public void showSession(SessionRequest request, StreamObserver<SessionDetail> answer) {
        asked.when(
                Role.VIEWER,
                "session shown",
                request.getSession(),
                answer,
                who -> say(answer, Replies.session(sessions.show(request.getSession()))));
    }

    @Override
    public void watchSession(SessionRequest request, StreamObserver<SessionEvent> answer) {
        asked.when(
                Role.VIEWER,
                "session watched",
                request.getSession(),
                answer,
                who -> Watching.begin(sessions, request.getSession(), answer));
    }

    @Override
    public void sessionLog(SessionLogRequest request, StreamObserver<LogEntry> answer) {
        asked.when(Role.VIEWER, "session log read", request.getSession(), answer, who -> {
            sessions.show(request.getSession());
            Outgoing.on(threads, answer, out -> {
                Optional<String> client = Optional.of(request.getClient()).filter(id -> !id.isEmpty());
                Instant since = Instant.ofEpochMilli(request.getSinceMillis());
                Optional<SessionLog.Line> last = Optional.empty();
                List<SessionLog.Line> page;
                do {
                    page = database.log().lines(request.getSession(), client, since, last, PAGE);
                    for (SessionLog.Line line : page) {
                        out.send(Replies.line(line));
                        last = Optional.of(line);
                    }
                } while (!page.isEmpty());
            });
        });
    }

    @Override
    public void exportSession(SessionRequest request, StreamObserver<ExportPart> answer) {
        asked.when(Role.VIEWER, "session exported", request.getSession(), answer, who -> {
            sessions.show(request.getSession());
            Outgoing.on(threads, answer, out -> {
                try (Scratch scratch = new Scratch()) {
                    sessions.export(request.getSession(), scratch.folder());
                    for (Path file : scratch.files()) {
                        String name = file.getFileName().toString();
                        out.file(file, (at, bytes) -> ExportPart.newBuilder()
                                .setFile(name)
                                .setData(bytes)
                                .build());
                    }
                }
            });
        });
    }

    @Override
    public void listClients(ListClientsRequest request, StreamObserver<ListClientsResponse> answer) {
        asked.when(Role.VIEWER, "clients listed", "", answer, who -> {
            ListClientsResponse.Builder all = ListClientsResponse.newBuilder();
            var connected = reach.connected();
            database.clients().list().forEach(client -> all.addClients(Replies.client(client, connected)));
            say(answer, all.build());
        });
    }

    @Override
    public void listModels(ListModelsRequest request, StreamObserver<ListModelsResponse> answer) {
        asked.when(Role.VIEWER, "models listed", request.getSession(), answer, who -> {
            byte[] of = request.getLineageOf().toByteArray();
            List<Model> found = of.length > 0
                    ? database.models().lineage(of)
                    : request.getSession().isEmpty()
                            ? database.models().list()
                            : database.models().ofSession(request.getSession());
            if (of.length > 0 && found.isEmpty()) {
                throw new IllegalArgumentException(
                        "there is no model " + HexFormat.of().formatHex(of) + "; 'sotto model list' names them all");
            }
            ListModelsResponse.Builder all = ListModelsResponse.newBuilder();
            found.forEach(model -> all.addModels(Replies.model(model)));
            say(answer, all.build());
        });
    }

    @Override
    public void downloadModel(ModelRequest request, StreamObserver<Chunk> answer) {
        byte[] digest = request.getSha256().toByteArray();
        asked.when(Role.VIEWER, "model downloaded", HexFormat.of().formatHex(digest), answer, who -> {
            ModelFiles.Format format = ModelFiles.Format.of(request.getFormat());
            models.require(digest);
            Outgoing.on(threads, answer, out -> {
                try (Scratch scratch = new Scratch()) {
                    out.file(models.write(digest, format, scratch.folder()), Chunks::of);
                }
            });
        });
    }

    @Override
    public void listAudit(ListAuditRequest request, StreamObserver<AuditEntry> answer) {
        // Lines name who was asked in which round, which amplification keeps from all but the coordinator's own people.
        Role least = request.getVerify() ? Role.VIEWER : Role.ADMIN;
        asked.when(least, request.getVerify() ? "audit verified" : "audit read", "", answer, who -> {
            AuditLog audit = database.audit();
            Outgoing.on(threads, answer, out -> {
                if (request.getVerify()) {
                    Optional<AuditLog.Broken> broken = audit.verify();
                    if (broken.isPresent()) {
                        throw new IllegalStateException(
                                "the audit log is broken: " + broken.get().why());
                    }
                    // The last line stands for all of them.
                    audit.last().map(Replies::seal).ifPresent(out::send);
                    return;
                }
                long next = Math.max(1, request.getFrom());
                for (List<AuditLine> page = audit.lines(next, PAGE); !page.isEmpty(); page = audit.lines(next, PAGE)) {
                    for (AuditLine line : page) {
                        out.send(Replies.entry(line));
                        next = line.number() + 1;
                    }
                }
            });
        });
    }

    @Override
    public void status(StatusRequest request, StreamObserver<StatusResponse> answer) {
        // Tells nothing that a token is needed for, and is asked often: not noted.
        StatusResponse.Builder status = StatusResponse.newBuilder()
                .setCoordinatorId(coordinator)
                .setVersion(Version.current())
                .setConnected(reach.connected().size())
                .setRunning(sessions.running())
                .setDatabase(database.trouble().orElse(database.name()))
                .setClockMillis(System.currentTimeMillis());
        say(answer, status.build());
    }

    @Override
    public StreamObserver<Chunk> uploadPackage(StreamObserver<PackageDetail> answer) {
        return taken(answer, "package uploaded", packages.most(), (who, file) -> {
            try (InputStream in = Files.newInputStream(file)) {
                SessionPackages.Prepared taken = packages.take(in, who);
                say(
                        answer,
                        PackageDetail.newBuilder()
                                .setSha256(ByteString.copyFrom(taken.digest()))
                                .setName(taken.name())
                                .setRounds(taken.rounds())
                                .setParameters(taken.parameters())
                                .build());
            }
        });
    }

    @Override
    public StreamObserver<Chunk> importModel(StreamObserver<ModelDetail> answer) {
        return taken(
                answer,
                "model imported",
                packages.mostModel() + MODEL_FRAME,
                (who, file) -> say(answer, Replies.model(models.take(file, who))));
    }

    /** What is done with what somebody has sent. */
    @FunctionalInterface
    private interface Taking {
        void from(String who, Path file) throws java.io.IOException;
    }

    private StreamObserver<Chunk> taken(StreamObserver<?> answer, String what, long most, Taking taking) {
        Incoming[] incoming = new Incoming[1];
        asked.when(
                Role.OPERATOR,
                what,
                "",
                answer,
                who -> incoming[0] = new Incoming(most, answer, file -> taking.from(who.name(), file)));
        return incoming[0] != null ? incoming[0] : new Nothing();
    }

    @Override
    public void startSession(StartSessionRequest request, StreamObserver<SessionDetail> answer) {
        asked.when(
                Role.OPERATOR,
                "session start asked",
                HexFormat.of().formatHex(request.getPackage().toByteArray()),
                answer,
                who -> {
                    SessionPackages.Prepared prepared = starting.prepare(request, who.name());
                    say(
                            answer,
                            Replies.session(
                                    sessions.start(who.name(), prepared, starting.settings(request, prepared))));
                });
    }

    @Override
    public void stopSession(StopSessionRequest request, StreamObserver<SessionDetail> answer) {
        asked.when(
                Role.OPERATOR,
                "session stop asked",
                request.getSession(),
                answer,
                who -> say(
                        answer, Replies.session(sessions.stop(who.name(), request.getSession(), request.getReason()))));
    }

    @Override
    public void resumeSession(SessionRequest request, StreamObserver<SessionDetail> answer) {
        asked.when(
                Role.OPERATOR,
                "session resume asked",
                request.getSession(),
                answer,
                who -> say(answer, Replies.session(sessions.resume(who.name(), request.getSession()))));
    }

    @Override
    public void createJoinToken(CreateJoinTokenRequest request, StreamObserver<CreateJoinTokenResponse> answer) {
        asked.when(Role.ADMIN, "join token asked", request.getClientId(), answer, who -> {
            Issued issued = identities.createJoinToken(
                    Optional.of(request.getClientId()).filter(id -> !id.isEmpty()),
                    valid(request.getValidSeconds(), TOKEN_VALID),
                    who.name());
            say(
                    answer,
                    CreateJoinTokenResponse.newBuilder()
                            .setToken(issued.token())
                            .setExpiresMillis(issued.expires().toEpochMilli())
                            .build());
        });
    }

    private static Duration valid(int seconds, Duration otherwise) {
        return seconds == 0 ? otherwise : Duration.ofSeconds(Integer.toUnsignedLong(seconds));
    }

    @Override
    public void revokeClient(RevokeClientRequest request, StreamObserver<ClientDetail> answer) {
        asked.when(Role.ADMIN, "client revocation asked", request.getClientId(), answer, who -> {
            identities.revokeClient(request.getClientId(), request.getReason(), who.name());
            say(
                    answer,
                    Replies.client(
                            database.clients().find(request.getClientId()).orElseThrow(), reach.connected()));
        });
    }

    @Override
    public void createAccessToken(CreateAccessTokenRequest request, StreamObserver<CreateAccessTokenResponse> answer) {
        asked.when(Role.ADMIN, "access token asked", request.getName(), answer, who -> {
            Role role = Role.of(request.getRole())
                    .orElseThrow(() -> new IllegalArgumentException(
                            "role is '" + request.getRole() + "'; it must be viewer, operator or admin"));
            Issued issued = identities.createAccessToken(
                    request.getName(), role, valid(request.getValidSeconds(), ACCESS_VALID), who.name());
            say(
                    answer,
                    CreateAccessTokenResponse.newBuilder()
                            .setToken(issued.token())
                            .build());
        });
    }

    @Override
    public void revokeAccessToken(RevokeAccessTokenRequest request, StreamObserver<RevokeAccessTokenResponse> answer) {
        asked.when(Role.ADMIN, "access token revocation asked", request.getName(), answer, who -> {
            identities.revokeAccessToken(request.getName(), who.name());
            say(answer, RevokeAccessTokenResponse.getDefaultInstance());
        });
    }

    /** Takes what comes after a refusal, and does nothing with it. */
    private static final class Nothing implements StreamObserver<Chunk> {
        @Override
        public void onNext(Chunk chunk) {}

        @Override
        public void onError(Throwable failure) {}

        @Override
        public void onCompleted() {}
    }
}
