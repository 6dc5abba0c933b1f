package dev.sotto.coordinator.operator;

import com.google.protobuf.ByteString;
import dev.sotto.coordinator.session.SessionEvent;
import dev.sotto.coordinator.session.SessionView;
import dev.sotto.coordinator.store.AuditLine;
import dev.sotto.coordinator.store.EnrolledClient;
import dev.sotto.coordinator.store.Model;
import dev.sotto.coordinator.store.SessionLog;
import dev.sotto.wire.v1.AuditEntry;
import dev.sotto.wire.v1.ClientDetail;
import dev.sotto.wire.v1.LogEntry;
import dev.sotto.wire.v1.ModelDetail;
import dev.sotto.wire.v1.SessionClient;
import dev.sotto.wire.v1.SessionDetail;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** What is known here, as it is said on the wire. */
final class Replies {
    private Replies() {}

    static SessionDetail session(SessionView view) {
        SessionDetail.Builder detail = SessionDetail.newBuilder()
                .setId(view.id())
                .setName(view.name())
                .setState(view.state().word())
                .setReason(view.reason().orElse(""))
                .setRounds(view.rounds())
                .setPlannedRounds(view.plannedRounds())
                .setUnit(view.unit())
                .setPackage(ByteString.copyFrom(view.packageDigest()))
                .setModel(ByteString.copyFrom(view.model()))
                .setCreatedMillis(view.created().toEpochMilli())
                .setResultJson(view.result().orElse(""));
        view.ended().ifPresent(time -> detail.setEndedMillis(time.toEpochMilli()));
        view.accuracy().ifPresent(detail::setAccuracy);
        view.loss().ifPresent(detail::setLoss);
        view.epsilon().ifPresent(detail::setEpsilon);
        view.delta().ifPresent(detail::setDelta);
        view.clients().forEach(member -> detail.addClients(member(member)));
        return detail.build();
    }

    private static SessionClient member(SessionView.Member member) {
        SessionClient.Builder client = SessionClient.newBuilder()
                .setId(member.id())
                .setExamples(member.examples())
                .setSteps(member.steps())
                .setState(member.state())
                .setReason(member.reason())
                .setTenths(member.tenths());
        member.epsilon().ifPresent(client::setEpsilon);
        member.delta().ifPresent(client::setDelta);
        return client.build();
    }

    static dev.sotto.wire.v1.SessionEvent event(SessionEvent event) {
        dev.sotto.wire.v1.SessionEvent.Builder told = dev.sotto.wire.v1.SessionEvent.newBuilder()
                .setNumber(event.number())
                .setMillis(event.time().toEpochMilli())
                .setKind(event.kind())
                .setText(event.text());
        event.session().ifPresent(view -> told.setSession(session(view)));
        return told.build();
    }

    static LogEntry line(SessionLog.Line line) {
        return LogEntry.newBuilder()
                .setMillis(line.time().toEpochMilli())
                .setClient(line.client())
                .setNumber(line.number())
                .setLine(line.line())
                .build();
    }

    static ClientDetail client(EnrolledClient client, Set<String> connected) {
        boolean here = connected.contains(client.id());
        String state = client.revoked().isPresent() ? "revoked" : here ? "connected" : "enrolled";
        ClientDetail.Builder detail = ClientDetail.newBuilder()
                .setId(client.id())
                .setState(state)
                .setEnrolledMillis(client.enrolled().toEpochMilli())
                .setVersion(client.version())
                .setCertificateSerial(client.serial())
                .setCertificateExpiresMillis(client.expires().toEpochMilli());
        (here ? Optional.of(Instant.now()) : client.seen())
                .ifPresent(time -> detail.setSeenMillis(time.toEpochMilli()));
        return detail.build();
    }

    static ModelDetail model(Model model) {
        ModelDetail.Builder detail = ModelDetail.newBuilder()
                .setSha256(ByteString.copyFrom(model.sha256()))
                .setSession(model.session().orElse(""))
                .setRound(model.round())
                .setSize(model.size())
                .setCreatedMillis(model.created().toEpochMilli())
                .setOrigin(model.origin().word());
        model.parent().ifPresent(parent -> detail.setParent(ByteString.copyFrom(parent)));
        model.accuracy().ifPresent(detail::setAccuracy);
        return detail.build();
    }

    /** A line's number and hash, and nothing of what it says. */
    static AuditEntry seal(AuditLine line) {
        return AuditEntry.newBuilder()
                .setNumber(line.number())
                .setMillis(line.time().toEpochMilli())
                .setHash(ByteString.copyFrom(line.hash()))
                .build();
    }

    static AuditEntry entry(AuditLine line) {
        return AuditEntry.newBuilder()
                .setNumber(line.number())
                .setMillis(line.time().toEpochMilli())
                .setActor(line.actor())
                .setAction(line.action())
                .setSubject(line.subject())
                .setDetail(line.detail())
                .setHash(ByteString.copyFrom(line.hash()))
                .build();
    }
}
