package dev.sotto.federation;

import dev.sotto.learning.Evaluation;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Where the clients are: in this process, on a cluster, behind a network, in shared folders. The only thing that differs
 * between simulating and federating; the round never knows which. One thread at a time.
 */
public interface Fleet extends AutoCloseable {
    /** Everyone who could be asked, in a stable order. */
    List<ClientProfile> clients();

    /**
     * Has the cohort train.
     *
     * @param task what to do
     * @param cohort ids of the clients asked
     * @param empty an aggregate with nothing in it; implementations may make more with {@link Aggregate#fresh} and merge
     * @param observer is told of each client as it finishes, from any thread
     */
    Collected run(RoundTask task, List<String> cohort, Aggregate empty, ClientObserver observer);

    /** Has the cohort evaluate the task's model on what it held out; clients that held nothing out, or withhold what they find,
     * are absent. */
    Map<String, Evaluated> evaluate(RoundTask task, List<String> cohort);

    @Override
    void close();

    /**
     * What came back in a round.
     *
     * @param aggregate all updates of the cohort together
     * @param reports one for each client asked, in the order of the cohort
     */
    record Collected(Aggregate aggregate, List<ClientReport> reports) {}

    /**
     * What a client found.
     *
     * @param scores exact, or noised where the client has example-level privacy
     * @param epsilon spent on its data set with this; empty without example-level privacy
     */
    record Evaluated(Evaluation scores, OptionalDouble epsilon) {}

    /** Sees clients finish. Called from several threads. */
    @FunctionalInterface
    interface ClientObserver {
        /** A client's part in the round is over. */
        void finished(ClientReport report);
    }
}
