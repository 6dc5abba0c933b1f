package dev.sotto.cli;

import dev.sotto.coordinator.Coordinator;
import dev.sotto.coordinator.CoordinatorHome;
import dev.sotto.formats.config.ConfigException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** sotto coordinator start. */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        description = {
            "Run a coordinator until it is told to stop. It says where it listens, on standard output, once it does.",
            "Sessions that an earlier process left go on from their last committed round."
        },
        footer = {
            "",
            "Examples:",
            "  sotto coordinator start",
            "  sotto coordinator start --home /var/lib/sotto/coordinator --log json",
            "",
            "On SIGTERM and Ctrl-C it begins no round, gives the one that is on --grace to end, and leaves.",
            "Probes on loopback: /healthz, /readyz, /metrics (Prometheus)."
        })
final class CoordinatorStartCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--home", paramLabel = "DIR", description = "The coordinator's folder; by default coordinator.")
    private Path home = CoordinatorHome.DEFAULT;

    @Option(names = "--probes", paramLabel = "PORT", description = "Port of the probes; by default 9464, 0 for any.")
    private int probes = Coordinator.Options.PROBES;

    @Option(names = "--grace", paramLabel = "TIME", description = "How long a round may take to end; by default 60s.")
    private Duration grace = Duration.ofMinutes(1);

    @Option(
            names = "--log",
            paramLabel = "text|json",
            description = "What the log on standard error looks like; by default text.")
    private String log = "text";

    @Option(names = "--json", description = "Say where it listens as one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        Logs.install(log);
        Console console = Console.of(spec);
        CountDownLatch stopped = new CountDownLatch(1);
        try (Coordinator coordinator = start()) {
            Runtime.getRuntime()
                    .addShutdownHook(new Thread(
                            () -> {
                                coordinator.drain(grace);
                                stopped.countDown();
                            },
                            "drain"));
            console.result(
                    json
                            ? Answers.object()
                                    .put("address", coordinator.address())
                                    .put("probes", "http://127.0.0.1:" + coordinator.probes())
                                    .toString()
                            : "coordinator " + coordinator.address() + " is ready");
            stopped.await();
        }
        return 0;
    }

    private Coordinator start() {
        try {
            return Coordinator.start(home, new Coordinator.Options(probes));
        } catch (IOException e) {
            throw new ConfigException("coordinator " + home + ": it cannot listen: " + reason(e));
        }
    }

    private static String reason(Throwable failure) {
        Throwable deepest = failure;
        while (deepest.getCause() != null) {
            deepest = deepest.getCause();
        }
        return failure.getMessage() + (deepest == failure ? "" : " (" + deepest.getMessage() + ")");
    }
}
