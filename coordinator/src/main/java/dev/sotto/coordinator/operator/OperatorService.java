package dev.sotto.coordinator.operator;

import dev.sotto.coordinator.identity.Access;
import dev.sotto.coordinator.identity.Identities;
import dev.sotto.coordinator.identity.Role;
import dev.sotto.coordinator.session.Reach;
import dev.sotto.coordinator.session.SessionPackages;
import dev.sotto.coordinator.session.SessionService;
import dev.sotto.coordinator.session.SessionSettings;
import dev.sotto.coordinator.store.Database;
import dev.sotto.coordinator.store.Model;
import dev.sotto.experiment.run.Version;
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
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Executor;

/** The operators' service. Whoever calls has a valid token; which role a call needs is said here, call by call. */
public final class OperatorService extends OperatorGrpc.OperatorImplBase {
    private final String coordinator;
    private final Database database;
    private final Identities identities;
    private final SessionService sessions;
    private final Reach reach;
    private final StartRequest starting;
    private final TokenRequests tokens;
    private final Downloads downloads;
    private final Uploads uploads;
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
        this.reach = reach;
        ModelFiles models = new ModelFiles(database, packages);
        this.starting = new StartRequest(packages);
        this.tokens = new TokenRequests(identities);
        this.downloads = new Downloads(database, sessions, models, threads);
        this.uploads = new Uploads(packages, models);
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
        asked.when(
                Role.VIEWER, "session log read", request.getSession(), answer, who -> downloads.log(request, answer));
    }

    @Override
    public void exportSession(SessionRequest request, StreamObserver<ExportPart> answer) {
        asked.when(
                Role.VIEWER,
                "session exported",
                request.getSession(),
                answer,
                who -> downloads.session(request.getSession(), answer));
    }

    @Override
    public void listClients(ListClientsRequest request, StreamObserver<ListClientsResponse> answer) {
        asked.when(Role.VIEWER, "clients listed", "", answer, who -> {
            ListClientsResponse.Builder all = ListClientsResponse.newBuilder();
            // In this order: whose coming is in the list is connected, unless it has left.
            var clients = database.clients().list();
            var connected = reach.connected();
            clients.forEach(client -> all.addClients(Replies.client(client, connected)));
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
        asked.when(
                Role.VIEWER,
                "model downloaded",
                HexFormat.of().formatHex(request.getSha256().toByteArray()),
                answer,
                who -> downloads.model(request, answer));
    }

    @Override
    public void listAudit(ListAuditRequest request, StreamObserver<AuditEntry> answer) {
        // Lines name who was asked in which round, which amplification keeps from all but the coordinator's own people.
        Role least = request.getVerify() ? Role.VIEWER : Role.ADMIN;
        asked.when(
                least,
                request.getVerify() ? "audit verified" : "audit read",
                "",
                answer,
                who -> downloads.audit(request, answer));
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
        return taken(answer, "package uploaded", who -> uploads.sessionPackage(who.name(), answer));
    }

    @Override
    public StreamObserver<Chunk> importModel(StreamObserver<ModelDetail> answer) {
        return taken(answer, "model imported", who -> uploads.model(who.name(), answer));
    }

    /** Who is to take what somebody sends. */
    @FunctionalInterface
    private interface Taking {
        Incoming by(Access who) throws IOException;
    }

    private StreamObserver<Chunk> taken(StreamObserver<?> answer, String what, Taking taking) {
        Incoming[] incoming = new Incoming[1];
        asked.when(Role.OPERATOR, what, "", answer, who -> incoming[0] = taking.by(who));
        return incoming[0] != null ? incoming[0] : Uploads.refused();
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
                    SessionSettings settings = starting.settings(request, prepared);
                    say(answer, Replies.session(sessions.start(who.name(), prepared, settings)));
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
        asked.when(
                Role.ADMIN,
                "join token asked",
                request.getClientId(),
                answer,
                who -> say(answer, tokens.join(request, who.name())));
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
        asked.when(
                Role.ADMIN,
                "access token asked",
                request.getName(),
                answer,
                who -> say(answer, tokens.access(request, who.name())));
    }

    @Override
    public void revokeAccessToken(RevokeAccessTokenRequest request, StreamObserver<RevokeAccessTokenResponse> answer) {
        asked.when(Role.ADMIN, "access token revocation asked", request.getName(), answer, who -> {
            identities.revokeAccessToken(request.getName(), who.name());
            say(answer, RevokeAccessTokenResponse.getDefaultInstance());
        });
    }
}
