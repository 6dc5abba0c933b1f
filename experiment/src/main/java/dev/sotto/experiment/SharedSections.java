package dev.sotto.experiment;

import dev.sotto.federation.ExamplePrivacy;
import dev.sotto.federation.Participation;
import dev.sotto.federation.Plan;
import dev.sotto.federation.Strategy;
import dev.sotto.federation.TrainingSchedule;
import dev.sotto.formats.config.Section;
import dev.sotto.learning.Engine;
import dev.sotto.learning.ModelCodec;
import dev.sotto.learning.ModelSpec;
import dev.sotto.learning.TrainingSettings;
import dev.sotto.privacy.NeighbouringRelation;
import java.util.Optional;

/**
 * What an experiment and the terms of a session have in common: everything but data, seed and what is simulated. Read first,
 * then worked out for data and a number of clients.
 */
final class SharedSections {
    /** Each has a place in lists that clients make before they have agreed to anything. */
    private static final int MOST_ROUNDS = 100_000;

    private final Section top;
    private final String name;
    private final int rounds;
    private final Section cohort;
    private final TrainingSchedule training;
    private final PrivacySettings privacy;
    private final Strategy strategy;
    private final EvaluationReader evaluation;
    private final Engine engine;

    private SharedSections(Section top, String name) {
        this.top = top;
        this.name = name;
        top.has("model");
        rounds = top.integer("rounds", 10, 1, MOST_ROUNDS);
        cohort = top.section("cohort");
        boolean examplePrivate =
                top.isSection("privacy") && top.section("privacy").has("example-level");
        training = TrainingReader.read(top.section("client"), examplePrivate);
        privacy = PrivacySettings.read(top.section("privacy"), training.first().batchSize());
        strategy = ServerReader.read(
                top.section("server"),
                privacy.clientLevel().map(own -> !own.capsWeights()),
                training.first().optimizer().learningRate());
        evaluation = EvaluationReader.read(
                top.section("evaluation"), privacy.clientLevel().isPresent());
        engine = Engine.named(top.text("engine", "jvm"));
    }

    /**
     * Reads all that does not depend on data or on how many clients there are. The caller reads its own keys of the section
     * and ends it.
     */
    static SharedSections read(Section top, String name) {
        return new SharedSections(top, name);
    }

    Strategy strategy() {
        return strategy;
    }

    Engine engine() {
        return engine;
    }

    /** Share of its examples that each client holds out. */
    double validationFraction() {
        return evaluation.validationFraction();
    }

    /** Whom a round of simulated clients asks. */
    Participation simulated(int clients) {
        return CohortReader.read(cohort, clients, leastUpdates());
    }

    /** Whom a round asks of clients that are there, and answer when they answer. */
    Participation real(int clients) {
        return CohortReader.readReal(cohort, clients, leastUpdates());
    }

    private int leastUpdates() {
        return privacy.clientLevel().map(ClientLevelSettings::leastClients).orElse(1);
    }

    /** Refuses batches that a client cannot fill. */
    void requireBatches(String client, int examples) {
        misfit(training, client, examples).ifPresent(reason -> {
            throw top.error(reason);
        });
    }

    /** Why a client with so few examples cannot train like that. */
    static Optional<String> misfit(TrainingSchedule training, String client, int examples) {
        return training.phases().stream()
                .map(TrainingSettings::batchSize)
                .filter(size -> size > examples)
                .findFirst()
                .map(size -> "client.batch-size: " + size + " is more than the " + examples + " training examples of "
                        + client + "; it must be at most that");
    }

    /** The model, for data of that kind. */
    ModelSpec model(DataContract data) {
        ModelSpec model = ModelCodec.read(
                top,
                data.features(),
                data.outputs(),
                data.loss(),
                data.features().rank() == 3 ? "mnist-cnn" : "logistic");
        if (model.outputs() != data.outputs()) {
            throw top.error("model: " + model.name() + " has " + model.outputs() + " outputs, but the data has "
                    + data.outputs() + (data.hasClasses() ? " classes" : " target values"));
        }
        if (model.loss() != data.loss()) {
            throw top.error("model.loss: " + model.loss().label() + " does not fit data with "
                    + (data.hasClasses() ? "classes" : "values") + "; use "
                    + data.loss().label());
        }
        return model;
    }

    /** The whole plan. What does not fit is refused before anything runs. */
    Plan plan(ModelSpec model, Participation participation, int clients) {
        int layers = model.layout().groups();
        Optional<ExamplePrivacy> examplePrivacy = privacy.exampleLevel().map(settings -> settings.apply(layers));
        examplePrivacy.ifPresent(this::requireDeclared);
        Plan plan = new Plan(
                name,
                model,
                rounds,
                participation,
                training,
                examplePrivacy,
                privacy.clientLevel().map(settings -> settings.privacy(clients, layers)),
                evaluation.plan());
        plan.requireFits(strategy, clients);
        plan.clientLevelPlan(clients);
        top.resolve("model", ModelCodec.write(model));
        return plan;
    }

    /** Under add-or-remove-one the number of examples is private, so nothing that others see may be worked out from it. */
    private void requireDeclared(ExamplePrivacy own) {
        if (own.relation() != NeighbouringRelation.ADD_OR_REMOVE_ONE) {
            return;
        }
        if (training.phases().stream().anyMatch(phase -> phase.steps() == 0)) {
            throw top.error("client.steps: it must be set under add-or-remove-one: steps worked out from epochs would "
                    + "reveal the number of examples");
        }
        if (strategy.usesExampleCounts()) {
            throw top.error(
                    "server.weighting: it must be uniform under add-or-remove-one: weights would reveal the number "
                            + "of examples");
        }
        if (evaluation.validationFraction() > 0) {
            throw top.error("evaluation.validation-fraction: " + SetAside.REASON);
        }
    }
}
