package dev.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A coordinator and nodes, each a process that can be killed and started again; what they say is kept in folders. */
final class LiveFederation implements AutoCloseable {
    static final String COORDINATOR = "coordinator";

    private final Path folder;
    private final Map<String, List<String>> commands = new LinkedHashMap<>();
    private final Map<String, Process> processes = new LinkedHashMap<>();
    private final List<ProcessHandle> all = new ArrayList<>();

    /** Makes a coordinator in the folder and starts it. */
    LiveFederation(Path folder, Optional<String> database) throws IOException, InterruptedException {
        this.folder = folder;
        List<String> init = new ArrayList<>(List.of(
                "coordinator", "init", "--home", home(COORDINATOR).toString(), "--port", "" + Processes.freePort()));
        database.ifPresent(url -> init.addAll(List.of("--database", url)));
        Sotto made = Sotto.run(init.toArray(String[]::new));
        assertThat(made.status()).as(made.err()).isZero();
        commands.put(
                COORDINATOR,
                List.of("coordinator", "start", "--home", home(COORDINATOR).toString(), "--probes", "0"));
        start(COORDINATOR);
        Processes.await(() -> ask("session", "list").status() == 0, 180);
    }

    Path home(String name) {
        return folder.resolve(name);
    }

    /** Where a process writes. */
    Path logs(String name) {
        return folder.resolve("logs").resolve(name);
    }

    /** Has a node join, and starts it, with more options if there are any. */
    void node(String id, String yaml, String... options) throws IOException {
        String home = home(id).toString();
        String token = ask("coordinator", "token", id).json().path("token").asText();
        Sotto joined = Sotto.run("node", "join", token, "--id", id, "--home", home);
        assertThat(joined.status()).as(joined.err()).isZero();
        Path file = Files.writeString(folder.resolve(id + ".yaml"), yaml);
        List<String> command = new ArrayList<>(List.of("node", "start", "--home", home, "--data", file.toString()));
        command.addAll(List.of(options));
        commands.put(id, command);
        start(id);
    }

    /** Names of all processes. */
    List<String> names() {
        return List.copyOf(commands.keySet());
    }

    void start(String name) throws IOException {
        Process process = Processes.sotto(
                Files.createDirectories(logs(name)), commands.get(name).toArray(String[]::new));
        processes.put(name, process);
        all.add(process.toHandle());
    }

    boolean alive(String name) {
        return processes.get(name).isAlive();
    }

    /** By SIGKILL. */
    void kill(String name) throws InterruptedException {
        processes.get(name).destroyForcibly().waitFor();
    }

    /** Asks the coordinator. */
    Sotto ask(String... arguments) {
        List<String> words = new ArrayList<>(List.of(arguments));
        words.addAll(List.of(
                "--coordinator", home(COORDINATOR).resolve("operator.yaml").toString(), "--json"));
        return Sotto.run(words.toArray(String[]::new));
    }

    /** The same, where there must be an answer. */
    JsonNode answer(String... arguments) {
        Sotto said = ask(arguments);
        assertThat(said.status()).as(said.err()).isZero();
        return said.json();
    }

    /** Has processes end by themselves; those that do not are killed, and told. */
    List<String> stop(List<String> names) throws InterruptedException {
        names.forEach(name -> processes.get(name).destroy());
        List<String> stubborn = new ArrayList<>();
        for (String name : names) {
            if (!processes.get(name).waitFor(30, TimeUnit.SECONDS)) {
                stubborn.add(name);
                kill(name);
            }
        }
        return stubborn;
    }

    /** Processes that were started at any time and still run. */
    List<ProcessHandle> running() {
        return all.stream().filter(ProcessHandle::isAlive).toList();
    }

    @Override
    public void close() {
        processes.values().forEach(Process::destroyForcibly);
        processes.values().forEach(process -> process.onExit().join());
    }
}
