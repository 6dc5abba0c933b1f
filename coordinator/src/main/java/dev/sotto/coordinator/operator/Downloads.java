package dev.sotto.coordinator.operator;

import dev.sotto.coordinator.session.SessionService;
import dev.sotto.coordinator.store.AuditLine;
import dev.sotto.coordinator.store.AuditLog;
import dev.sotto.coordinator.store.Database;
import dev.sotto.coordinator.store.SessionLog;
import dev.sotto.wire.Chunks;
import dev.sotto.wire.v1.AuditEntry;
import dev.sotto.wire.v1.Chunk;
import dev.sotto.wire.v1.ExportPart;
import dev.sotto.wire.v1.ListAuditRequest;
import dev.sotto.wire.v1.LogEntry;
import dev.sotto.wire.v1.ModelRequest;
import dev.sotto.wire.v1.SessionLogRequest;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/** What is too long for one message: sent in many, as fast as it is read, on threads that may wait. */
final class Downloads {
    private static final int PAGE = 500;

    private final Database database;
    private final SessionService sessions;
    private final ModelFiles models;
    private final Executor threads;

    Downloads(Database database, SessionService sessions, ModelFiles models, Executor threads) {
        this.database = database;
        this.sessions = sessions;
        this.models = models;
        this.threads = threads;
    }

    /** The lines of a session's log, of one client or of all. */
    void log(SessionLogRequest request, StreamObserver<LogEntry> answer) {
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
    }

    /** All files of a session. */
    void session(String session, StreamObserver<ExportPart> answer) {
        sessions.show(session);
        Outgoing.on(threads, answer, out -> {
            try (Scratch scratch = new Scratch()) {
                sessions.export(session, scratch.folder());
                for (Path file : scratch.files()) {
                    String name = file.getFileName().toString();
                    out.file(file, (at, bytes) -> ExportPart.newBuilder()
                            .setFile(name)
                            .setData(bytes)
                            .build());
                }
            }
        });
    }

    /** A model, as a file of the format that is asked for. */
    void model(ModelRequest request, StreamObserver<Chunk> answer) {
        byte[] digest = request.getSha256().toByteArray();
        ModelFiles.Format format = ModelFiles.Format.of(request.getFormat());
        models.require(digest);
        Outgoing.on(threads, answer, out -> {
            try (Scratch scratch = new Scratch()) {
                out.file(models.write(digest, format, scratch.folder()), Chunks::of);
            }
        });
    }

    /** The lines of the audit log; or only its seal, once it was found to be whole. */
    void audit(ListAuditRequest request, StreamObserver<AuditEntry> answer) {
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
    }
}
