package dev.sotto.federation;

import dev.sotto.federation.clientlevel.ClientLevelPlan;
import dev.sotto.federation.clientlevel.ClientLevelPrivacy;
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
 * @param participation who is asked in a round, and how many a round needs
 * @param training how clients train
 * @param privacy example-level privacy inside the clients; empty for none
 * @param clientLevel client-level privacy across the federation; empty for none
 * @param evaluation when and by whom the model is evaluated
 */
public record Plan(
        String name,
        ModelSpec model,
        int rounds,
        Participation participation,
        TrainingSettings training,
        Optional<ExamplePrivacy> privacy,
        Optional<ClientLevelPrivacy> clientLevel,
        EvaluationPlan evaluation) {

    /** Checks the ranges; an {@link IllegalArgumentException} names the value and the range. */
    public Plan {
        Require.atLeast("rounds", rounds, 1);
        Require.atLeast("min-clients", participation.minClients(), clientLevel.isPresent() ? 0 : 1);
    }

    /** Whether anything is protected, at either level. */
    public boolean isPrivate() {
        return privacy.isPresent() || clientLevel.isPresent();
    }

    /** Client-level privacy worked out for that many clients. */
    public Optional<ClientLevelPlan> clientLevelPlan(int population) {
        return clientLevel.map(asked -> asked.plan(participation.cohort().sampling(population), rounds));
    }

    /** The same plan with nothing private. */
    public Plan withoutPrivacy() {
        return protecting(Optional.empty(), Optional.empty());
    }

    /** The same plan protecting examples at most. */
    public Plan withoutClientLevel() {
        return protecting(privacy, Optional.empty());
    }

    /** The same plan protecting clients at most. */
    public Plan withoutExampleLevel() {
        return protecting(Optional.empty(), clientLevel);
    }

    private Plan protecting(Optional<ExamplePrivacy> examples, Optional<ClientLevelPrivacy> clients) {
        Participation enough =
                clients.isPresent() ? participation : participation.needing(Math.max(1, participation.minClients()));
        return new Plan(name, model, rounds, enough, training, examples, clients, evaluation);
    }

    /** The same plan asking everyone, each round. */
    public Plan askingAll() {
        return new Plan(
                name, model, rounds, Participation.of(new Cohort.All()), training, privacy, clientLevel, evaluation);
    }
}
