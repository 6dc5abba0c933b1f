package dev.sotto.owner;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.federation.Fleet.Evaluated;
import dev.sotto.learning.Evaluation;
import dev.sotto.owner.ledger.LedgerException;
import dev.sotto.owner.ledger.SessionKey;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jdbi.v3.core.Handle;

/** The tables of what was released, inside a transaction. */
final class Releases {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Handle handle;

    Releases(Handle handle) {
        this.handle = handle;
    }

    /**
     * A release as stored, and what the client knew after it.
     *
     * @param vector name of the update's file
     * @param stepsTaken by the client in all rounds
     * @param state names of the files of what the client keeps for the strategy's sake
     */
    record Row(
            int round,
            byte[] model,
            String vector,
            byte[] sha256,
            long bytes,
            int examples,
            int steps,
            OptionalDouble epsilon,
            Map<String, Double> metrics,
            int stepsTaken,
            Map<String, String> state) {}

    /** An evaluation as stored. */
    record Scores(byte[] model, Evaluated evaluated) {}

    void add(SessionKey key, Row row) {
        handle.createUpdate("INSERT INTO releases (at, coordinator, session, round, model, vector, sha256, bytes, "
                        + "examples, steps, epsilon, metrics, steps_taken, state) VALUES (:at, :coordinator, :session, "
                        + ":round, :model, :vector, :sha256, :bytes, :examples, :steps, :epsilon, :metrics, "
                        + ":stepsTaken, :state)")
                .bind("at", Instant.now().toString())
                .bind("coordinator", key.coordinator())
                .bind("session", key.session())
                .bind("round", row.round())
                .bind("model", row.model())
                .bind("vector", row.vector())
                .bind("sha256", row.sha256())
                .bind("bytes", row.bytes())
                .bind("examples", row.examples())
                .bind("steps", row.steps())
                .bind("epsilon", boxed(row.epsilon()))
                .bind("metrics", write(row.metrics()))
                .bind("stepsTaken", row.stepsTaken())
                .bind("state", write(row.state()))
                .execute();
    }

    Optional<Row> find(SessionKey key, int round) {
        return handle.createQuery("SELECT * FROM releases WHERE coordinator = ? AND session = ? AND round = ?")
                .bind(0, key.coordinator())
                .bind(1, key.session())
                .bind(2, round)
                .map((row, context) -> row(row))
                .findOne();
    }

    Optional<Row> last(SessionKey key) {
        return handle.createQuery(
                        "SELECT * FROM releases WHERE coordinator = ? AND session = ? ORDER BY number DESC LIMIT 1")
                .bind(0, key.coordinator())
                .bind(1, key.session())
                .map((row, context) -> row(row))
                .findOne();
    }

    List<Row> all(SessionKey key) {
        return handle.createQuery("SELECT * FROM releases WHERE coordinator = ? AND session = ? ORDER BY number")
                .bind(0, key.coordinator())
                .bind(1, key.session())
                .map((row, context) -> row(row))
                .list();
    }

    /** Of sessions that may go on. */
    List<Row> current() {
        return handle.createQuery("SELECT * FROM releases WHERE NOT EXISTS (SELECT 1 FROM endings WHERE "
                        + "endings.coordinator = releases.coordinator AND endings.session = releases.session "
                        + "AND ending = ?)")
                .bind(0, Owner.COMPLETED)
                .map((row, context) -> row(row))
                .list();
    }

    void addEvaluation(SessionKey key, int round, byte[] model, Evaluated found) {
        handle.createUpdate("INSERT INTO evaluations (at, coordinator, session, round, model, loss_sum, correct, "
                        + "examples, epsilon) VALUES (:at, :coordinator, :session, :round, :model, :loss, :correct, "
                        + ":examples, :epsilon)")
                .bind("at", Instant.now().toString())
                .bind("coordinator", key.coordinator())
                .bind("session", key.session())
                .bind("round", round)
                .bind("model", model)
                // SQLite has no NaN: it is stored as nothing.
                .bind(
                        "loss",
                        Double.isNaN(found.scores().lossSum())
                                ? null
                                : found.scores().lossSum())
                .bind("correct", found.scores().correct())
                .bind("examples", found.scores().examples())
                .bind("epsilon", boxed(found.epsilon()))
                .execute();
    }

    Optional<Scores> evaluation(SessionKey key, int round) {
        return handle.createQuery("SELECT * FROM evaluations WHERE coordinator = ? AND session = ? AND round = ?")
                .bind(0, key.coordinator())
                .bind(1, key.session())
                .bind(2, round)
                .map((row, context) -> {
                    Evaluation scores = new Evaluation(
                            row.getLong("examples"),
                            optional(row, "loss_sum").orElse(Double.NaN),
                            row.getLong("correct"));
                    return new Scores(row.getBytes("model"), new Evaluated(scores, optional(row, "epsilon")));
                })
                .findOne();
    }

    private static Double boxed(OptionalDouble value) {
        return value.isPresent() ? value.getAsDouble() : null;
    }

    private static OptionalDouble optional(ResultSet row, String column) throws SQLException {
        double value = row.getDouble(column);
        return row.wasNull() ? OptionalDouble.empty() : OptionalDouble.of(value);
    }

    private static Row row(ResultSet row) throws SQLException {
        return new Row(
                row.getInt("round"),
                row.getBytes("model"),
                row.getString("vector"),
                row.getBytes("sha256"),
                row.getLong("bytes"),
                row.getInt("examples"),
                row.getInt("steps"),
                optional(row, "epsilon"),
                read(row.getString("metrics"), new TypeReference<LinkedHashMap<String, Double>>() {}),
                row.getInt("steps_taken"),
                read(row.getString("state"), new TypeReference<LinkedHashMap<String, String>>() {}));
    }

    private static String write(Map<String, ?> values) {
        try {
            return JSON.writeValueAsString(values);
        } catch (JsonProcessingException e) {
            throw new LedgerException(
                    "it cannot be written down: "
                            + Arrays.toString(values.keySet().toArray()),
                    e);
        }
    }

    private static <T> T read(String json, TypeReference<T> type) {
        try {
            return JSON.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new LedgerException("the ledger holds a release that cannot be read: " + json, e);
        }
    }
}
