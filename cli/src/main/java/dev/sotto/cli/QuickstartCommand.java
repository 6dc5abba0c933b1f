package dev.sotto.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.experiment.run.RunDirectory;
import dev.sotto.experiment.run.RunSummary;
import dev.sotto.formats.config.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** sotto quickstart. */
@Command(
        name = "quickstart",
        mixinStandardHelpOptions = true,
        description = {
            "A real federation on this machine: a coordinator and nodes as separate processes, over TLS, with ledgers.",
            "Each client's examples are protected by DP-Adam; the model is evaluated at the coordinator on test data."
        },
        footer = {
            "",
            "Examples:",
            "  sotto quickstart",
            "  sotto quickstart --clients 4 --rounds 10 --epsilon 5",
            "  sotto quickstart 2 2 2 3 256 256 0.01 1.0 1.2 3.0",
            "",
            "By position: clients, min-clients, fit-clients, rounds, batch, physical-batch, lr,",
            "noise-multiplier, max-grad-norm, epsilon. Everything is stopped at the end, and on Ctrl-C,",
            "which keeps nothing.",
            "",
            "Exit status: 0 done, also when a budget ended it early; 2 wrong usage; 3 a budget",
            "refused and nothing was released; 1 anything else."
        })
final class QuickstartCommand implements Callable<Integer> {
    private static final List<String> NAMES = List.of(
            "clients",
            "min-clients",
            "fit-clients",
            "rounds",
            "batch",
            "physical-batch",
            "lr",
            "noise-multiplier",
            "max-grad-norm",
            "epsilon");

    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..10", paramLabel = "VALUE", description = "The ten values by position; see below.")
    private List<String> positional = new ArrayList<>();

    @Option(names = "--clients", paramLabel = "N", description = "Nodes. Default: 2.")
    private String clients;

    @Option(
            names = "--min-clients",
            paramLabel = "N",
            description = "Clients without which nothing begins. Default: 2.")
    private String minClients;

    @Option(names = "--fit-clients", paramLabel = "N", description = "Clients asked in a round. Default: all.")
    private String fitClients;

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds. Default: 3.")
    private String rounds;

    @Option(names = "--batch", paramLabel = "N", description = "Examples in a step, on average. Default: 256.")
    private String batch;

    @Option(
            names = "--physical-batch",
            paramLabel = "N",
            description = "Examples computed at once. Default: 256, or the batch.")
    private String physicalBatch;

    @Option(names = "--lr", paramLabel = "RATE", description = "Adam's learning rate. Default: 0.01.")
    private String rate;

    @Option(names = "--noise-multiplier", paramLabel = "SIGMA", description = "Noise over clipping norm. Default: 1.0.")
    private String noiseMultiplier;

    @Option(
            names = "--max-grad-norm",
            paramLabel = "NORM",
            description = "L2 norm that each example's gradient is clipped to. Default: 1.2.")
    private String maxGradNorm;

    @Option(
            names = "--epsilon",
            paramLabel = "EPSILON",
            description = "The most that each client's examples cost: no round passes it. Default: 3.0.")
    private String epsilon;

    @Option(
            names = "--data",
            paramLabel = "NAME",
            description = "cifar10, or generated images; by default CIFAR-10 if it is on this machine, else generated.")
    private String data;

    @Option(names = "--examples", paramLabel = "N", description = "Generated images in all; by default 50,000.")
    private Integer examples;

    @Option(names = "--out", paramLabel = "DIR", description = "Where to write; by default runs/quickstart-TIME.")
    private Path out;

    @Option(names = "--json", description = "Print exactly one JSON object on standard output.")
    private boolean json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Console console = Console.of(spec);
        QuickstartSettings settings = settings();
        QuickstartData given =
                QuickstartData.choose(Optional.ofNullable(data), Optional.ofNullable(examples), settings.proportions());
        Path into = out == null
                ? Path.of(
                        "runs",
                        "quickstart-"
                                + LocalDateTime.now(ZoneId.systemDefault())
                                        .format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss")))
                : out;
        QuickstartRun.Outcome outcome;
        Interruption interruption = new Interruption(console, () -> Interruption.QUICKSTART);
        try (interruption;
                QuickstartRun run = new QuickstartRun(settings, given, console)) {
            outcome = run.toTheEnd(into);
        }
        RunDirectory directory = RunDirectory.open(into);
        RunSummary summary = directory.read().result().orElseThrow();
        Map<String, OptionalDouble> pld =
                Pld.ofClients(directory.read().privacy().orElseThrow());
        console.result(json ? object(summary, pld).toString() : text(summary, pld, into));
        if (outcome.status() != 0) {
            summary.reason().ifPresent(reason -> console.remark("sotto: " + reason));
        }
        return outcome.status();
    }

    private QuickstartSettings settings() {
        List<String> named = new ArrayList<>();
        named.add(clients);
        named.add(minClients);
        named.add(fitClients);
        named.add(rounds);
        named.add(batch);
        named.add(physicalBatch);
        named.add(rate);
        named.add(noiseMultiplier);
        named.add(maxGradNorm);
        named.add(epsilon);
        if (positional.size() > NAMES.size()) {
            throw new ConfigException("value " + positional.get(NAMES.size())
                    + ": it is one too many; by position there" + " are ten: " + String.join(", ", NAMES));
        }
        for (int i = 0; i < positional.size(); i++) {
            if (named.get(i) != null) {
                throw new ConfigException("--" + NAMES.get(i) + " " + named.get(i)
                        + ": it is given by position too, as " + positional.get(i));
            }
            named.set(i, positional.get(i));
        }
        int all = whole(named, 0, 2);
        int least = whole(named, 1, Math.min(2, all));
        int size = whole(named, 4, 256);
        return new QuickstartSettings(
                all,
                least,
                whole(named, 2, all),
                whole(named, 3, 3),
                size,
                whole(named, 5, Math.min(256, size)),
                number(named, 6, 0.01),
                number(named, 7, 1.0),
                number(named, 8, 1.2),
                number(named, 9, 3.0));
    }

    private static int whole(List<String> given, int at, int otherwise) {
        try {
            return given.get(at) == null ? otherwise : Integer.parseInt(given.get(at));
        } catch (NumberFormatException e) {
            throw new ConfigException("--" + NAMES.get(at) + " " + given.get(at) + ": it is not a whole number");
        }
    }

    private static double number(List<String> given, int at, double otherwise) {
        try {
            return given.get(at) == null ? otherwise : Double.parseDouble(given.get(at));
        } catch (NumberFormatException e) {
            throw new ConfigException("--" + NAMES.get(at) + " " + given.get(at) + ": it is not a number");
        }
    }

    private static ObjectNode object(RunSummary summary, Map<String, OptionalDouble> pld) {
        ObjectNode node = summary.json();
        node.path("clients").forEach(client -> {
            OptionalDouble tighter = pld.getOrDefault(client.path("id").asText(), OptionalDouble.empty());
            ((ObjectNode) client).put("epsilonPld", tighter.isPresent() ? (Double) tighter.getAsDouble() : null);
        });
        return node;
    }

    private static String text(RunSummary summary, Map<String, OptionalDouble> pld, Path into) {
        StringBuilder text = new StringBuilder(RunText.after(summary, into));
        text.append("\n\nthe same rounds by loss distributions (PLD), which bound tighter:");
        summary.clients().forEach(client -> text.append("\n  ")
                .append(client.id())
                .append("  epsilon ")
                .append(Console.epsilon(
                        pld.getOrDefault(client.id(), OptionalDouble.empty()).orElse(Double.NaN))));
        return text.toString();
    }
}
