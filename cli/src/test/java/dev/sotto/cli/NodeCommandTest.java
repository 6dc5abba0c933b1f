package dev.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sotto.owner.Owner;
import dev.sotto.owner.ledger.SessionKey;
import dev.sotto.owner.ledger.SessionLedger;
import dev.sotto.owner.ledger.TotalLimit;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.event.Gaussian;
import dev.sotto.privacy.ledger.Budget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** sotto node and sotto ledger, as far as they go without a coordinator. */
final class NodeCommandTest {
    private static final Path PAGE = Path.of(System.getProperty("sotto.root", ".."), "docs", "data-owners-node.md");

    @TempDir
    private Path folder;

    private String sample() throws IOException {
        Matcher block = Pattern.compile("(?ms)^```yaml\\n(.*?)^```$").matcher(Files.readString(PAGE));
        assertThat(block.find()).isTrue();
        return block.group(1);
    }

    private String write(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

    private String home() {
        return folder.resolve("home").toString();
    }

    @Test
    void theSampleOnTheDocumentationsPageIsRead() throws IOException {
        Sotto said = Sotto.run("node", "check", "--data", write("node.yaml", sample()));
        assertThat(said.status()).as(said.err()).isZero();
        assertThat(said.out())
                .contains("data set   scans-2026")
                .contains("1,200 of 1x28x28, 10 classes")
                .contains("asks for   example-level privacy, and at least 100 examples")
                .contains("epsilon 3.000 a session, epsilon 8.000 at delta 1e-6 in all")
                .contains("2 tasks at once in 1,074 MB, models of up to 210 MB, 8 sessions");
    }

    @Test
    void asJsonItHasAllThatHolds() throws IOException {
        String node = write("node.yaml", sample());
        Sotto said = Sotto.run("node", "check", "--json", "--data", node);
        assertThat(said.out().strip().lines()).hasSize(1);
        JsonNode json = said.json();
        assertThat(json.path("dataSet").asText()).isEqualTo("scans-2026");
        assertThat(json.path("examples").asInt()).isEqualTo(1200);
        assertThat(json.path("contract").path("features")).hasSize(3);
        assertThat(json.path("contract").path("classes")).hasSize(10);
        JsonNode policy = json.path("policy");
        assertThat(policy.path("require").asText()).isEqualTo("example");
        assertThat(policy.path("sessionEpsilon").asDouble()).isEqualTo(3);
        assertThat(policy.path("total").path("delta").asDouble()).isEqualTo(1e-6);
        assertThat(policy.path("minExamples").asInt()).isEqualTo(100);
        assertThat(policy.path("approval").asText()).isEqualTo("ask");
        assertThat(json.path("limits").path("memory").asLong()).isEqualTo(1L << 30);
        assertThat(json.path("settings").isNull()).isTrue();
        assertThat(json.path("testData").isBoolean()).isTrue();
        String settings = write("client_settings.yaml", "{epochs: 2, optimizer: {name: sgd, lr: 0.1}}\n");
        JsonNode read = Sotto.run("node", "check", "--json", "--data", node, "--settings", settings)
                .json()
                .path("settings");
        assertThat(read.path("epochs").asInt()).isEqualTo(2);
        assertThat(read.path("optimizer").path("lr").asDouble()).isEqualTo(0.1);
        assertThat(read.has("hardlimit")).isFalse();
        JsonNode open = Sotto.run(
                        "node",
                        "check",
                        "--json",
                        "--data",
                        write("open.yaml", "data-set: a\ndata: {source: digits}\n"))
                .json()
                .path("policy");
        assertThat(open.path("sessionEpsilon").asDouble()).isEqualTo(100);
        assertThat(open.path("total").isNull()).isTrue();
    }

    @Test
    void aMistakeInEitherFileIsOneLine() throws IOException {
        String node = write("node.yaml", sample());
        Sotto said = Sotto.run("node", "check", "--data", write("bad.yaml", "data-set: a\ndta: {}\n"));
        assertThat(said.status()).isEqualTo(2);
        assertThat(said.errors()).hasSize(1).first().asString().contains("bad.yaml: data: it is required");
        Sotto settings = Sotto.run(
                "node", "check", "--data", node, "--settings", write("client_settings.yaml", "hard_limit: true\n"));
        assertThat(settings.status()).isEqualTo(2);
        assertThat(settings.errors().get(0)).contains("hard_limit: unknown key; did you mean 'hardlimit'?");
        Sotto seed = Sotto.run("node", "check", "--data", node, "--insecure-test-seed", "1");
        assertThat(seed.status()).isEqualTo(2);
        assertThat(seed.errors().get(0)).contains("test-data: it must be true");
    }

    @Test
    void settingsThatAreReadAreShown() throws IOException {
        String node = write("node.yaml", sample());
        String settings = write("client_settings.yaml", """
                epsilon: 1.5
                delta: 1e-6
                batch_size: 64
                hardlimit: "False"
                optimizer: {name: sgd, lr: 0.1}
                """);
        Sotto said = Sotto.run("node", "check", "--data", node, "--settings", settings);
        assertThat(said.status()).as(said.err()).isZero();
        assertThat(said.out())
                .containsPattern("(?m)^settings   .*batch_size 64.*; sessions say the rest$")
                .contains("epsilon 1.5", "delta 1e-6", "hardlimit False", "optimizer.name sgd", "optimizer.lr 0.1");
        String few = write("few.yaml", "epochs: 2\n");
        assertThat(Sotto.run("node", "check", "--data", node, "--settings", few).out())
                .contains("settings   epochs 2; sessions say the rest");
    }

    @Test
    void aNodeThatHasNotJoinedSaysWhatToDo() throws IOException {
        Sotto start = Sotto.run("node", "start", "--data", write("node.yaml", sample()), "--home", home());
        assertThat(start.status()).isEqualTo(2);
        assertThat(start.errors().get(0)).contains("sotto node join TOKEN --home " + home());
        Sotto join = Sotto.run("node", "join", "nonsense", "--home", home());
        assertThat(join.status()).isEqualTo(2);
        assertThat(join.errors().get(0)).contains("this is no join token");
        Sotto show = Sotto.run("ledger", "show", "--home", home());
        assertThat(show.status()).isEqualTo(2);
        assertThat(show.errors().get(0)).contains("there is no ledger");
        assertThat(folder.resolve("home")).doesNotExist();
    }

    @Test
    void theLedgerIsShownAndVerified() throws SQLException {
        Gaussian event = new Gaussian(5, 1, NeighbouringRelation.ZERO_OUT);
        try (Owner owner = Owner.open(Path.of(home()))) {
            owner.ledger().declare("scans", List.of(), Optional.of(TotalLimit.of(8, 1e-6)));
            owner.ledger().declare("scans-2", List.of("scans"), Optional.empty());
            SessionLedger session = owner.ledger()
                    .session(
                            new SessionKey("network-1", "s-17"),
                            "scans",
                            Budget.unlimited(new Delta(1e-6), AccountantChoice.RDP),
                            event);
            session.reserve("scans", event, "round 1");
            session.reserve("scans", event, "round 2");
        }
        Sotto shown = Sotto.run("ledger", "show", "--home", home());
        assertThat(shown.status()).as(shown.err()).isZero();
        assertThat(shown.out())
                .contains("scans, counted together with scans-2")
                .contains("of at most 8.000, at Renyi order")
                .contains("by session s-17 of network-1: 2 reserved, 0 released")
                .contains("no limit in all");
        var set = Sotto.run("ledger", "show", "--home", home(), "--json")
                .json()
                .path("dataSets")
                .get(0);
        assertThat(set.path("id").asText()).isEqualTo("scans");
        assertThat(set.path("limit").asDouble()).isEqualTo(8);
        assertThat(set.path("epsilon").asDouble())
                .isGreaterThan(1)
                .isLessThanOrEqualTo(set.path("enforcedEpsilon").asDouble());
        assertThat(set.path("sessions").get(0).path("reserved").asInt()).isEqualTo(2);

        Sotto intact = Sotto.run("ledger", "verify", "--home", home());
        assertThat(intact.status()).isZero();
        assertThat(intact.out()).contains("6 lines, all as they were written; the last is ");
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + home() + "/ledger.db")) {
            other.createStatement().executeUpdate("DROP TRIGGER lines_never_change");
            other.createStatement().executeUpdate("UPDATE lines SET detail = 'round 3' WHERE detail = 'round 2'");
        }
        Sotto broken = Sotto.run("ledger", "verify", "--home", home(), "--json");
        assertThat(broken.status()).isEqualTo(1);
        assertThat(broken.json().path("intact").asBoolean()).isFalse();
        assertThat(broken.json().path("broken").path("line").asInt()).isEqualTo(6);
    }
}
