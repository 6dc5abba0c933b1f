package dev.sotto.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.owner.request.Decided;
import dev.sotto.owner.request.Decision;
import dev.sotto.owner.request.Request;
import dev.sotto.owner.request.RequestWords;
import dev.sotto.owner.request.RequestWords.Row;
import dev.sotto.owner.request.RequestWords.Sentence;
import dev.sotto.page.Visitor.Answer;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.ledger.BudgetExceededException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.data.TemporalUnitWithinOffset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("An owner who decides on the page")
class RequestPagesTest {
    @TempDir
    private Path home;

    private TestOwner owner;
    private Visitor visitor;

    @BeforeEach
    void open() throws Exception {
        owner = new TestOwner(home);
        visitor = new Visitor(owner.page().address());
        visitor.enter();
    }

    @AfterEach
    void close() throws IOException {
        owner.close();
    }

    private static String path(Request request) {
        return "requests/" + request.id();
    }

    /** Fills in and sends a form of a request's page. */
    private Answer send(Request request, String form, String... fields) throws IOException {
        Map<String, String> all = new LinkedHashMap<>();
        all.put("proof", visitor.get(path(request)).proof());
        for (int i = 0; i < fields.length; i += 2) {
            all.put(fields[i], fields[i + 1]);
        }
        return visitor.post(path(request) + "/" + form, all);
    }

    @Test
    void readsTheSameWordsAsTheCommandPrints() throws Exception {
        Request request = owner.ask("s-17");
        assertThat(visitor.get("").body()).contains("1 request waits", request.shortId(), path(request));
        String page = visitor.get(path(request)).body();
        RequestWords words = owner.words(request);
        assertThat(words.parts()).isNotEmpty();
        for (RequestWords.Part part : words.parts()) {
            assertThat(page).contains(escaped(part.title()));
            for (RequestWords.Line line : part.lines()) {
                if (line instanceof Row row) {
                    assertThat(page).contains("<dt>" + escaped(row.label()) + "</dt>", escaped(row.value()));
                } else if (line instanceof Sentence sentence) {
                    assertThat(page).contains(escaped(sentence.text()));
                }
            }
        }
        assertThat(page).contains("value=\"3\"", "value=\"2\"", "value=\"30\"");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("'", "&#39;").replace("\"", "&quot;");
    }

    @Test
    void approvesWithinLimits() throws Exception {
        Request request = owner.ask("s-17");
        Answer answer = send(request, "approve", "rounds", "2", "epsilon", "1.5", "days", "7");
        assertThat(answer.status()).isEqualTo(303);
        assertThat(answer.header("Location")).singleElement().asString().endsWith(path(request) + "?done=approved");
        Decision.Approved approved = (Decision.Approved) owner.decision(request);
        assertThat(approved.approval().limits().rounds()).isEqualTo(2);
        assertThat(approved.approval().limits().epsilon().orElseThrow().value()).isEqualTo(1.5);
        assertThat(approved.approval().limits().expires())
                .isCloseTo(
                        Instant.now().plus(Duration.ofDays(7)), new TemporalUnitWithinOffset(60, ChronoUnit.SECONDS));
        assertThat(approved.approval().automatic()).isFalse();
        assertThat(visitor.get(path(request) + "?done=approved").body())
                .contains("Approved. ", "up to round 2, epsilon at most 1.5", "Revoke, with a reason")
                .contains("less epsilon than the session plans for, which is 2.00: rounds past your limit")
                .doesNotContain("Approve, within limits");
        assertThat(visitor.get("").body()).contains("What you approved", "Nothing waits for your decision.");
        assertThat(visitor.get("decisions").body()).contains("1. Approved.", "All signatures and links were checked");
        assertThatThrownBy(() -> owner.train(request, 2))
                .isInstanceOf(BudgetExceededException.class)
                .hasMessageContaining("the owner approved epsilon 1.5 for it, which does not cover round 2");
    }

    @Test
    void anOldFormDoesNotUndoWhatWasDecidedSince() throws Exception {
        Request request = owner.ask("s-17");
        assertThat(visitor.get(path(request)).body()).contains("name=\"seen\" value=\"pending\"");
        String[] old = {"rounds", "3", "epsilon", "", "days", "30", "seen", "pending"};
        send(request, "approve", "rounds", "1", "epsilon", "1", "days", "1");
        Decision narrow = owner.decision(request);
        Answer widened = send(request, "approve", old);
        assertThat(widened.status()).isEqualTo(422);
        assertThat(widened.body()).contains("It was decided on since you opened this page");
        assertThat(owner.decision(request)).isEqualTo(narrow);
        send(request, "revoke", "reason", "on second thoughts");
        assertThat(send(request, "approve", old).status()).isEqualTo(422);
        assertThat(owner.decision(request)).isInstanceOf(Decision.Revoked.class);
    }

    @Test
    void anEmptyEpsilonIsNoCap() throws Exception {
        Request request = owner.ask("s-17");
        send(request, "approve", "rounds", "3", "epsilon", "", "days", "1");
        Decision.Approved approved = (Decision.Approved) owner.decision(request);
        assertThat(approved.approval().limits().epsilon()).isEmpty();
    }

    @Test
    void isToldWhatIsWrongWithLimitsAndKeepsWhatWasTyped() throws Exception {
        Request request = owner.ask("s-17");
        Answer answer = send(request, "approve", "rounds", "4", "epsilon", "-1", "days", "soon");
        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.body())
                .contains(
                        "role=\"alert\"",
                        "Rounds must be a whole number from 1 to 3",
                        "Epsilon must be a number above 0",
                        "Days must be a whole number from 1 to 3650",
                        "value=\"4\"",
                        "value=\"-1\"",
                        "value=\"soon\"",
                        "aria-invalid=\"true\"",
                        "aria-describedby=\"rounds-error rounds-hint\"");
        assertThat(owner.decision(request)).isInstanceOf(Decision.Pending.class);
        for (String epsilon : new String[] {"NaN", "Infinity", "0", "1e999", "abc", "2d"}) {
            Answer again = send(request, "approve", "rounds", "1", "epsilon", epsilon, "days", "1");
            assertThat(again.status()).as(epsilon).isEqualTo(422);
        }
        assertThat(owner.decision(request)).isInstanceOf(Decision.Pending.class);
    }

    @Test
    void rejectsWithAReason() throws Exception {
        Request request = owner.ask("s-17");
        Answer without = send(request, "reject", "reason", "  ");
        assertThat(without.status()).isEqualTo(422);
        assertThat(without.body()).contains("Say why, in a line: the coordinator is told.");
        assertThat(owner.decision(request)).isInstanceOf(Decision.Pending.class);
        assertThat(send(request, "reject", "reason", "not this year").status()).isEqualTo(303);
        assertThat(owner.decision(request)).isEqualTo(new Decision.Rejected("not this year"));
        assertThat(visitor.get(path(request)).body()).contains("You rejected it: \u201cnot this year\u201d.");
        assertThat(visitor.get("").body()).contains("Other requests");
    }

    @Test
    void revokesAndThinksBetterOfIt() throws Exception {
        Request request = owner.ask("s-17");
        send(request, "approve", "rounds", "3", "epsilon", "2", "days", "30");
        assertThat(send(request, "revoke", "reason", "an audit is due").status())
                .isEqualTo(303);
        assertThat(owner.decision(request)).isEqualTo(new Decision.Revoked("an audit is due"));
        assertThat(send(request, "approve", "rounds", "1", "epsilon", "", "days", "3")
                        .status())
                .isEqualTo(303);
        assertThat(owner.decision(request)).isInstanceOf(Decision.Approved.class);
        assertThat(owner.owner().requests().history())
                .extracting(Decided::kind)
                .containsExactly(Decided.Kind.APPROVED, Decided.Kind.REVOKED, Decided.Kind.APPROVED);
        String history = visitor.get("decisions").body();
        assertThat(history.indexOf("3. Approved.")).isPositive().isLessThan(history.indexOf("2. Revoked."));
        assertThat(history).contains("\u201can audit is due\u201d", "All signatures and links were checked");
    }

    @Test
    void cannotApproveWhatIsAskedNoMore() throws Exception {
        Request old = owner.ask("s-17");
        String proof = visitor.get(path(old)).proof();
        Request newer = owner.ask("s-17", TestOwner.TERMS.replace("rounds: 3", "rounds: 2"));
        Answer late = visitor.post(
                path(old) + "/approve", Map.of("proof", proof, "rounds", "3", "epsilon", "2", "days", "30"));
        assertThat(late.status()).isEqualTo(422);
        assertThat(late.body()).contains("Nothing was changed.");
        assertThat(owner.decision(old)).isInstanceOf(Decision.Superseded.class);
        assertThat(owner.decision(newer)).isInstanceOf(Decision.Pending.class);
        assertThat(visitor.get(path(old)).body())
                .contains("see the newer request")
                .doesNotContain("Approve, within");
    }

    @Test
    void isNotKeptWaitingByWhatIsOver() throws Exception {
        Request request = owner.ask("s-17");
        owner.ask("s-18");
        String before = visitor.get("activity").body();
        owner.owner().over(request.key(), "stopped by its operator");
        String list = visitor.get("").body();
        assertThat(list).contains("1 request waits");
        assertThat(list.indexOf(path(request))).isGreaterThan(list.indexOf("Other requests"));
        assertThat(list).contains("It waits for you no longer. The session is over: stopped by its operator.");
        assertThat(visitor.get("activity").body()).isNotEqualTo(before);
        assertThat(visitor.get(path(request)).body()).contains("unless it is asked for again.");
        owner.ask("s-17");
        assertThat(visitor.get("").body()).contains("2 requests wait").doesNotContain("Other requests");
    }

    @Test
    void isToldThatWhatWasApprovedIsOver() throws Exception {
        Request request = owner.ask("s-17");
        send(request, "approve", "rounds", "3", "epsilon", "2", "days", "30");
        owner.owner().over(request.key(), "completed");
        assertThat(visitor.get("").body()).contains("What you approved", "The session is over: completed.");
    }

    @Test
    void isToldWhereThePolicyAllowsLess() throws Exception {
        Request request = owner.ask("s-17");
        owner.owner().requests().most(TestOwner.DATA_SET, Optional.of(new Epsilon(2.5)));
        assertThat(visitor.get(path(request)).body())
                .contains("no cap beside the session\u2019s own and your policy\u2019s, which is 2.5.")
                .doesNotContain("your node refuses it");
        send(request, "approve", "rounds", "3", "epsilon", "", "days", "30");
        assertThat(visitor.get(path(request)).body()).contains("no session spends more than epsilon 2.5.");
        owner.owner().requests().most(TestOwner.DATA_SET, Optional.of(new Epsilon(1.5)));
        assertThat(visitor.get(path(request)).body())
                .contains(
                        "Your policy allows a session epsilon 1.500, and this one asks for 2.000: your node refuses it");
    }

    @Test
    void readsNamesOfStrangersAsNamesOnly() throws Exception {
        String hostile = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>";
        Request request = owner.ask(
                "s-<b>17</b>&amp;",
                TestOwner.TERMS.replace("name: readmission", "name: '" + hostile.replace("'", "''") + "'"));
        send(request, "reject", "reason", hostile);
        for (String within : new String[] {"", path(request), "decisions", "ledger"}) {
            assertThat(visitor.get(within).body())
                    .doesNotContain("<script>", "<img", "<b>17", "onerror=alert(2)>")
                    .contains("</html>");
        }
        assertThat(visitor.get(path(request)).body()).contains("&lt;script&gt;alert(1)");
        assertThat(visitor.get("").body()).contains("Session s-&lt;b&gt;17&lt;/b&gt;&amp;amp; of network-1 asks");
        assertThat(visitor.get(path(request) + "?done=%3Cscript%3E").body()).doesNotContain("<script>");
    }

    @Test
    void seesWhatIsWrongWithADecisionThatWasTamperedWith() throws Exception {
        Request request = owner.ask("s-17");
        send(request, "approve", "rounds", "1", "epsilon", "1", "days", "1");
        owner.owner().close();
        owner.page().close();
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + home + "/ledger.db")) {
            other.createStatement().executeUpdate("DROP TRIGGER decisions_never_change");
            other.createStatement().executeUpdate("UPDATE decisions SET rounds = 3");
        }
        owner = new TestOwner(home);
        visitor = new Visitor(owner.page().address());
        visitor.enter();
        assertThat(visitor.get("decisions").body()).contains("Some of them are not what you signed");
        assertThat(visitor.get("").body()).contains("1 request waits");
    }

    @Test
    void isToldThatARequestIsNotThere() throws IOException {
        Answer answer = visitor.get("requests/0123456789abcdef");
        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body()).contains("There is no such request.");
    }

    @Test
    void cannotApproveWhatCannotBeRead() throws Exception {
        Request request = owner.ask("s-17");
        String proof = visitor.get(path(request)).proof();
        byte[] bytes = Files.readAllBytes(request.file());
        bytes[bytes.length / 2] ^= 1;
        Files.write(request.file(), bytes);
        assertThat(visitor.get(path(request)).body())
                .contains("It cannot be approved. Request " + request.shortId(), "Reject, with a reason")
                .doesNotContain("Approve, within");
        Answer answer = visitor.post(
                path(request) + "/approve", Map.of("proof", proof, "rounds", "1", "epsilon", "", "days", "1"));
        assertThat(answer.status()).isEqualTo(422);
        assertThat(owner.decision(request)).isInstanceOf(Decision.Pending.class);
        assertThat(send(request, "reject", "reason", "it is damaged").status()).isEqualTo(303);
    }
}
