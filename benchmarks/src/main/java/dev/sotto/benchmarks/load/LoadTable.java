package dev.sotto.benchmarks.load;

import dev.sotto.cli.Main;
import dev.sotto.wire.v1.ListModelsRequest;
import dev.sotto.wire.v1.SessionDetail;
import dev.sotto.wire.v1.SessionEvent;
import dev.sotto.wire.v1.SessionRequest;
import io.grpc.stub.StreamObserver;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Prints what one round of many clients asks of a coordinator: a coordinator in one process, its clients in another, TLS
 * between them, and a session as an operator starts one.
 */
public final class LoadTable {
    private static final String SESSION_OVER = "completed";
    private static final long ROUND_SECONDS = 300;
    private static final List<Setting> SETTINGS =
            List.of(new Setting(2000, "mnist-cnn", "[1, 28, 28]"), new Setting(200, "pfl-cnn", "[3, 32, 32]"));

    /**
     * What is measured.
     *
     * @param features shape of an example, as experiments have it
     */
    record Setting(int clients, String model, String features) {
        String experiment() {
            return """
                    name: load
                    contract: {features: %s, classes: 10}
                    model: %s
                    rounds: 1
                    client: {batch-size: 1}
                    """.formatted(features, model);
        }
    }

    /** What a run came to; times in the machine's milliseconds. */
    record Measured(
            Map<String, String> seen, long committed, double fromRead, long peakKib, long threads, Duration cpu) {
        long number(String name) {
            return Long.parseLong(seen.get(name));
        }

        double fromLastByte() {
            return (committed - number("last-byte")) / 1e3;
        }

        double gathered() {
            return (number("first-task") - number("first-offer")) / 1e3;
        }

        double round() {
            return (committed - number("first-task")) / 1e3;
        }
    }

    private LoadTable() {}

    /** Measures both settings, or {@code CLIENTS MODEL} of them: {@code 50 mnist-cnn}. */
    public static void main(String[] args) throws Exception {
        for (Setting setting : SETTINGS) {
            Setting wanted = args.length == 0
                    ? setting
                    : new Setting(Integer.parseInt(args[0]), setting.model(), setting.features());
            if (args.length < 2 || args[1].equals(setting.model())) {
                Optional<String> problem = OpenFiles.problem(wanted.clients());
                if (problem.isPresent()) {
                    System.err.println("load: " + problem.get());
                    System.exit(1);
                }
                print(wanted, measure(wanted), System.out);
            }
        }
        System.out.println();
        AggregateTable.print(System.out);
    }

    static Measured measure(Setting setting) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("sotto-load-");
        Path home = folder.resolve("coordinator");
        command(folder, "coordinator", "init", "--home", home.toString(), "--port", String.valueOf(freePort()));
        Path operator = home.resolve("operator.yaml");
        int probes = freePort();
        Process coordinator = Processes.start(
                folder.resolve("coordinator.log"),
                List.of("-Xmx2g"),
                Main.class.getName(),
                List.of("coordinator", "start", "--home", home.toString(), "--probes", String.valueOf(probes))
                        .toArray(String[]::new));
        Optional<Process> generator = Optional.empty();
        boolean well = false;
        try {
            BufferedReader ready = reader(coordinator);
            if (ready.readLine() == null) {
                throw new IOException("the coordinator does not start: see " + folder);
            }
            Process clients = Processes.start(
                    folder.resolve("clients.log"),
                    List.of("-Xmx3g"),
                    LoadGenerator.class.getName(),
                    operator.toString(),
                    String.valueOf(setting.clients()));
            generator = Optional.of(clients);
            Measured measured = session(setting, folder, operator, probes, coordinator, clients);
            well = true;
            return measured;
        } finally {
            if (generator.isPresent()) {
                Processes.end(generator.get());
            }
            Processes.end(coordinator);
            if (well) {
                delete(folder);
            } else {
                System.err.println("load: it failed; the logs are in " + folder);
            }
        }
    }

    private static Measured session(
            Setting setting, Path folder, Path operator, int probes, Process coordinator, Process clients)
            throws IOException, InterruptedException {
        Map<String, String> seen = new HashMap<>();
        BufferedReader said = reader(clients);
        read(said, seen, "connected");
        Path experiment = Files.writeString(folder.resolve("load.yaml"), setting.experiment());
        String number = String.valueOf(setting.clients());
        command(
                folder,
                "session",
                "start",
                experiment.toString(),
                "--min-clients",
                number,
                "--round-timeout",
                ROUND_SECONDS + "s",
                "--coordinator",
                operator.toString());
        long committed;
        try (OperatorCalls calls = new OperatorCalls(operator)) {
            String id = calls.ask()
                    .listSessions(dev.sotto.wire.v1.ListSessionsRequest.getDefaultInstance())
                    .getSessions(0)
                    .getId();
            watch(calls, id);
            committed = committed(calls, id);
            ended(calls, id);
        }
        clients.getOutputStream().close();
        read(said, seen, "failure");
        return new Measured(
                seen,
                committed,
                metric(probes, "sotto_round_commit_seconds_sum"),
                Processes.status(coordinator, "VmHWM"),
                Processes.status(coordinator, "Threads"),
                coordinator.info().totalCpuDuration().orElse(Duration.ZERO));
    }

    /** Somebody watches, as somebody would. */
    private static void watch(OperatorCalls calls, String id) {
        calls.asynchronous().watchSession(request(id), new StreamObserver<>() {
            @Override
            public void onNext(SessionEvent event) {}

            @Override
            public void onError(Throwable broken) {}

            @Override
            public void onCompleted() {}
        });
    }

    /** When the round's model was there for all to see. */
    private static long committed(OperatorCalls calls, String id) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(2 * ROUND_SECONDS);
        while (System.nanoTime() < deadline) {
            boolean there =
                    calls
                            .ask()
                            .listModels(ListModelsRequest.newBuilder()
                                    .setSession(id)
                                    .build())
                            .getModelsList()
                            .stream()
                            .anyMatch(model -> model.getRound() == 1);
            if (there) {
                return System.currentTimeMillis();
            }
            Thread.sleep(20);
        }
        throw new IllegalStateException("no model within " + 2 * ROUND_SECONDS + " s: "
                + calls.ask().showSession(request(id)).getReason());
    }

    private static void ended(OperatorCalls calls, String id) throws InterruptedException {
        SessionDetail session = calls.ask().showSession(request(id));
        for (int i = 0; i < 100 && !session.getState().equals(SESSION_OVER); i++) {
            Thread.sleep(100);
            session = calls.ask().showSession(request(id));
        }
        if (!session.getState().equals(SESSION_OVER)) {
            throw new IllegalStateException("the session is " + session.getState() + ": " + session.getReason());
        }
    }

    /** A figure of the coordinator's own. */
    private static double metric(int probes, String name) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + probes + "/metrics"))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.ofLines())
                .body()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElse(Double.NaN);
    }

    private static SessionRequest request(String id) {
        return SessionRequest.newBuilder().setSession(id).build();
    }

    private static void command(Path folder, String... arguments) throws IOException, InterruptedException {
        Path errors = folder.resolve("command.log");
        Process process = Processes.start(errors, List.of("-Xmx512m"), Main.class.getName(), arguments);
        process.getInputStream().readAllBytes();
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", arguments) + ": " + Files.readString(errors));
        }
    }

    private static BufferedReader reader(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private static void read(BufferedReader said, Map<String, String> seen, String last) throws IOException {
        while (!seen.containsKey(last)) {
            String line = said.readLine();
            if (line == null) {
                throw new IOException("the clients have ended; they said " + seen);
            }
            int space = line.indexOf(' ');
            seen.put(line.substring(0, Math.max(0, space)), line.substring(space + 1));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return free.getLocalPort();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }

    private static void print(Setting setting, Measured measured, PrintStream out) {
        double sent = measured.number("sent");
        line(out, "%,d clients, %s, load average %.1f", setting.clients(), setting.model(), load());
        line(
                out,
                "  enrolled            %8.2f s",
                Double.parseDouble(measured.seen().get("enrolled")));
        line(
                out,
                "  connected           %8.2f s",
                Double.parseDouble(measured.seen().get("connected")));
        line(out, "  gathered            %8.2f s, from the first offer to the first task", measured.gathered());
        line(
                out,
                "  updates counted     %,8d, %,d failures: %s",
                measured.number("counted"),
                measured.number("failures"),
                measured.seen().get("failure"));
        line(out, "  round               %8.2f s, from the first task to the committed model", measured.round());
        line(
                out,
                "  downloads, updates  %8.1f MB, %.1f MB: %.0f MB/s both ways",
                measured.number("downloaded") / 1e6,
                sent / 1e6,
                (measured.number("downloaded") + sent) / 1e6 / measured.round());
        line(out, "  last byte to model  %8.2f s from when it was sent", measured.fromLastByte());
        line(out, "                      %8.2f s from when it was read", measured.fromRead());
        line(
                out,
                "  coordinator         %8.0f MiB resident at most, %d threads, %.1f s of CPU in all",
                measured.peakKib() / 1024.0,
                measured.threads(),
                measured.cpu().toMillis() / 1e3);
    }

    static void line(PrintStream out, String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values));
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }
}
