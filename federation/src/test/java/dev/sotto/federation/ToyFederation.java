package dev.sotto.federation;

import dev.sotto.data.Examples;
import dev.sotto.federation.strategy.FedAvg;
import dev.sotto.learning.Engine;
import dev.sotto.privacy.ledger.InMemoryLedger;
import dev.sotto.privacy.random.Randomness;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Federations of a few clients who hold clouds of points, one after the other in this thread. */
final class ToyFederation {
    static final double DELTA = 1e-3;

    private ToyFederation() {}

    static Plan plan(int rounds, Optional<ExamplePrivacy> privacy) {
        return plan(rounds, privacy, EvaluationPlan.every(1));
    }

    static Plan plan(int rounds, Optional<ExamplePrivacy> privacy, EvaluationPlan evaluation) {
        return new Plan(
                "toy",
                Toys.MODEL,
                rounds,
                Participation.of(new Cohort.All()),
                Toys.TRAINING,
                privacy,
                Optional.empty(),
                evaluation);
    }

    static Plan with(Plan plan, Cohort cohort, int minClients) {
        return new Plan(
                plan.name(),
                plan.model(),
                plan.rounds(),
                new Participation(cohort, minClients, 0),
                plan.training(),
                plan.privacy(),
                plan.clientLevel(),
                plan.evaluation());
    }

    /** Client k has 200 + 100 k examples and holds out 50 more. */
    static List<Client> clients(int count, Plan plan, ClientTrainer trainer) {
        List<Client> clients = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            Examples examples = Toys.clouds(200 + 100 * k, k);
            Optional<ClientPrivacy> privacy =
                    plan.privacy().map(asked -> asked.forClient(examples.size(), plan.training(), plan.rounds()));
            InMemoryLedger ledger =
                    new InMemoryLedger(privacy.map(own -> Map.of("client-" + examples.size(), own.budget()))
                            .orElse(Map.of()));
            clients.add(new Client(
                    "client-" + examples.size(),
                    examples,
                    Optional.of(Toys.clouds(50, 100 + k)),
                    plan.training(),
                    privacy,
                    ledger,
                    Randomness.seeded(5),
                    trainer));
        }
        return clients;
    }

    static RunResult run(Plan plan, List<Client> clients, RunListener listener) {
        try (TestData test = new TestData(Toys.clouds(300, 99), Engine.named("jvm"), Toys.MODEL, List.of(), 1)) {
            return new Federation(
                            plan,
                            new FedAvg(true, 1),
                            new OneByOneFleet(clients),
                            Optional.of(test),
                            Randomness.seeded(6),
                            listener)
                    .run(Toys.zeros());
        }
    }

    static RunResult run(Plan plan, List<Client> clients) {
        return run(plan, clients, new RunListener() {});
    }
}
