package dev.sotto.cli;

import static dev.sotto.cli.AskedOwner.TERMS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sotto.owner.Owner;
import dev.sotto.owner.ledger.LedgerLine;
import dev.sotto.owner.request.Decision;
import dev.sotto.owner.request.Request;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** sotto request, over a folder as a node leaves it. */
final class RequestCommandTest {
    private static final int COLUMNS = 80;

    @TempDir
    private Path folder;

    private AskedOwner owner;
    private Request request;

    @BeforeEach
    void ask() {
        owner = new AskedOwner(folder);
        request = owner.asks("s-17", TERMS);
    }

    private Sotto run(String... arguments) {
        List<String> words = new ArrayList<>(List.of("request"));
        words.addAll(List.of(arguments));
        words.addAll(List.of("--home", owner.home().toString()));
        return Sotto.run(words.toArray(String[]::new));
    }

    private Sotto good(String... arguments) {
        Sotto said = run(arguments);
        assertThat(said.status()).as(said.err()).isZero();
        return said;
    }

    private Decision decision() {
        try (Owner opened = Owner.open(owner.home())) {
            return opened.requests().decision(request);
        }
    }

    private List<LedgerLine> ledger() {
        try (Owner opened = Owner.open(owner.home())) {
            return opened.ledger().lines();
        }
    }

    @Test
    void listShowsWhatWaits() {
        Sotto said = good("list");
        assertThat(said.out())
                .contains(request.shortId())
                .containsPattern("pending +readmission +scans-2026 +10 +2.000 +network-1")
                .contains("1 request waits for you");
        assertThat(said.out().lines()).allMatch(line -> line.length() <= COLUMNS);
        JsonNode json = good("list", "--json").json().path("requests").get(0);
        assertThat(json.path("id").asText()).isEqualTo(request.id());
        assertThat(json.path("state").asText()).isEqualTo("pending");
        assertThat(json.path("privacy").path("exampleEpsilon").asDouble()).isEqualTo(2);
    }

    @Test
    void whatIsOverDoesNotWait() {
        try (Owner opened = Owner.open(owner.home())) {
            opened.over(request.key(), "stopped");
        }
        assertThat(good("list").out())
                .contains("1 pending request waits no longer: its session is over")
                .doesNotContain("for you");
        assertThat(good("show", request.shortId()).out())
                .contains("request " + request.shortId() + ": its session was over before you decided")
                .containsPattern("session +over: stopped");
    }

    @Test
    void showSaysAllOfItOn80Columns() {
        Sotto said = good("show", request.shortId());
        assertThat(said.out().lines()).allMatch(line -> line.length() <= COLUMNS);
        assertThat(said.out())
                .contains("request " + request.shortId() + ": waiting for your decision")
                .containsPattern("coordinator +network-1")
                .containsPattern("package +" + request.packageDigest())
                .containsPattern("project +readmission")
                .containsPattern("rounds +10")
                .containsPattern("records +5,000 to train on")
                .containsPattern("participants +3 owners, all asked in each round")
                .containsPattern("epsilon +at most 2.000 over all 10 rounds together")
                .containsPattern("noise +added here, in every step")
                .containsPattern("spent now +epsilon 0 at delta 1e-6")
                .containsPattern("your limit +epsilon 8.000 at delta 1e-6")
                .contains("You have not decided yet.");
        JsonNode json = good("show", request.id(), "--json").json();
        assertThat(json.path("rounds").asInt()).isEqualTo(10);
        assertThat(json.path("steps").asInt()).isEqualTo(200);
        assertThat(json.path("ledger").path("now").asDouble()).isZero();
        assertThat(json.path("ledger").path("after").asDouble()).isBetween(2.0, 2.4);
        assertThat(json.path("ledger").path("countedAfter").asDouble()).isBetween(2.4, 8.0);
        assertThat(json.path("approval").isNull()).isTrue();
        assertThat(json.path("words").get(0).path("title").asText()).isEqualTo("Who asks");
    }

    @Test
    void aNameCannotWriteRowsOfItsOwn() {
        String name = "x\\n  epsilon       at most 0.01" + "\\u00A0".repeat(70) + "y".repeat(200);
        Request hostile = owner.asks("s-18", TERMS.replace("name: readmission", "name: \"" + name + "\""));
        for (String said : List.of(
                good("show", hostile.shortId()).out(),
                good("list").out(),
                good("diff", request.shortId(), hostile.shortId()).out())) {
            assertThat(said.lines())
                    .allMatch(line -> line.length() <= COLUMNS)
                    .noneMatch(line -> line.startsWith("  epsilon       at most 0.01"));
        }
    }

    @Test
    void showTouchesNoRecordAndNoLedger() throws IOException {
        List<LedgerLine> before = ledger();
        // If the data were read, this would be an error.
        Files.writeString(owner.file(), "data-set: scans-2026\ndata: {source: idx, path: nowhere}\n");
        good("show", request.shortId());
        assertThat(ledger()).isEqualTo(before);
    }

    @Test
    void diffNamesWhatAnotherRequestAsksDifferently() {
        Request other =
                owner.asks("s-18", TERMS.replace("rounds: 10", "rounds: 20").replace("norm: 1}", "norm: 2}"));
        Sotto said = good("diff", request.shortId(), other.shortId());
        assertThat(said.out())
                .contains("- " + request.shortId(), "+ " + other.shortId())
                .containsPattern("What would be computed: rounds\\s+- 10\\s+\\+ 20")
                .containsPattern("privacy.example-level.max-grad-norm\\s+- 1.0\\s+\\+ 2.0");
        assertThat(said.out().lines()).allMatch(line -> line.length() <= COLUMNS);
        JsonNode json = good("diff", request.id(), other.id(), "--json").json();
        assertThat(json.path("same").asBoolean()).isFalse();
        assertThat(json.path("terms").findValuesAsText("where")).contains("rounds");
        assertThat(good("diff", request.id(), request.id()).out()).contains("ask the same");
    }

    @Test
    void tryTrainsOnMockDataAndSpendsNothing() throws IOException {
        List<LedgerLine> before = ledger();
        Files.delete(owner.file());
        Sotto said = good("try", request.shortId(), "--rounds", "2");
        assertThat(said.err()).contains("none of your records is opened").contains("round 2  accuracy");
        assertThat(said.out())
                .contains("What it would take of this machine")
                .containsPattern("all rounds +about .* for 10, and the time that others take")
                .containsPattern("mock data +5,000 records, generated from what the session asks")
                .contains("No record of yours was opened and nothing was spent.");
        assertThat(said.out().lines()).allMatch(line -> line.length() <= COLUMNS);
        assertThat(ledger()).isEqualTo(before);
        assertThat(decision()).isInstanceOf(Decision.Pending.class);
        JsonNode json =
                good("try", request.id(), "--examples", "1000", "--json").json();
        assertThat(json.path("private").asBoolean(true)).isFalse();
        assertThat(json.path("rounds")).hasSize(3);
        assertThat(json.path("examples").asInt()).isEqualTo(1000);
        assertThat(json.path("updateBytes").asInt()).isEqualTo(4 * (8 * 16 + 16 + 16 * 2 + 2));
    }

    @Test
    void tryEndsWhenItsTimeIsUpAndShowsWhatWasSeen() {
        Request endless = owner.asks("s-18", TERMS.replace("batch-size: 250", "batch-size: 250, steps: 50000000"));
        Sotto said = run("try", endless.shortId(), "--timeout", "3s");
        assertThat(said.status()).isEqualTo(Failures.FAILED);
        assertThat(said.errors()).hasSize(1);
        assertThat(said.last())
                .containsPattern(
                        "stopped when its 3.000 seconds were up, in round 1, after [0-9]+ of its 50000000 steps")
                .contains("give it longer with --timeout");
        JsonNode json = run("try", endless.id(), "--timeout", "200ms", "--json").json();
        assertThat(json.path("stopped").asText()).isEqualTo("timeout");
        assertThat(json.path("rounds")).isEmpty();
        assertThat(good("try", request.id(), "--json").json().path("stopped").isNull())
                .isTrue();
    }

    @Test
    void tryTakesTheOwnersOwnMockDataAndNeverTheRecordsBesideIt() throws IOException {
        String yaml = "data-set: scans-2026\ndata: {source: idx, path: nowhere}\n";
        Files.writeString(owner.file(), yaml);
        Sotto missing = run("try", request.id(), "--data", owner.file().toString());
        assertThat(missing.status()).isEqualTo(Failures.USAGE);
        assertThat(missing.last()).contains("node.yaml: mock: it is missing");
        Files.writeString(owner.file(), yaml + "mock: {source: generated, features: 8, train: 1200, seed: 7}\n");
        Sotto said = good("try", request.id(), "--data", owner.file().toString());
        assertThat(said.out()).containsPattern("mock data +1,080 records, from the section mock");
        Files.writeString(owner.file(), yaml + "mock: {source: generated, features: 9, train: 1200}\n");
        Sotto misfit = run("try", request.id(), "--data", owner.file().toString());
        assertThat(misfit.status()).isEqualTo(Failures.USAGE);
        assertThat(misfit.last()).contains("mock: data contract: an example has the shape 9");
    }

    @Test
    void anApprovalAboveThePolicySaysThatThePolicyHolds() throws IOException {
        Files.writeString(owner.file(), AskedOwner.DATA + "  session-epsilon: 3\n");
        String id = owner.asks("s-18", TERMS).shortId();
        Sotto within = good("approve", id, "--epsilon", "3", "--yes");
        assertThat(within.out() + within.err()).doesNotContain("your policy");
        Sotto above = good("approve", id, "--epsilon", "5", "--yes");
        assertThat(above.err().replaceAll("\\s+", " "))
                .contains("your policy's session-epsilon holds besides, and it is smaller")
                .contains("epsilon 3.000");
        assertThat(above.out().replaceAll("\\s+", " "))
                .contains("at most 5.000; your policy allows 3.000, which holds");
        JsonNode json = good("approve", id, "--epsilon", "5", "--yes", "--json").json();
        assertThat(json.path("policyEpsilon").asDouble()).isEqualTo(3);
    }

    @Test
    void approveSignsWithinTheOwnersLimits() {
        Sotto unasked = run("approve", request.shortId());
        assertThat(unasked.status()).isEqualTo(Failures.USAGE);
        assertThat(unasked.err()).contains("you would allow").containsPattern("epsilon +at most 2.000");
        assertThat(unasked.last()).contains("there is no terminal to ask on, so nothing was decided; give --yes");
        assertThat(decision()).isInstanceOf(Decision.Pending.class);

        Sotto said = good("approve", request.shortId(), "--rounds", "4", "--epsilon", "1.5", "--days", "7", "--yes");
        assertThat(said.out())
                .containsPattern("rounds +1 to 4")
                .containsPattern("epsilon +at most 1.500")
                .contains("sotto request revoke " + request.shortId());
        assertThat(said.err()).contains("note: the session plans for epsilon 2.000");
        assertThat((said.out() + said.err()).lines()).allMatch(line -> line.length() <= COLUMNS);
        Decision.Approved approved = (Decision.Approved) decision();
        assertThat(approved.approval().limits().rounds()).isEqualTo(4);
        assertThat(approved.approval().limits().epsilon().orElseThrow().value()).isEqualTo(1.5);
        assertThat(approved.approval().limits().expires())
                .isBetween(
                        Instant.now().plus(Duration.ofDays(7)).minusSeconds(120),
                        Instant.now().plus(Duration.ofDays(7)));
        assertThat(approved.approval().automatic()).isFalse();

        JsonNode again = good("approve", request.id(), "--yes", "--json").json();
        assertThat(again.path("rounds").asInt()).isEqualTo(10);
        assertThat(again.path("epsilon").asDouble())
                .as("as much as is asked and no more")
                .isEqualTo(2);
        assertThat(good("show", request.id()).out())
                .containsPattern("approved +\\d{4}-.* UTC, by you")
                .containsPattern("rounds +1 to 10")
                .contains("You may revoke it at any time.");
    }

    @Test
    void revokeTakesAnApprovalBackAndRejectRefusesARequest() {
        Sotto early = run("revoke", request.id(), "--reason", "why not");
        assertThat(early.status()).isNotZero();
        assertThat(early.errors()).hasSize(1).first().asString().contains("it is not approved");
        good("approve", request.id(), "--yes");
        assertThat(good("revoke", request.id(), "--reason", "the study has ended")
                        .out())
                .contains("No further round is done");
        assertThat(decision()).isEqualTo(new Decision.Revoked("the study has ended"));
        assertThat(good("list").out()).contains("revoked");

        Request other = owner.asks("s-18", TERMS.replace("rounds: 10", "rounds: 20"));
        JsonNode said = good("reject", other.id(), "--reason", "no ethics vote yet", "--json")
                .json();
        assertThat(said.path("state").asText()).isEqualTo("rejected");
        assertThat(said.path("reason").asText()).isEqualTo("no ethics vote yet");
        assertThat(good("show", other.id()).out()).containsPattern("rejected +no ethics vote yet");
    }

    @Test
    void ledgerVerifySaysWhereDecisionsEnd() {
        String[] verify = {"ledger", "verify", "--home", owner.home().toString()};
        assertThat(Sotto.run(verify).out()).contains("0 decisions on requests");
        good("approve", request.id(), "--yes");
        good("revoke", request.id(), "--reason", "the study has ended");
        // Nothing but this link tells whether the revocation was taken out: it is the last.
        Sotto said = Sotto.run(verify);
        try (Owner opened = Owner.open(owner.home())) {
            String last = opened.requests().history().get(1).hash();
            assertThat(said.out())
                    .contains("2 decisions on requests, all as the owner signed them; the last is " + last);
            JsonNode json = Sotto.run(verify[0], verify[1], verify[2], verify[3], "--json")
                    .json();
            assertThat(json.path("lastDecision").asText()).isEqualTo(last);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            show ffffffffff          | there is no request 'ffffffffff'
            approve X --rounds 11    | --rounds 11: it must be from 1 to 10
            approve X --epsilon -1   | --epsilon -1.0: it must be above 0
            approve X --days 0       | --days 0: it must be from 1 to 3650
            try X --rounds 0         | --rounds 0 is out of range
            try X --timeout 0s       | --timeout: it must be above 0
            try X --examples 10      | client.batch-size: 250 is more than the 10 training examples
            reject X                 | --reason
            shwo X                   | did you mean 'show'?
            """)
    void mistakesAreOneLine(String command, String message) {
        Sotto said = run(command.replace("X", request.id()).split(" "));
        assertThat(said.status()).as(said.err()).isEqualTo(Failures.USAGE);
        assertThat(said.errors()).hasSize(1);
        assertThat(said.last()).contains(message);
        assertThat(said.out()).isEmpty();
    }

    @Test
    void aFolderWithoutALedgerIsNamed() {
        Sotto said = Sotto.run(
                "request", "list", "--home", folder.resolve("elsewhere").toString());
        assertThat(said.status()).isEqualTo(Failures.USAGE);
        assertThat(said.last()).contains("elsewhere: there is no ledger");
    }

    @Test
    void theDataFolderOfADatasiteIsAHomeToo() throws IOException {
        Path data = folder.resolve("datasite");
        Files.createDirectories(data.resolve("private"));
        Files.move(owner.home(), data.resolve("private/sotto"));
        Sotto said = Sotto.run("request", "list", "--home", data.toString());
        assertThat(said.out()).as(said.err()).contains(request.shortId());
        assertThat(Sotto.run("ledger", "show", "--home", data.toString()).out()).contains("scans-2026");
    }

    @Test
    void aPackageThatWasChangedOnDiskIsNotShown() throws IOException {
        byte[] bytes = Files.readAllBytes(request.file());
        bytes[bytes.length / 2] ^= 1;
        Files.write(request.file(), bytes);
        Sotto said = run("show", request.id());
        assertThat(said.status()).isNotZero();
        assertThat(said.errors()).hasSize(1).first().asString().contains("request " + request.shortId());
        // What a list says was worked out when it arrived: no package is read for it.
        assertThat(good("list").out())
                .containsPattern(request.shortId() + " +pending +readmission +scans-2026 +10 +2.000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "list", "show", "diff", "try", "approve", "reject", "revoke"})
    void helpTeaches(String command) {
        Sotto said = Sotto.run(("request " + command + " --help").trim().split(" +"));
        assertThat(said.status()).isZero();
        assertThat(said.out()).contains("sotto request " + (command.isEmpty() ? "show" : command));
        assertThat(said.out()).containsAnyOf("Example", "In the order");
        assertThat(said.out().lines()).allMatch(line -> line.length() <= COLUMNS);
    }
}
