package dev.sotto.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.experiment.packaging.SessionDraft;
import dev.sotto.experiment.packaging.SessionPackage;
import dev.sotto.experiment.packaging.SigningKey;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.privacy.random.Randomness;
import dev.sotto.wire.v1.PackageDetail;
import dev.sotto.wire.v1.SessionDetail;
import dev.sotto.wire.v1.StartSessionRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** sotto session start. */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        description = {
            "Offer a training run to the connected nodes and run it.",
            "The coordinator signs the package; each node holds it against its owner's policy and budget before it accepts."
        },
        footer = {
            "",
            "Examples:",
            "  sotto session start experiment.yaml --min-clients 2 --watch",
            "  sotto session start package.zip --rounds 10 --round-timeout 180s",
            "  sotto session start experiment.yaml --set privacy.example-level.epsilon=1",
            "",
            "An experiment with a section 'contract' (what clients' data is like) in place of",
            "'data' needs no data here. Rounds and clients are part of what nodes agree to:",
            "with other numbers the package is signed anew.",
            "",
            "Exit status with --watch: 0 it is done, also when a budget ended it early; 3 a budget",
            "refused and nothing was released; 1 anything else."
        })
final class SessionStartCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private OperatorOptions operator;

    @Parameters(
            paramLabel = "EXPERIMENT.yaml|PACKAGE",
            description = "An experiment, a package file, or the SHA-256 of a package that the coordinator has.")
    private String what;

    @Option(
            names = "--set",
            paramLabel = "KEY.PATH=VALUE",
            description = "Change a setting of the experiment; may be given many times.")
    private List<String> settings = new ArrayList<>();

    @Option(names = "--name", paramLabel = "NAME", description = "What to call it; by default as the experiment.")
    private String name = "";

    @Option(names = "--rounds", paramLabel = "N", description = "Rounds; by default as the package says.")
    private int rounds;

    @Option(
            names = "--min-clients",
            paramLabel = "N",
            description =
                    "Clients without which it does not begin, and updates without which a round is not released; by "
                            + "default as the package says.")
    private int minClients;

    @Option(
            names = "--clients",
            paramLabel = "N",
            description = "Clients to wait for; by default as many as are needed.")
    private int clients;

    @Option(
            names = "--round-timeout",
            paramLabel = "TIME",
            description = "How long clients have in a round, such as 180s or 5m; by default 180s.")
    private Duration roundTimeout = Duration.ZERO;

    @Option(
            names = "--gather-timeout",
            paramLabel = "TIME",
            description = "How long to wait for clients; by default 10m.")
    private Duration gatherTimeout = Duration.ZERO;

    @Option(
            names = "--enough",
            paramLabel = "N",
            description = "Updates that close a round early, where more clients are asked than are needed.")
    private int enough;

    @Option(names = "--only", split = ",", paramLabel = "ID", description = "Ask these clients alone.")
    private List<String> only = new ArrayList<>();

    @Option(
            names = "--from-model",
            paramLabel = "SHA-256",
            description =
                    "Begin with this model of the coordinator's ('sotto model list'); the first 8 digits or more.")
    private String fromModel = "";

    @Option(
            names = "--test-data",
            paramLabel = "FILE.yaml",
            description =
                    "A file with a section 'data', such as an experiment: the coordinator evaluates each round's model on "
                            + "its test examples, which it must be able to load.")
    private Path testData;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Tests only: draw everything from a seed. Nodes must be started with --insecure-test-seed.")
    private Long seed;

    @Option(names = "--watch", description = "Stay and tell what happens until it is over.")
    private boolean watch;

    @Override
    public Integer call() throws IOException {
        Optional<ModelDigest> from =
                fromModel.isEmpty() ? Optional.empty() : Optional.of(ModelDigest.of("--from-model", fromModel));
        try (OperatorLink link = operator.connect()) {
            StartSessionRequest.Builder request = StartSessionRequest.newBuilder()
                    .setPackage(source(link))
                    .setName(name)
                    .setRounds(rounds)
                    .setMinClients(minClients)
                    .setClients(clients)
                    .setRoundSeconds(seconds(roundTimeout))
                    .setGatherSeconds(seconds(gatherTimeout))
                    .setEnough(enough)
                    .addAllOnly(only)
                    .setFromModel(from.isPresent() ? from.get().in(link) : ByteString.EMPTY);
            if (seed != null) {
                request.setSeed(seed);
            }
            if (testData != null) {
                request.setTestData(section(testData).toString());
            }
            SessionDetail session = link.ask(coordinator -> coordinator.startSession(request.build()));
            Console console = Console.of(spec);
            // Not what was uploaded: other rounds or clients, another model or name make another package.
            console.remark("package " + Answers.hex(session.getPackage()) + ": " + session.getName() + ", "
                    + session.getPlannedRounds() + " rounds; owners see this digest");
            if (watch) {
                console.remark("session " + session.getId());
                return new SessionFollower(link, console).follow(session.getId(), operator.json());
            }
            console.result(
                    operator.json()
                            ? Answers.session(session).toString()
                            : "session " + session.getId() + " is " + session.getState() + "; 'sotto session watch "
                                    + session.getId() + "' tells what happens");
            return 0;
        }
    }

    private static int seconds(Duration time) {
        return (int) Math.min(Integer.MAX_VALUE, (time.toMillis() + 999) / 1000);
    }

    /** The digest of the package, which the coordinator has afterwards. */
    private ByteString source(OperatorLink link) throws IOException {
        if (what.matches("[0-9a-f]{64}") && !Files.exists(Path.of(what))) {
            requireNoSettings("a package that the coordinator has");
            return ByteString.copyFrom(HexFormat.of().parseHex(what));
        }
        byte[] bytes = bytes(Path.of(what));
        PackageDetail taken =
                Uploads.send(link, bytes, answer -> link.asynchronous().uploadPackage(answer));
        return taken.getSha256();
    }

    private void requireNoSettings(String of) {
        if (!settings.isEmpty()) {
            throw new ConfigException("--set " + settings.get(0) + ": it changes an experiment, and this is " + of);
        }
    }

    private byte[] bytes(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new ConfigException(
                    file + ": there is no such file; give an experiment (.yaml), a package, or a package's SHA-256");
        }
        if (!file.toString().matches(".*\\.ya?ml")) {
            requireNoSettings("a package");
            return Files.readAllBytes(file);
        }
        ExperimentFile experiment = ExperimentFile.read(file).with(settings);
        SessionDraft draft = SessionDraft.of(
                experiment,
                experiment.context().withProgress(new DownloadProgress(Console.of(spec))),
                Math.max(1, Math.max(clients, minClients)));
        Randomness randomness = seed == null ? Randomness.secret() : Randomness.seeded(seed);
        // Signed by nobody in particular: what clients are offered is what the coordinator signs.
        return SessionPackage.create(draft, draft.initial(randomness), SigningKey.generate());
    }

    private static ObjectNode section(Path file) {
        if (ExperimentFile.read(file).tree().get("data") instanceof ObjectNode data) {
            return data;
        }
        throw new ConfigException(file + ": data: it is missing; give a file with a section data");
    }
}
