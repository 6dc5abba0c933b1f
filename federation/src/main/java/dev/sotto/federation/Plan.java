package dev.sotto.federation;

import dev.sotto.learning.ModelSpec;
import dev.sotto.learning.TrainingSettings;
import dev.sotto.privacy.Require;
import java.util.Optional;

/**
 * A run as one immutable value: what every client and the federation derive their part from.
 *
 * @param name what people call the run
 * @param model what is trained
 * @param rounds how many at most; at least 1
 * @param cohort who is asked in a round
 * @param minClients updates that a round needs to be released; at least 1
 * @param training how clients train
 * @param privacy example-level privacy inside the clients; empty for none
 * @param evaluateEvery the model is evaluated after every so many rounds, and after the last
 * @param evaluateClients share of the clients that evaluate on what they held out, in rounds that are evaluated
 */
public record Plan(
        String name,
        ModelSpec model,
        int rounds,
        Cohort cohort,
        int minClients,
        TrainingSettings training,
        Optional<ExamplePrivacy> privacy,
        int evaluateEvery,
        double evaluateClients) {

    /** Checks the ranges; an {@link IllegalArgumentException} names the value and the range. */
    public Plan {
        Require.atLeast("rounds", rounds, 1);
        Require.atLeast("min-clients", minClients, 1);
        Require.atLeast("evaluate-every", evaluateEvery, 1);
        Require.probability("share of evaluating clients", evaluateClients);
        if (cohort instanceof Cohort.FixedSize fixed && fixed.clients() < minClients) {
            throw new IllegalArgumentException("min-clients is " + minClients + ", but a round asks only "
                    + fixed.clients() + " clients; it must be at most that");
        }
    }

    /** The same plan with nothing private. */
    public Plan withoutPrivacy() {
        return new Plan(
                name, model, rounds, cohort, minClients, training, Optional.empty(), evaluateEvery, evaluateClients);
    }

    /** The same plan asking everyone, each round. */
    public Plan askingAll() {
        return new Plan(name, model, rounds, new Cohort.All(), 1, training, privacy, evaluateEvery, evaluateClients);
    }
}
