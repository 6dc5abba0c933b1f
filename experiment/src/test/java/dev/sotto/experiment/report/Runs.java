package dev.sotto.experiment.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.experiment.run.ClientGuarantee;
import dev.sotto.experiment.run.ClientLine;
import dev.sotto.experiment.run.DataSplit;
import dev.sotto.experiment.run.DataSplit.Share;
import dev.sotto.experiment.run.Mechanism;
import dev.sotto.experiment.run.PrivacyStatement;
import dev.sotto.experiment.run.Provenance;
import dev.sotto.experiment.run.RecordedRun;
import dev.sotto.experiment.run.RoundLine;
import dev.sotto.experiment.run.RunSummary;
import dev.sotto.experiment.run.RunSummary.ClientResult;
import dev.sotto.experiment.run.RunSummary.Guarantee;
import dev.sotto.experiment.run.UnitGuarantee;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;

/** Runs as their directories would tell them, for reports to be made of. */
final class Runs {
    private static final List<String> DIGITS = List.of("0", "1", "2", "3", "4", "5", "6", "7", "8", "9");

    private static final UnitGuarantee EXAMPLES = new UnitGuarantee(
            "example",
            "zero-out",
            OptionalDouble.of(2.9961),
            1e-5,
            Optional.of("rdp"),
            "the maximum over the clients",
            "Noise is rounded to a grid.",
            Optional.empty());

    private Runs() {}

    /** Clients with unequal data, without privacy: accuracy, held-out data, a further metric, class counts. */
    static RecordedRun open(String name, int clients, int rounds) {
        return run(name, clients, rounds, false);
    }

    /** Clients with budgets of epsilon 3, some of which refuse the last round. */
    static RecordedRun secret(String name, int clients, int rounds) {
        return run(name, clients, rounds, true);
    }

    /** One that was killed after two rounds. */
    static RecordedRun unfinished() {
        RecordedRun whole = open("cut short", 3, 2);
        return new RecordedRun(whole.experiment(), whole.history(), Optional.empty(), Optional.empty());
    }

    private static RecordedRun run(String name, int clients, int rounds, boolean secret) {
        Random random = new Random(5);
        List<Share> shares = new ArrayList<>();
        for (int i = 0; i < clients; i++) {
            List<Integer> counts = new ArrayList<>();
            for (int k = 0; k < DIGITS.size(); k++) {
                counts.add((int) Math.round(900 * Math.pow(random.nextDouble(), 3)));
            }
            int examples = counts.stream().mapToInt(Integer::intValue).sum();
            shares.add(new Share("client-" + i, OptionalInt.of(examples), secret ? List.of() : counts));
        }
        List<RoundLine> history = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            history.add(round(round, rounds, shares, secret, random));
        }
        PrivacyStatement statement = secret ? statement(shares) : PrivacyStatement.none(provenance());
        DataSplit split =
                new DataSplit("mnist", "IDX files", OptionalInt.of(10_000), secret ? List.of() : DIGITS, shares);
        return new RecordedRun(
                experiment(name), history, Optional.of(statement), Optional.of(result(name, history, split, secret)));
    }

    private static RoundLine round(int round, int rounds, List<Share> shares, boolean secret, Random random) {
        double progress = 1 - Math.exp(-4.0 * round / rounds);
        List<ClientLine> clients = new ArrayList<>();
        for (int i = 0; i < shares.size(); i++) {
            boolean refuses = secret && round == rounds && i % 4 == 3;
            double spent = 1.2 + (1.4 + 0.4 * i / shares.size()) * Math.sqrt((double) round / rounds);
            clients.add(new ClientLine(
                    shares.get(i).client(),
                    shares.get(i).examples(),
                    refuses ? 0 : 20,
                    refuses ? OptionalDouble.empty() : OptionalDouble.of(6 - 4 * progress + random.nextDouble()),
                    secret ? OptionalDouble.of(spent) : OptionalDouble.empty(),
                    refuses ? Optional.of("budget") : Optional.empty(),
                    refuses ? Optional.of("would spend 3.04 of 3") : Optional.empty(),
                    secret ? Map.of() : Map.of("trainingLoss", 2.3 * (1 - progress) + 0.1 * random.nextDouble())));
        }
        boolean measured = round % 2 == 0 || round == rounds;
        OptionalDouble accuracy = OptionalDouble.of(0.1 + 0.88 * progress + 0.01 * random.nextDouble());
        return new RoundLine(
                round,
                true,
                measured ? accuracy : OptionalDouble.empty(),
                measured ? OptionalDouble.of(2.3 * (1 - progress) + 0.06) : OptionalDouble.empty(),
                measured && !secret ? Map.of("macro F1", 0.95 * progress) : Map.of(),
                secret ? OptionalDouble.empty() : OptionalDouble.of(0.1 + 0.85 * progress),
                secret ? OptionalDouble.empty() : OptionalDouble.of(2.3 * (1 - progress) + 0.1),
                OptionalDouble.empty(),
                secret ? clients.get(clients.size() - 1).epsilon() : OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                OptionalLong.of(clients.size()),
                OptionalDouble.of(1.7),
                clients);
    }

    private static PrivacyStatement statement(List<Share> shares) {
        List<ClientGuarantee> guarantees = new ArrayList<>();
        for (Share share : shares) {
            Mechanism mechanism =
                    new Mechanism(1.21, "flat", 1, "example", "constant", "constant", 512, 0.0512, OptionalInt.of(20));
            guarantees.add(new ClientGuarantee(
                    share.client(),
                    OptionalDouble.of(2.9961),
                    1e-5,
                    OptionalDouble.of(3),
                    true,
                    OptionalDouble.empty(),
                    "rdp",
                    OptionalDouble.of(6.1),
                    "",
                    mechanism,
                    100,
                    120,
                    JsonNodeFactory.instance.objectNode()));
        }
        return new PrivacyStatement(
                List.of(EXAMPLES),
                guarantees,
                Optional.empty(),
                List.of(
                        "Each example is with one client only and stays there.",
                        "Batches are drawn by Poisson sampling."),
                List.of("Tuning is not accounted.", "Test data are taken as public."),
                provenance());
    }

    private static Provenance provenance() {
        return new Provenance("0.1.0", "jvm", "vector, 16 lanes", "17.0.1 (a VM)", "Linux amd64", OptionalLong.empty());
    }

    private static RunSummary result(String name, List<RoundLine> history, DataSplit split, boolean secret) {
        RoundLine last = history.get(history.size() - 1);
        List<ClientResult> clients = split.clients().stream()
                .map(share -> new ClientResult(
                        share.client(),
                        share.examples(),
                        OptionalInt.of(20 * history.size()),
                        secret ? OptionalDouble.of(2.9961) : OptionalDouble.empty(),
                        secret ? OptionalDouble.of(1e-5) : OptionalDouble.empty()))
                .toList();
        Guarantee guarantee = new Guarantee(
                secret ? "example" : "none",
                secret ? OptionalDouble.of(2.9961) : OptionalDouble.empty(),
                secret ? OptionalDouble.of(1e-5) : OptionalDouble.empty(),
                secret ? Optional.of("rdp") : Optional.empty(),
                secret ? Optional.of("zero-out") : Optional.empty(),
                secret,
                false,
                OptionalDouble.empty(),
                secret
                        ? List.of(new RunSummary.Level(
                                "example", EXAMPLES.epsilon(), 1e-5, EXAMPLES.accountant(), EXAMPLES.relation()))
                        : List.of());
        return new RunSummary(
                name,
                history.size(),
                history.size() + (secret ? 5 : 0),
                last.accuracy(),
                last.loss(),
                secret ? Optional.of("budget") : Optional.empty(),
                Optional.empty(),
                clients,
                guarantee,
                java.util.Optional.of("model.safetensors"),
                26_010,
                192.4,
                split);
    }

    private static ObjectNode experiment(String name) {
        ObjectNode experiment =
                JsonNodeFactory.instance.objectNode().put("name", name).put("rounds", 40);
        experiment
                .putObject("model")
                .put("name", "mnist-cnn")
                .putArray("layers")
                .add("relu");
        experiment.putObject("client").put("batch-size", 512).put("epochs", 1);
        return experiment;
    }
}
