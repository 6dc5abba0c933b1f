package dev.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.coordinator.Coordinator;
import dev.sotto.coordinator.store.Database;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What clients of a session said, at a coordinator in this process. */
@Timeout(120)
final class SessionLogCommandTest {
    @TempDir
    private Path folder;

    private Path home;
    private Coordinator coordinator;
    private Database database;
    private String session;

    @BeforeEach
    void start() throws IOException {
        home = folder.resolve("home");
        assertThat(Sotto.run("coordinator", "init", "--home", home.toString(), "--port", "0")
                        .status())
                .isZero();
        coordinator = Coordinator.start(home, new Coordinator.Options(0));
        Path experiment = Files.writeString(folder.resolve("tiny.yaml"), """
                name: tiny
                contract: {features: [4], classes: 2}
                model: logistic
                rounds: 1
                client: {batch-size: 10}
                """);
        Sotto started = asked("session", "start", experiment.toString(), "--min-clients", "1", "--json");
        assertThat(started.status()).as(started.err()).isZero();
        session = started.json().path("id").asText();
        database = Database.open(Database.inHome(home), home);
        database.log().say(session, "ann", List.of("one", "two"));
        database.log().say(session, "bob", List.of("three"));
    }

    @AfterEach
    void stop() {
        database.close();
        coordinator.close();
    }

    private Sotto asked(String... words) {
        List<String> all = new java.util.ArrayList<>(List.of(words));
        all.addAll(List.of("--coordinator", home.resolve("operator.yaml").toString()));
        return Sotto.run(all.toArray(String[]::new));
    }

    @Test
    void isALineEachWithTimeAndClient() {
        Sotto said = asked("session", "log", session);
        assertThat(said.status()).as(said.err()).isZero();
        assertThat(said.out().lines())
                .hasSize(3)
                .allMatch(line -> line.matches("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z  (ann|bob)  (one|two|three)"));
    }

    @Test
    void isOfOneClientIfAskedFor() {
        Sotto said = asked("session", "log", session, "--client", "ann", "--json");
        assertThat(said.json().path("session").asText()).isEqualTo(session);
        assertThat(said.json().path("lines").findValuesAsText("line")).containsExactly("one", "two");
        assertThat(said.json().path("lines").findValuesAsText("client")).containsOnly("ann");
    }

    @Test
    void isFollowedToTheEndOfTheSession() throws Exception {
        CompletableFuture<Sotto> following =
                CompletableFuture.supplyAsync(() -> asked("session", "log", session, "--follow", "--json"));
        Thread.sleep(1500);
        assertThat(following).isNotDone();
        database.log().say(session, "ann", List.of("four"));
        assertThat(asked("session", "stop", session).status()).isZero();
        Sotto said = following.get(60, TimeUnit.SECONDS);
        assertThat(said.json().path("lines").findValuesAsText("line")).containsExactly("one", "two", "three", "four");
    }

    @Test
    void ofNoSessionIsAnError() {
        Sotto said = asked("session", "log", "s-none");
        assertThat(said.status()).isEqualTo(Failures.USAGE);
        assertThat(said.last()).contains("there is no session s-none");
    }
}
