package dev.sotto.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sotto.experiment.ExperimentFile;
import dev.sotto.experiment.packaging.SessionDraft;
import dev.sotto.experiment.packaging.SessionPackage;
import dev.sotto.experiment.packaging.SigningKey;
import dev.sotto.experiment.run.RunDirectory;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.privacy.random.Randomness;
import dev.sotto.wire.v1.CreateJoinTokenRequest;
import dev.sotto.wire.v1.PackageDetail;
import dev.sotto.wire.v1.SessionDetail;
import dev.sotto.wire.v1.StartSessionRequest;
import dev.sotto.wire.v1.StatusRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A federation on this machine, from nothing to its result: each part a process of its own, all of them gone at the end. */
final class QuickstartRun implements AutoCloseable {
    private static final int ROUND_SECONDS = 3600;
    private static final int GATHER_SECONDS = 600;
    /** On a machine that is busy with other things a coordinator's first handshake may take longer than it is given. */
    private static final int ANSWER_SECONDS = 180;

    private static final int JOIN_ATTEMPTS = 3;

    private final QuickstartSettings settings;
    private final QuickstartData data;
    private final Console console;
    private final Path folder;
    private final Children children;

    QuickstartRun(QuickstartSettings settings, QuickstartData data, Console console) throws IOException {
        this.settings = settings;
        this.data = data;
        this.console = console;
        this.folder = Files.createTempDirectory("sotto-quickstart-");
        this.children = new Children(folder, "2g", this::clear);
    }

    /**
     * How it went.
     *
     * @param status exit status that goes with it
     */
    record Outcome(SessionDetail session, int status) {}

    /** Runs it and leaves its files in that directory. */
    Outcome toTheEnd(Path into) throws IOException, InterruptedException {
        if (Files.exists(into.resolve(RunDirectory.HISTORY))) {
            throw new ConfigException("--out " + into + ": it holds an earlier run; give another directory");
        }
        console.remark("quickstart: " + data.origin() + "; a coordinator and " + settings.clients()
                + (settings.clients() == 1 ? " node" : " nodes") + " on this machine");
        Path home = folder.resolve("coordinator");
        try (OperatorLink link = coordinator(home)) {
            for (int client = 0; client < settings.clients(); client++) {
                node(client, link);
            }
            SessionDetail session = link.ask(coordinator -> coordinator.startSession(request(link)));
            Thread guard = guard(link);
            try (QuickstartView view = new QuickstartView(console, settings.rounds())) {
                session = new SessionFollower(link, console).follow(session.getId(), view::happened, this::requireAll);
            } catch (IllegalStateException e) {
                requireAll(); // whose death was the reason
                throw e;
            } finally {
                guard.interrupt();
            }
            if (session.getResultJson().isEmpty()) {
                throw new IllegalStateException("the session " + session.getState() + ": " + session.getReason());
            }
            SessionExport.fetch(link, session.getId(), into);
            return new Outcome(session, SessionFollower.status(session));
        }
    }

    private OperatorLink coordinator(Path home) throws IOException, InterruptedException {
        children.run(
                "coordinator", "coordinator", "init", "--home", home.toString(), "--port", String.valueOf(freePort()));
        Process process = children.start(
                "coordinator",
                "coordinator",
                "start",
                "--home",
                home.toString(),
                "--probes",
                "0",
                "--grace",
                "1s",
                "--json");
        JsonNode said = Answers.parse(children.firstLine("coordinator", process));
        console.remark("coordinator at " + said.path("address").asText() + ", TLS 1.3");
        OperatorLink link = new OperatorLink(OperatorLink.Where.read(home.resolve("operator.yaml")));
        awaitAnswer(link);
        return link;
    }

    private void awaitAnswer(OperatorLink link) throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(ANSWER_SECONDS);
        while (true) {
            try {
                link.ask(coordinator -> coordinator.status(StatusRequest.getDefaultInstance()));
                return;
            } catch (IllegalStateException e) {
                requireAll();
                if (System.nanoTime() > until) {
                    link.close();
                    throw e;
                }
                Thread.sleep(200);
            }
        }
    }

    /** One that is free now: the coordinator's own certificate and tokens name it before it listens. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void node(int number, OperatorLink link) throws IOException, InterruptedException {
        String id = "client-" + number;
        Path home = folder.resolve(id);
        Path file = folder.resolve(id + ".yaml");
        var yaml = Answers.object().put("data-set", "quickstart-" + number);
        yaml.set("data", data.part(number));
        // Nobody is there to be asked.
        yaml.putObject("policy").put("approval", "automatic");
        Files.writeString(file, RunDirectory.yaml(yaml));
        join(id, home, link);
        Process process = children.start(id, "node", "start", "--home", home.toString(), "--data", file.toString());
        children.drain(id, process);
        console.remark("node " + id + " has joined, with a certificate and a ledger of its own; its policy approves");
    }

    /** With another token each time: whether the one before was used up may not be known. */
    private void join(String id, Path home, OperatorLink link) throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            String token = link.ask(coordinator -> coordinator.createJoinToken(
                            CreateJoinTokenRequest.newBuilder().setClientId(id).build()))
                    .getToken();
            try {
                children.run(id, "node", "join", token, "--id", id, "--home", home.toString());
                return;
            } catch (IllegalStateException e) {
                requireAll();
                if (attempt == JOIN_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    private StartSessionRequest request(OperatorLink link) {
        ExperimentFile experiment = ExperimentFile.parse(
                "quickstart", folder, settings.yaml(data.contract().json().toString()));
        SessionDraft draft = SessionDraft.of(experiment, experiment.context(), settings.clients());
        byte[] bytes = SessionPackage.create(draft, draft.initial(Randomness.secret()), SigningKey.generate());
        PackageDetail taken =
                Uploads.send(link, bytes, answer -> link.asynchronous().uploadPackage(answer));
        return StartSessionRequest.newBuilder()
                .setPackage(taken.getSha256())
                .setClients(settings.clients())
                .setMinClients(settings.minClients())
                .setRoundSeconds(ROUND_SECONDS)
                .setGatherSeconds(GATHER_SECONDS)
                .setTestData(data.section().toString())
                .build();
    }

    /** Breaks the connection off when a process dies, so that whoever listens looks up. */
    private Thread guard(OperatorLink link) {
        Thread thread = new Thread(
                () -> {
                    try {
                        while (children.ended().isEmpty()) {
                            Thread.sleep(500);
                        }
                        link.close();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "guard");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    /** A process that has died will not come back: better to say so than to wait for it. */
    private void requireAll() {
        List<String> ended = children.ended();
        if (!ended.isEmpty()) {
            throw new IllegalStateException(ended.get(0) + " has ended: " + children.last(ended.get(0)));
        }
    }

    @Override
    public void close() {
        children.close();
        clear();
    }

    /** Takes keys, ledgers and logs away. A process that has yet to end may still write one. */
    private synchronized void clear() {
        if (Files.notExists(folder)) {
            return; // by whoever closed this while the process was made to end
        }
        List<Path> all = new ArrayList<>();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(all::add);
            for (Path file : all) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException e) {
            console.remark("not all of " + folder + " could be removed: " + e.getMessage());
        }
    }
}
