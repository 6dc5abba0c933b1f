package dev.sotto.federation;

import dev.sotto.federation.clientlevel.ClientLevelPlan;
import dev.sotto.federation.clientlevel.ClientLevelPrivacy;
import dev.sotto.federation.clientlevel.ClientSampling;
import dev.sotto.learning.Loss;
import dev.sotto.learning.ModelSpec;
import dev.sotto.learning.TrainingSettings;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.Require;
import dev.sotto.privacy.Schedule;
import dev.sotto.privacy.event.NoOp;
import dev.sotto.privacy.ledger.Budget;
import java.util.Collection;
import java.util.Optional;

/**
 * A run as one immutable value: what every client and the federation derive their part from.
 *
 * @param name what people call the run
 * @param model what is trained
 * @param rounds how many at most; at least 1
 * @param participation who is asked in a round, and how many a round needs
 * @param training how clients train, round by round
 * @param privacy example-level privacy inside the clients; empty for none
 * @param clientLevel client-level privacy across the federation; empty for none
 * @param evaluation when and by whom the model is evaluated
 */
public record Plan(
        String name,
        ModelSpec model,
        int rounds,
        Participation participation,
        TrainingSchedule training,
        Optional<ExamplePrivacy> privacy,
        Optional<ClientLevelPrivacy> clientLevel,
        EvaluationPlan evaluation) {

    /** Checks the ranges; an {@link IllegalArgumentException} names the value and the range. */
    public Plan {
        Require.atLeast("rounds", rounds, 1);
        Require.atLeast("min-clients", participation.minClients(), clientLevel.isPresent() ? 0 : 1);
    }

    /** Training alike in all rounds. */
    public Plan(
            String name,
            ModelSpec model,
            int rounds,
            Participation participation,
            TrainingSettings training,
            Optional<ExamplePrivacy> privacy,
            Optional<ClientLevelPrivacy> clientLevel,
            EvaluationPlan evaluation) {
        this(name, model, rounds, participation, TrainingSchedule.of(training), privacy, clientLevel, evaluation);
    }

    /** Whether anything is protected, at either level. */
    public boolean isPrivate() {
        return privacy.isPresent() || clientLevel.isPresent();
    }

    /** Client-level privacy worked out for that many clients. */
    public Optional<ClientLevelPlan> clientLevelPlan(int population) {
        return clientLevel.map(asked -> asked.plan(
                participation.cohort().sampling(population),
                rounds,
                participation.minClients(),
                clientAccuracy(population).map(ClientAccuracy::plannedEvent).orElseGet(NoOp::new)));
    }

    /** Example-level privacy worked out for a client with that many examples. */
    public Optional<ClientPrivacy> clientPrivacy(int examples) {
        return privacy.map(asked -> asked.forClient(examples, training, rounds, evaluation));
    }

    /** How clients' accuracy is released under client-level privacy; empty if it is withheld or nobody evaluates. */
    Optional<ClientAccuracy> clientAccuracy(int population) {
        if (clientLevel.isEmpty() || evaluation.fraction() == 0) {
            return Optional.empty();
        }
        ClientLevelPrivacy asked = clientLevel.get();
        return evaluation.privateMetrics().map(metrics -> {
            ClientSampling training = participation.cohort().sampling(population);
            Cohort evaluators = evaluation.evaluators(participation.cohort(), population);
            ClientSampling drawn = evaluators.sampling(population);
            // The relation suits how those who train are drawn; where that hides nobody, no other draw is counted on.
            ClientSampling sampling =
                    training.amplifies() ? drawn : new ClientSampling.Known(population, drawn.expectedClients());
            AccuracyRelease release = metrics.release(
                    asked.relation(training), evaluation.evaluations(rounds), asked.accountant(), asked.delta());
            ClientAccuracy accuracy = new ClientAccuracy(evaluators, sampling, release);
            if (asked.noiseMultiplier().isEmpty()) {
                metrics.requireWithin(
                        asked.epsilon().orElseThrow(), accuracy.plannedEvent(), asked.accountant(), asked.delta());
            }
            return accuracy;
        });
    }

    /**
     * Checks that a strategy can be used under this plan.
     *
     * @param clients in the federation
     * @throws IllegalArgumentException with the strategy, the reason and what to do
     */
    public void requireFits(Strategy strategy, int clients) {
        requireMetrics();
        String name = "strategy " + strategy.name();
        boolean countsPrivate = privacy.map(own -> own.relation() == NeighbouringRelation.ADD_OR_REMOVE_ONE)
                .orElse(false);
        if (countsPrivate && strategy.usesExampleCounts()) {
            throw new IllegalArgumentException(
                    name + ": weights by examples would reveal their number, which is private "
                            + "under add-or-remove-one; weigh clients uniformly");
        }
        if (privacy.isPresent() && strategy.method().exposesExamples()) {
            throw new IllegalArgumentException(name + " cannot be used with example-level privacy: clients would send "
                    + "their loss, which no noise protects");
        }
        for (TrainingSettings phase : training.phases()) {
            strategy.method().misfit(phase).ifPresent(reason -> {
                throw new IllegalArgumentException(name + ": " + reason);
            });
        }
        clientLevel.ifPresent(
                asked -> requireBounded(strategy, name, asked.maxWeight().isPresent()));
        requireForgetful(strategy, name, clients);
        int most = participation.cohort().most(clients);
        if (most < strategy.leastUpdates()) {
            throw new IllegalArgumentException(name + " needs " + strategy.leastUpdates()
                    + " updates a round, but at most " + most + " clients are asked");
        }
    }

    private void requireMetrics() {
        if (evaluation.privateMetrics().isEmpty() || !isPrivate()) {
            return;
        }
        if (model.loss() != Loss.CROSS_ENTROPY) {
            throw new IllegalArgumentException(
                    "evaluation.private-metrics: what is released is an accuracy, and this model predicts no classes");
        }
        if (clientLevel.map(asked -> asked.noise().atClients()).orElse(false)) {
            throw new IllegalArgumentException(
                    "evaluation.private-metrics: the coordinator would see exact scores, and "
                            + "with noise at the clients it is not trusted; evaluate on central test data");
        }
        if (privacy.isPresent() && clientLevel.isPresent()) {
            throw new IllegalArgumentException(
                    "evaluation.private-metrics: it goes with one level of privacy; with both, "
                            + "evaluate on central test data");
        }
    }

    private static void requireBounded(Strategy strategy, String name, boolean capped) {
        strategy.unbounded().ifPresent(reason -> {
            throw new IllegalArgumentException(name + " cannot be used with client-level privacy: " + reason);
        });
        if (strategy.usesExampleCounts() != capped) {
            throw new IllegalArgumentException(
                    capped
                            ? name
                                    + ": privacy.client-level.max-weight caps weights by examples, but all clients weigh the"
                                    + " same; set server.weighting to examples, or leave max-weight out"
                            : name + ": weights by examples are not bounded under client-level privacy; weigh clients"
                                    + " uniformly, or set privacy.client-level.max-weight");
        }
        if (!(strategy instanceof MeanStrategy)) {
            throw new IllegalArgumentException(
                    name + " cannot be used with client-level privacy: it needs more than the mean of the updates");
        }
    }

    /**
     * In a sample of fixed size one client takes another's place. If it remembers that, what it sends in later rounds tells that
     * the other was not drawn, and round by round the draws come out that the guarantee counts on. Where each client is drawn by
     * itself, others' draws say nothing of its own.
     */
    private boolean displaces(int clients) {
        return rounds > 1
                && clientLevel.isPresent()
                && !clientLevel.get().noise().atClients()
                && participation.cohort().sampling(clients) instanceof ClientSampling.FixedSize drawn
                && drawn.amplifies();
    }

    private void requireForgetful(Strategy strategy, String name, int clients) {
        if (!displaces(clients)) {
            return;
        }
        if (strategy.method().remembers()) {
            throw new IllegalArgumentException(
                    name + " cannot be used with client-level privacy and cohort.size or fraction:"
                            + " its clients remember in which rounds they were drawn in another's place, and what they send tells;"
                            + " use cohort.rate, or ask everyone or by turns");
        }
        privacy.ifPresent(examples -> {
            requireConstant("noise-schedule", examples.noiseSchedule());
            requireConstant("clipping-schedule", examples.clippingSchedule());
        });
    }

    private static void requireConstant(String key, Schedule schedule) {
        if (!schedule.isConstant()) {
            throw new IllegalArgumentException("privacy.example-level." + key
                    + ": it follows the steps that a client itself has taken, and with privacy.client-level and cohort.size or"
                    + " fraction that tells in which rounds the client was drawn in another's place; leave it constant, use"
                    + " cohort.rate, or ask everyone or by turns");
        }
    }

    /** The same for all clients' ledgers. What is calibrated covers all rounds, so only given noise under a limit may not. */
    void requireForgetful(Collection<ClientProfile> clients) {
        boolean limited = privacy.filter(ExamplePrivacy::hardLimit)
                .filter(own ->
                        own.epsilon().isPresent() && own.noiseMultiplier().isPresent())
                .isPresent();
        if (limited && displaces(clients.size())) {
            clients.stream().mapToInt(ClientProfile::examples).distinct().forEach(examples -> {
                ClientPrivacy own = clientPrivacy(examples).orElseThrow();
                requireForgetful(own, own.budget(), clients.size());
            });
        }
    }

    /**
     * Checks that a client's ledger remembers nothing that may not be told: one that is full before the last round says how
     * often its client was drawn.
     *
     * @param own of the client
     * @param budget that its ledger enforces
     * @param clients in the federation
     * @throws IllegalArgumentException if the budget does not cover all rounds, and who is drawn for whom is a secret
     */
    public void requireForgetful(ClientPrivacy own, Budget budget, int clients) {
        if (displaces(clients) && !own.covers(rounds, budget)) {
            throw new IllegalArgumentException("privacy.example-level: a client's budget of epsilon "
                    + budget.epsilon().orElseThrow() + " does not cover all " + rounds + " rounds, and with"
                    + " privacy.client-level and cohort.size or fraction a full ledger tells in how many rounds its client was"
                    + " drawn in another's place; give epsilon without noise-multiplier, and for no fewer rounds, a larger"
                    + " epsilon or hard-limit: false, or use cohort.rate");
        }
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

    /** The same plan with the clients' learning rates multiplied. */
    public Plan withRatesTimes(double factor) {
        return new Plan(
                name, model, rounds, participation, training.withRatesTimes(factor), privacy, clientLevel, evaluation);
    }

    /** The same plan asking everyone, each round. */
    public Plan askingAll() {
        return new Plan(
                name, model, rounds, Participation.of(new Cohort.All()), training, privacy, clientLevel, evaluation);
    }
}
