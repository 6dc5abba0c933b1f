package dev.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sotto.coordinator.Coordinator;
import dev.sotto.formats.ShellWord;
import dev.sotto.node.NodeHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What people type at a coordinator that runs, in this process and on any free port. */
@Timeout(180)
final class CoordinatorAtHandTest {
    private static final String EXPERIMENT = """
            name: first
            contract: {features: [4], classes: 2}
            model: logistic
            rounds: 4
            client: {batch-size: 10}
            """;

    @TempDir
    private static Path folder;

    private static Coordinator coordinator;

    @BeforeAll
    static void start() throws IOException {
        coordinator = Coordinator.start(made("coordinator"), new Coordinator.Options(0));
    }

    @AfterAll
    static void stop() {
        coordinator.close();
    }

    private static Path made(String name) {
        Path home = folder.resolve(name);
        Sotto made = Sotto.run("coordinator", "init", "--home", home.toString(), "--port", "0");
        assertThat(made.status()).as(made.err()).isZero();
        assertThat(made.out()).contains("'sotto coordinator start --home " + ShellWord.of(home) + "' runs it");
        return home;
    }

    private static Sotto ask(Path operator, String... arguments) {
        List<String> words = new ArrayList<>(List.of(arguments));
        words.addAll(List.of("--coordinator", operator.toString()));
        return Sotto.run(words.toArray(String[]::new));
    }

    private static Sotto ask(String... arguments) {
        return ask(folder.resolve("coordinator/operator.yaml"), arguments);
    }

    private static Sotto good(String... arguments) {
        Sotto said = ask(arguments);
        assertThat(said.status()).as(said.err()).isZero();
        return said;
    }

    private static String token(String... client) {
        List<String> words = new ArrayList<>(List.of("coordinator", "token"));
        words.addAll(List.of(client));
        Sotto said = good(words.toArray(String[]::new));
        String token = said.out().strip();
        assertThat(said.err()).contains("at the data owner's, until ").contains(": sotto node join " + token);
        return token;
    }

    private static void refused(Sotto said, String... words) {
        assertThat(said.errors()).as(said.out()).hasSize(1);
        assertThat(said.status()).isEqualTo(Failures.USAGE);
        assertThat(said.last()).contains(words);
    }

    private static String client(Path home) {
        return new NodeHome(home).enrolled().agent().client();
    }

    @Test
    void aNodeIsCalledWhatItsTokenIsFor() {
        String token = token("ward-3");
        Path home = folder.resolve("nö de").resolve("h1");
        refused(
                Sotto.run("node", "join", token, "--id", "vm", "--home", home.toString()),
                "--id vm: the token is for client 'ward-3'; leave --id out");
        assertThat(home).doesNotExist();
        Sotto joined = Sotto.run("node", "join", token, "--home", home.toString());
        assertThat(joined.status()).as(joined.err()).isZero();
        assertThat(joined.out())
                .contains(" as ward-3; now try: sotto node start --data node.yaml --home \"" + home + "\"");
        assertThat(client(home)).isEqualTo("ward-3");
        assertThat(good("client", "list").out()).containsPattern("ward-3 +enrolled +never +-");

        String renewing = token("ward-3");
        refused(
                Sotto.run("node", "renew", token("ward-9"), "--home", home.toString()),
                "TOKEN: it is for client 'ward-9', and this node is 'ward-3'",
                "sotto coordinator token ward-3");
        Sotto renewed = Sotto.run("node", "renew", renewing, "--home", home.toString());
        assertThat(renewed.status()).as(renewed.err()).isZero();
    }

    @Test
    void aTokenForAnyLeavesTheIdToTheNode() {
        Path home = folder.resolve("free");
        Sotto joined = Sotto.run("node", "join", token(), "--id", "ward-4", "--home", home.toString());
        assertThat(joined.status()).as(joined.err()).isZero();
        assertThat(client(home)).isEqualTo("ward-4");
    }

    @Test
    void startPrintsThePackageThatTheSessionHas() throws IOException {
        Path file = Files.writeString(folder.resolve("ses.yaml"), EXPERIMENT);
        Sotto started = good("session", "start", file.toString(), "--min-clients", "2", "--rounds", "40", "--json");
        JsonNode session = started.json();
        Matcher said =
                Pattern.compile("package ([0-9a-f]{64}): first, (\\d+) rounds").matcher(started.err());
        assertThat(said.find()).as(started.err()).isTrue();
        assertThat(said.group(2)).isEqualTo("40");
        String id = session.path("id").asText();
        assertThat(said.group(1))
                .isEqualTo(good("session", "show", id, "--json")
                        .json()
                        .path("package")
                        .asText());
        good("session", "stop", id);
    }

    @Test
    void aModelIsNamedByAsMuchOfItsDigestAsTellsItFromOthers() throws IOException {
        Path file = Files.writeString(folder.resolve("one.yaml"), EXPERIMENT.replace("first", "models"));
        String session = good("session", "start", file.toString(), "--json")
                .json()
                .path("id")
                .asText();
        good("session", "stop", session);
        String model = good("model", "list", "--json")
                .json()
                .path("models")
                .get(0)
                .path("sha256")
                .asText();
        Path out = folder.resolve("model.npz");
        good("model", "download", model.substring(0, 8), "--out", out.toString());
        assertThat(out).isNotEmptyFile();
        good("model", "download", model.toUpperCase(java.util.Locale.ROOT), "--out", out.toString());
        assertThat(good("model", "lineage", model.substring(0, 12)).out()).contains(model);
        String other = (model.startsWith("0") ? "1" : "0").repeat(8);
        refused(ask("model", "download", other, "--out", out.toString()), "there is no model whose SHA-256 begins so");
        refused(ask("model", "lineage", model.substring(0, 7)), "the first 8 or more");
        refused(ask("session", "start", file.toString(), "--from-model", "best"), "--from-model best: expected");
    }

    @Test
    void beforeItsFirstStartNobodyKnowsItsPort() {
        Path young = made("not yet").resolve("operator.yaml");
        refused(ask(young, "session", "list"), "operator.yaml: address: the coordinator has not been started yet");
        Sotto doctor = ask(young, "doctor", "--home", folder.resolve("none").toString());
        assertThat(doctor.status()).as(doctor.out()).isZero();
        assertThat(doctor.out()).containsPattern("warning +coordinator +the coordinator has not been started yet");
    }

    @Test
    void anOperatorFileThatWasMovedMissesTheAuthoritysCertificate() throws IOException {
        Path moved = Files.copy(folder.resolve("coordinator/operator.yaml"), folder.resolve("ev.yaml"));
        String missing = "ev.yaml: authority: there is no file " + folder.resolve("authority/certificate.pem")
                + "; a path that is not absolute is looked for beside ev.yaml";
        refused(ask(moved, "session", "list"), missing);
        Sotto doctor = ask(moved, "doctor", "--home", folder.resolve("none").toString());
        assertThat(doctor.status()).isEqualTo(Failures.FAILED);
        assertThat(doctor.out()).contains(missing);
    }

    @Test
    void noSessionBeginsWhoseRoundsMayBeHeldBackUnderASecretDraw() throws IOException {
        Path file = Files.writeString(folder.resolve("drawn.yaml"), EXPERIMENT + """
                cohort: {rate: 0.5}
                privacy: {client-level: {noise-multiplier: 1, delta: 1e-3, clipping-norm: 1}}
                """);
        for (String option : List.of("--min-clients", "--enough")) {
            Sotto refused = ask("session", "start", file.toString(), "--clients", "4", option, "2");
            assertThat(refused.status()).as(refused.out()).isNotZero();
            assertThat(refused.err()).contains(option.substring(2), "privacy.client-level");
        }
        assertThat(good("session", "list").out()).doesNotContain("drawn");
        assertThat(good("session", "start", file.toString(), "--clients", "4").out())
                .isNotEmpty();
    }
}
