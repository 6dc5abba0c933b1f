package dev.sotto.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.owner.Owner;
import dev.sotto.owner.desk.OwnerFile;
import dev.sotto.owner.request.Asked;
import dev.sotto.owner.request.Request;
import dev.sotto.owner.trial.MockData;
import dev.sotto.owner.trial.MockProgress;
import dev.sotto.owner.trial.MockRun;
import dev.sotto.owner.trial.MockWords;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** sotto request try. */
@Command(
        name = "try",
        mixinStandardHelpOptions = true,
        description = {
            "Train as a request asks, on mock data: how long it takes, how much memory, what would leave, and whether the"
                    + " model learns.",
            "Mock records are made up from what the request says the data must look like. None of your records is opened,"
                    + " nothing leaves, and nothing is spent."
        },
        footer = {
            "",
            "Examples:",
            "  sotto request try 3f9a1c20",
            "  sotto request try 3f9a1c20 --rounds 10 --examples 5000",
            "  sotto request try 3f9a1c20 --data node.yaml    # with its section 'mock'",
            "",
            "All of it is drawn from a seed: reproducible, and not private. There is nothing to",
            "protect."
        })
final class RequestTryCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private RequestChoice choice;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "3",
            description = "Rounds to train, at most those of the session. Default: ${DEFAULT-VALUE}")
    private int rounds;

    @Option(
            names = "--examples",
            paramLabel = "N",
            description = "Mock records to train on; by default as many as you have.")
    private Integer examples;

    @Option(
            names = "--data",
            paramLabel = "FILE",
            description =
                    "A node.yaml with a section 'mock': where your own mock data is. Its section 'data' is not read.")
    private Path data;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "What mock records, batches and noise are drawn from. Default: ${DEFAULT-VALUE}")
    private long seed;

    @Option(
            names = "--timeout",
            paramLabel = "TIME",
            defaultValue = "10m",
            description =
                    "How long to try, such as 90s or 2h; what was seen until then is shown. Default: ${DEFAULT-VALUE}")
    private Duration timeout = Duration.ZERO;

    @Override
    public Integer call() {
        OptionRange.atLeastOne("--rounds", rounds);
        if (timeout.isZero()) {
            throw new ConfigException("--timeout: it must be above 0, such as 90s, 10m or 2h");
        }
        Console console = Console.of(spec);
        try (Owner owner = choice.open()) {
            Request request = choice.in(owner);
            console.remark("trying request " + request.shortId() + " on mock data: none of your records is opened");
            MockProgress progress = new MockProgress(round -> console.remark(line(round)));
            Optional<MockRun.Outcome> outcome = progress.within(timeout, () -> train(owner, request, progress));
            show(console, request, outcome.isPresent(), outcome.or(progress::seen));
            if (outcome.isEmpty()) {
                throw new IllegalStateException(
                        "the mock run was stopped when its " + time(timeout) + " were up, " + progress.where()
                                + "; give it longer with --timeout, or less to do with --rounds or --examples");
            }
            return 0;
        }
    }

    /** All of it, so that all of it is bounded: what a package says decides how long each part takes. */
    private MockRun.Outcome train(Owner owner, Request request, MockProgress progress) {
        Asked asked = Asked.of(owner, request);
        MockRun run = MockRun.of(
                asked.terms(),
                request.clients(),
                owner.requests().basis(request).clientSettings(),
                mock(asked),
                seed);
        return run.run(asked.offered().seed(), Math.min(rounds, asked.rounds()), progress);
    }

    private void show(Console console, Request request, boolean whole, Optional<MockRun.Outcome> outcome) {
        if (choice.json()) {
            console.result(json(request, whole, outcome).toString());
        } else {
            outcome.ifPresent(seen -> console.result(WordsText.text(MockWords.of(seen))));
        }
    }

    private static String time(Duration limit) {
        return limit.toMillis() < 10_000
                ? Console.number(limit.toMillis() / 1e3, 3) + " seconds"
                : limit.toSeconds() < 120 ? limit.toSeconds() + " seconds" : limit.toMinutes() + " minutes";
    }

    private MockData mock(Asked asked) {
        if (data == null) {
            return MockData.generated(
                    asked.terms().contract(),
                    asked.offered().model(),
                    examples == null ? asked.examples() : examples,
                    seed);
        }
        OwnerFile file = OwnerFile.read(data);
        return MockData.of(
                file.mock()
                        .orElseThrow(() -> new ConfigException(file.name()
                                + ": mock: it is missing: where mock data is, with the keys of 'data'; or leave --data out"
                                + " to have it made up"))
                        .load(file.context()),
                asked.terms().contract(),
                Optional.ofNullable(examples));
    }

    private static String line(MockRun.Round round) {
        return "round " + round.number()
                + (round.accuracy().isPresent()
                        ? "  accuracy " + Console.percent(round.accuracy().getAsDouble())
                        : "")
                + "  loss " + Console.number(round.loss(), 4) + "  " + Console.duration(round.seconds());
    }

    private static ObjectNode json(Request request, boolean whole, Optional<MockRun.Outcome> outcome) {
        ObjectNode node = Answers.object().put("id", request.id());
        node.put("stopped", whole ? null : "timeout").put("private", false);
        ArrayNode rounds = node.putArray("rounds");
        outcome.ifPresent(seen -> put(node, rounds, seen));
        return node;
    }

    private static void put(ObjectNode node, ArrayNode rounds, MockRun.Outcome outcome) {
        for (MockRun.Round round : outcome.rounds()) {
            ObjectNode own = rounds.addObject().put("round", round.number()).put("seconds", round.seconds());
            put(own, "accuracy", round.accuracy());
            own.put("loss", round.loss());
            put(own, "epsilon", round.epsilon());
        }
        put(node, "accuracyBefore", outcome.before());
        node.put("mockData", outcome.origin())
                .put("examples", outcome.examples())
                .put("plannedRounds", outcome.planned())
                .put("secondsPerRound", outcome.secondsPerRound())
                .put("secondsInAll", outcome.secondsInAll())
                .put("peakMemory", outcome.peakMemory())
                .put("updateBytes", outcome.updateBytes())
                .put("updateNorm", outcome.updateNorm());
    }

    private static void put(ObjectNode node, String key, OptionalDouble value) {
        node.put(key, value.isPresent() ? (Double) value.getAsDouble() : null);
    }
}
