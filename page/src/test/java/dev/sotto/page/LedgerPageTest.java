package dev.sotto.page;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.experiment.report.Figures;
import dev.sotto.owner.desk.Activity;
import dev.sotto.owner.ledger.SessionKey;
import dev.sotto.owner.ledger.Standing;
import dev.sotto.owner.request.ApprovalLimits;
import dev.sotto.owner.request.Request;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("An owner who watches")
class LedgerPageTest {
    @TempDir
    private Path home;

    private TestOwner owner;
    private Visitor visitor;

    @BeforeEach
    void open() throws Exception {
        owner = new TestOwner(home);
        enter();
    }

    private void enter() throws IOException {
        visitor = new Visitor(owner.page().address());
        visitor.enter();
    }

    @AfterEach
    void close() throws IOException {
        owner.close();
    }

    private void trained(String session, String terms, int rounds) throws Exception {
        Request request = owner.ask(session, terms);
        ApprovalLimits limits =
                new ApprovalLimits(rounds, Optional.empty(), Instant.now().plus(Duration.ofDays(1)));
        owner.owner().requests().approve(request, limits, owner.owner().key());
        owner.train(request, rounds);
    }

    @Test
    void seesThatNothingWasSpent() throws IOException {
        assertThat(visitor.get("ledger").body())
                .contains("Epsilon 0 is counted against your limit of 8.", "Nothing was spent on it so far.")
                .doesNotContain("<svg class=\"lines spending");
    }

    @Test
    void seesWhatWasSpentAsAPictureAndAsATable() throws Exception {
        trained("s-17", TestOwner.TERMS, 3);
        trained("s-4", TestOwner.TERMS.replace("epsilon: 2", "epsilon: 1"), 2);
        String page = visitor.get("ledger").body();
        Standing standing = owner.owner().ledger().standing(TestOwner.DATA_SET);
        String counted = Figures.epsilon(standing.enforced().orElseThrow());
        assertThat(page)
                .contains("Epsilon " + counted + " is counted against your limit of 8.")
                .contains("role=\"img\" aria-label=\"Epsilon spent on scans-2026 over time. All together, as counted: "
                        + counted + ". Session s-17 of network-1: ")
                .contains("Limit: 8.")
                .contains("limit 8</text>");
        for (Standing.OfSession session : standing.sessions()) {
            String epsilon = Figures.epsilon(session.epsilon().orElseThrow());
            assertThat(page)
                    .contains("Session " + session.key().session() + " of network-1: " + epsilon)
                    .contains("Session " + session.key().session() + " of network-1</th><td>" + epsilon + "</td><td>"
                            + session.reserved() + "</td><td>" + session.committed() + "</td>");
        }
        // The last of the picture's numbers are the ones that stand now.
        int last = page.lastIndexOf("<td class=\"words\" dir=\"auto\">Session s-4 of network-1</td>");
        String own = Figures.epsilon(standing.sessions().get(1).epsilon().orElseThrow());
        assertThat(page.substring(last)).contains("<td>" + own + "</td><td>" + counted + "</td>");
        assertThat(page.split("<td class=\"words\"", -1)).hasSize(1 + 5);
        int lines = owner.owner().ledger().lines().size();
        assertThat(page).contains("All " + lines + " lines of the ledger are as they were written.");
    }

    @Test
    void seesThatASessionWithoutProtectionLeavesNothing() throws Exception {
        owner.close();
        owner = new TestOwner(home, "{require: none}");
        enter();
        trained("open", TestOwner.TERMS.replaceFirst("privacy: .*", ""), 1);
        assertThat(visitor.get("ledger").body())
                .contains("Epsilon without bound is spent. You have set no limit", ">without bound</text>");
        owner.close();
        owner = new TestOwner(home);
        enter();
        assertThat(visitor.get("ledger").body())
                .contains("against your limit of 8: nothing is left, and every session is refused.");
    }

    @Test
    void isToldWhenALineIsNotWhatWasWritten() throws Exception {
        trained("s-17", TestOwner.TERMS, 1);
        owner.close();
        try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + home + "/ledger.db")) {
            other.createStatement().executeUpdate("DROP TRIGGER lines_never_change");
            other.createStatement().executeUpdate("UPDATE lines SET detail = 'round 9' WHERE detail = 'round 1'");
        }
        owner = new TestOwner(home);
        enter();
        assertThat(visitor.get("ledger").body()).contains("No. Line ", "it is not what was written", "role=\"alert\"");
    }

    @Test
    void readsNamesOfStrangersAsNamesOnly() throws Exception {
        trained("s-<i>1</i>\"'", TestOwner.TERMS, 1);
        assertThat(visitor.get("ledger").body())
                .contains("s-&lt;i&gt;1&lt;/i&gt;&quot;&#39; of network-1")
                .doesNotContain("<i>");
    }

    @Test
    void seesWhatTrainsNow() throws IOException {
        assertThat(visitor.get("activity").body()).contains("Nothing trains at the moment.");
        SessionKey key = new SessionKey("network-1", "s-<17>");
        try (Activity.Work work = owner.activity().begin(key, "scans-2026", Activity.Kind.TRAINING, 2, 3)) {
            assertThat(visitor.get("").body()).contains("Session s-&lt;17&gt; of network-1", "round 2 of 3, since");
            work.step(31, 60);
            assertThat(visitor.get("activity").body())
                    .contains("<progress max=\"60\" value=\"31\" aria-label=\"Steps of round 2\">")
                    .contains("step 31 of 60")
                    .contains("data-said=\"Session s-&lt;17&gt; of network-1: round 2 of 3 is half done.\"")
                    .doesNotContain("<!doctype");
        }
        assertThat(visitor.get("activity").body())
                .contains("Nothing trains at the moment. The last to end was round 2 of 3 of session s-&lt;17&gt;");
    }

    @Test
    void isShownThatSomethingChangedByAnotherState() throws Exception {
        String before = state(visitor.get("").body());
        assertThat(state(visitor.get("").body())).isEqualTo(before);
        owner.ask("s-17");
        assertThat(state(visitor.get("").body())).isNotEqualTo(before);
    }

    private static String state(String page) {
        return page.replaceFirst("(?s).*data-state=\"([^\"]*)\".*", "$1");
    }
}
