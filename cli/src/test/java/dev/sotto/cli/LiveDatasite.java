package dev.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sotto.folders.Datasite;
import dev.sotto.folders.ProjectStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/** A datasite in a folder of its own and its process, which may be killed and started again. */
final class LiveDatasite implements AutoCloseable {
    private final Path data;
    private Process process;

    LiveDatasite(Path folder, String email) throws IOException {
        this.data = folder.resolve(email.substring(0, email.indexOf('@')));
        Path synced = Files.createDirectories(folder.resolve("synced"));
        sotto("datasite", "init", "--email", email, "--data-dir", data.toString(), "--synced", synced.toString());
    }

    static Sotto sotto(String... arguments) {
        Sotto said = Sotto.run(arguments);
        assertThat(said.status())
                .as(Arrays.toString(arguments) + ": " + said.err())
                .isZero();
        return said;
    }

    Path data() {
        return data;
    }

    LiveDatasite start(String... options) throws IOException {
        List<String> words = new ArrayList<>(List.of("datasite", "run", "--data-dir", data.toString()));
        words.addAll(List.of(options));
        process = Processes.sotto(data, words.toArray(String[]::new));
        return this;
    }

    /** Whether it has said that it runs. */
    boolean runs() {
        try {
            return Files.readString(data.resolve("datasite-run.out")).contains(" runs in ");
        } catch (IOException e) {
            return false;
        }
    }

    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** How a project stands here; nothing before it is known. */
    Optional<ProjectStatus> project(String name) {
        return ProjectStatus.all(Datasite.open(data)).stream()
                .filter(each -> each.project().equals(name))
                .findFirst();
    }

    boolean is(String project, ProjectStatus.State state) {
        return project(project).filter(each -> each.state() == state).isPresent();
    }

    boolean hasDone(String project, int rounds) {
        return project(project).filter(each -> each.rounds() >= rounds).isPresent();
    }

    /** Whether it trains just now, in that round or a later one. */
    boolean trains(String project, int round) {
        return project(project).stream()
                .flatMap(each -> each.participants().stream())
                .anyMatch(own -> own.round() >= round && own.progress().startsWith("training"));
    }

    Path waiting(String project) {
        return data.resolve("private/fl_client/request").resolve(project);
    }

    boolean isAsked(String project) {
        return Files.exists(waiting(project).resolve("request-id"));
    }

    /** As people do who know the folders. */
    void approveByMoving(String project) throws IOException {
        Files.move(waiting(project), data.resolve("private/fl_client/running").resolve(project));
    }

    /** Approves, with more limits if there are any. */
    void approve(String project, String... limits) throws IOException {
        String id = Files.readString(waiting(project).resolve("request-id")).strip();
        List<String> words = new ArrayList<>(List.of("request", "approve", id, "--yes", "--home", data.toString()));
        words.addAll(List.of(limits));
        sotto(words.toArray(String[]::new));
    }

    void revoke(String project) {
        JsonNode all = sotto("request", "list", "--json", "--home", data.toString())
                .json()
                .get("requests");
        String id = StreamSupport.stream(all.spliterator(), false)
                .filter(each -> each.toString().contains(project))
                .findFirst()
                .orElseThrow()
                .get("id")
                .asText();
        sotto("request", "revoke", id, "--reason", "we need it no more", "--home", data.toString());
    }

    /** Reservations of a session in the ledger, which has no gaps and is not forged. */
    long reserved(String project) {
        sotto("ledger", "verify", "--home", data.toString());
        JsonNode sets = sotto("ledger", "show", "--json", "--home", data.toString())
                .json()
                .get("dataSets");
        return StreamSupport.stream(sets.spliterator(), false)
                .flatMap(set -> StreamSupport.stream(set.get("sessions").spliterator(), false))
                .filter(session -> session.get("session").asText().startsWith(project + "."))
                .mapToLong(session -> session.get("reserved").asLong())
                .sum();
    }

    @Override
    public void close() {
        if (process != null) {
            process.destroyForcibly();
        }
    }
}
