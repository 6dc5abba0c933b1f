package dev.sotto.owner.request;

import dev.sotto.privacy.Epsilon;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jdbi.v3.core.Handle;

/** The table of what requests were worked out from. Used inside a transaction. */
final class RequestBases {
    private final Handle handle;

    RequestBases(Handle handle) {
        this.handle = handle;
    }

    /** What holds now: the owner's settings may change, the request stays the same. */
    void note(Request request, RequestBasis basis) {
        handle.createUpdate(
                        "INSERT OR REPLACE INTO request_bases VALUES (:request, :examples, :heldOut, :settings, :most)")
                .bind("request", request.id())
                .bind("examples", basis.examples())
                .bind("heldOut", basis.heldOut())
                .bind("settings", basis.settings())
                .bind("most", basis.most().map(Epsilon::value).orElse(null))
                .execute();
    }

    /** The policy's limit, of all that is asked of a data set. */
    void most(String dataSet, Optional<Epsilon> most) {
        handle.createUpdate("UPDATE request_bases SET most = :most WHERE request IN (SELECT id FROM requests WHERE "
                        + "data_set = :dataSet)")
                .bind("dataSet", dataSet)
                .bind("most", most.map(Epsilon::value).orElse(null))
                .execute();
    }

    Optional<RequestBasis> of(Request request) {
        return handle.createQuery("SELECT * FROM request_bases WHERE request = :request")
                .bind("request", request.id())
                .map((row, context) -> {
                    double most = row.getDouble("most");
                    boolean limited = !row.wasNull();
                    return new RequestBasis(
                            row.getInt("examples"),
                            row.getInt("held_out"),
                            row.getString("settings"),
                            limited ? Optional.of(new Epsilon(most)) : Optional.empty());
                })
                .findOne();
    }

    /** What a list says of it. */
    void summarize(Request request, RequestSummary summary) {
        handle.createUpdate(
                        "INSERT OR REPLACE INTO request_summaries (request, project, rounds, epsilon, version) VALUES (:request, :project, :rounds, :epsilon, :version)")
                .bind("version", RequestSummary.VERSION)
                .bind("request", request.id())
                .bind("project", summary.project())
                .bind("rounds", summary.rounds())
                .bind(
                        "epsilon",
                        summary.epsilon().isPresent()
                                ? (Double) summary.epsilon().getAsDouble()
                                : null)
                .execute();
    }

    /** If it was worked out as this version works it out. */
    Optional<RequestSummary> summary(Request request) {
        return handle.createQuery("SELECT * FROM request_summaries WHERE request = :request AND version = :version")
                .bind("version", RequestSummary.VERSION)
                .bind("request", request.id())
                .map((row, context) -> {
                    double epsilon = row.getDouble("epsilon");
                    boolean unbounded = row.wasNull();
                    return new RequestSummary(
                            row.getString("project"),
                            row.getInt("rounds"),
                            unbounded ? OptionalDouble.empty() : OptionalDouble.of(epsilon));
                })
                .findOne();
    }
}
