package dev.sotto.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import dev.sotto.wire.v1.AuditEntry;
import dev.sotto.wire.v1.ClientDetail;
import dev.sotto.wire.v1.ModelDetail;
import dev.sotto.wire.v1.PackageDetail;
import dev.sotto.wire.v1.SessionClient;
import dev.sotto.wire.v1.SessionDetail;
import java.time.Instant;
import java.util.HexFormat;

/** A coordinator's answers as JSON: what is absent is null, times are ISO 8601, digests hexadecimal. */
final class Answers {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private Answers() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static JsonNode parse(String json) {
        try {
            return MAPPER.readTree(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("the coordinator sent what is no JSON", e);
        }
    }

    static String hex(ByteString digest) {
        return HexFormat.of().formatHex(digest.toByteArray());
    }

    /** As people tell digests apart. */
    static String brief(ByteString digest) {
        String all = hex(digest);
        return all.isEmpty() ? "-" : all.substring(0, Math.min(12, all.length()));
    }

    static String time(long millis) {
        return Instant.ofEpochMilli(millis).toString();
    }

    private static void digest(ObjectNode node, String key, ByteString digest) {
        node.put(key, digest.isEmpty() ? null : hex(digest));
    }

    private static void time(ObjectNode node, String key, long millis) {
        node.put(key, millis == 0 ? null : time(millis));
    }

    private static void text(ObjectNode node, String key, String text) {
        node.put(key, text.isEmpty() ? null : text);
    }

    private static void count(ObjectNode node, String key, int count) {
        node.put(key, count == 0 ? null : (Integer) count);
    }

    static ObjectNode session(SessionDetail session) {
        ObjectNode node = object().put("id", session.getId())
                .put("name", session.getName())
                .put("state", session.getState());
        text(node, "reason", session.getReason());
        node.put("rounds", session.getRounds()).put("plannedRounds", session.getPlannedRounds());
        node.put("accuracy", session.hasAccuracy() ? (Double) session.getAccuracy() : null);
        node.put("loss", session.hasLoss() ? (Double) session.getLoss() : null);
        ObjectNode privacy = node.putObject("privacy");
        text(privacy, "unit", session.getUnit());
        privacy.put("epsilon", session.hasEpsilon() ? (Double) session.getEpsilon() : null);
        privacy.put("delta", session.hasDelta() ? (Double) session.getDelta() : null);
        digest(node, "package", session.getPackage());
        digest(node, "model", session.getModel());
        time(node, "created", session.getCreatedMillis());
        time(node, "ended", session.getEndedMillis());
        ArrayNode clients = node.putArray("clients");
        session.getClientsList().forEach(client -> clients.add(client(client)));
        node.set("result", session.getResultJson().isEmpty() ? null : parse(session.getResultJson()));
        return node;
    }

    private static ObjectNode client(SessionClient client) {
        ObjectNode node = object().put("id", client.getId()).put("state", client.getState());
        text(node, "reason", client.getReason());
        count(node, "examples", client.getExamples());
        count(node, "steps", client.getSteps());
        node.put("roundProgress", client.getTenths() == 0 ? null : (Double) (client.getTenths() / 10.0));
        node.put("epsilon", client.hasEpsilon() ? (Double) client.getEpsilon() : null);
        node.put("delta", client.hasDelta() ? (Double) client.getDelta() : null);
        return node;
    }

    static ObjectNode client(ClientDetail client) {
        ObjectNode node = object().put("id", client.getId()).put("state", client.getState());
        time(node, "enrolled", client.getEnrolledMillis());
        time(node, "seen", client.getSeenMillis());
        text(node, "version", client.getVersion());
        text(node, "certificate", client.getCertificateSerial());
        time(node, "certificateExpires", client.getCertificateExpiresMillis());
        return node;
    }

    static ObjectNode model(ModelDetail model) {
        ObjectNode node = object();
        digest(node, "sha256", model.getSha256());
        digest(node, "parent", model.getParent());
        text(node, "session", model.getSession());
        count(node, "round", model.getRound());
        node.put("bytes", model.getSize());
        time(node, "created", model.getCreatedMillis());
        node.put("accuracy", model.hasAccuracy() ? (Double) model.getAccuracy() : null);
        return node.put("origin", model.getOrigin());
    }

    static ObjectNode entry(AuditEntry entry) {
        ObjectNode node = object().put("number", entry.getNumber());
        time(node, "time", entry.getMillis());
        node.put("actor", entry.getActor())
                .put("action", entry.getAction())
                .put("subject", entry.getSubject())
                .put("detail", entry.getDetail());
        digest(node, "hash", entry.getHash());
        return node;
    }

    static ObjectNode pack(PackageDetail pack) {
        ObjectNode node = object();
        digest(node, "sha256", pack.getSha256());
        return node.put("name", pack.getName()).put("rounds", pack.getRounds()).put("parameters", pack.getParameters());
    }
}
