package dev.sotto.owner.request;

import static dev.sotto.owner.request.AskedExamples.PRIVATE;
import static dev.sotto.owner.request.AskedExamples.TERMS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.formats.Printable;
import dev.sotto.owner.Owner;
import dev.sotto.owner.ledger.LedgerLine;
import dev.sotto.owner.ledger.SessionKey;
import dev.sotto.owner.ledger.TotalLimit;
import dev.sotto.owner.request.RequestWords.Row;
import dev.sotto.owner.request.RequestWords.Sentence;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.event.Gaussian;
import dev.sotto.privacy.ledger.Budget;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The words of a request")
class RequestWordsTest {
    @TempDir
    private Path folder;

    private Owner owner;

    @BeforeEach
    void open() {
        owner = Owner.open(folder);
        owner.ledger().declare("scans", List.of(), Optional.of(TotalLimit.of(8, 1e-6)));
    }

    @AfterEach
    void close() {
        owner.close();
    }

    private RequestWords words(String terms) {
        return RequestWords.of(AskedExamples.asked(owner, terms, 2));
    }

    private static String text(RequestWords words) {
        return words.parts().stream()
                .flatMap(part -> part.lines().stream())
                .map(line -> line instanceof Row row ? row.label() + "=" + row.value() : ((Sentence) line).text())
                .collect(Collectors.joining("\n"));
    }

    private void spend(String session, double sigma, int times) {
        Gaussian event = new Gaussian(sigma, 1, NeighbouringRelation.ZERO_OUT);
        var ledger = owner.ledger()
                .session(
                        new SessionKey("network-2", session),
                        "scans",
                        Budget.unlimited(new Delta(1e-6), AccountantChoice.RDP),
                        event);
        for (int i = 0; i < times; i++) {
            ledger.reserve("scans", event, "round " + i);
        }
    }

    @Test
    void sayWhatIsComputedOnWhichDataAndHowLong() {
        RequestWords words = words(TERMS + PRIVATE);
        assertThat(words.parts())
                .extracting(RequestWords.Part::title)
                .containsExactly(
                        "What would be computed",
                        "On which data",
                        "What leaves this machine",
                        "What protects them",
                        "What is assumed of others",
                        "What your ledger will hold for scans");
        assertThat(words.row("project")).contains("readmission");
        assertThat(words.row("purpose")).contains("tell 2 classes apart: home, readmitted");
        assertThat(words.row("model")).contains("logistic, 18 parameters");
        assertThat(words.row("rounds")).contains("3");
        assertThat(words.row("steps")).contains("15 a round, 45 in all");
        assertThat(words.row("participants")).contains("2 owners, all asked in each round");
        assertThat(words.row("data set")).contains("scans");
        assertThat(words.row("each has")).contains("8 numbers, and one of 2 classes");
        assertThat(words.row("records")).contains("300 to train on");
        assertThat(words.row("an update"))
                .contains("at most once a round, 3 times: 18 numbers, 72 bytes; 216 bytes in all");
        assertThat(words.row("training loss")).contains("withheld");
    }

    @Test
    void sayWhatEpsilonMeansAndWhoAddsTheNoise() {
        RequestWords words = words(TERMS + PRIVATE);
        assertThat(words.row("epsilon"))
                .contains("at most 2.000 over all 3 rounds together; a round beyond is refused");
        assertThat(words.row("delta")).contains("1e-5");
        assertThat(words.row("noise")).contains("added here, in every step, before anything leaves");
        assertThat(text(words))
                .contains(
                        "Somebody who knows all your records but one and sees everything that leaves can be right about"
                                + " whether that one was used at most 89 times in 100 (odds of 7.4 to 1), where a blind guess is"
                                + " right 50 times.")
                .contains("worse luck than that, 1 in 100,000, and is counted in")
                .contains("What it may tell about a record is bounded")
                .contains("holds against the coordinator and all participants together")
                .doesNotContain("coordinator is trusted");
    }

    @Test
    void sayThatTheCoordinatorIsTrustedWhereItAddsTheNoise() {
        RequestWords words = words(TERMS + "privacy: {client-level: {epsilon: 4, delta: 1e-3, clipping-norm: 1}}\n");
        assertThat(words.row("protected")).contains("you as a whole, with all your records together");
        assertThat(words.row("noise")).contains("added by the coordinator, to the sum of all updates");
        assertThat(words.row("one record")).hasValueSatisfying(text -> assertThat(text)
                .contains("from the same noise; your ledger books this")
                .contains("what you allow a session (policy.session-epsilon, approve --epsilon) is held against this"));
        assertThat(text(words))
                .contains("the coordinator is trusted. It sees your update as it is")
                .contains(
                        "knows the data of every owner but you and sees every model, but no single update, can be right")
                .contains("It leaves before it is protected");
    }

    @Test
    void doNotCallAFigureTheMostThatRoundsCutShortAddTo() {
        assertThat(words(TERMS + PRIVATE).row("spent after"))
                .hasValueSatisfying(text -> assertThat(text).startsWith("at most epsilon"));
        String unlimited = PRIVATE.replace("epsilon: 2,", "epsilon: 2, hard-limit: false,");
        RequestWords words = words(TERMS + unlimited);
        assertThat(words.row("spent after"))
                .hasValueSatisfying(
                        text -> assertThat(text).startsWith("epsilon ").endsWith(", if no round is cut short"));
        assertThat(text(words))
                .contains("this session has no limit that stops that. An approval with --epsilon sets one.");
        RequestWords room = words(TERMS + PRIVATE.replace("epsilon: 2,", "epsilon: 20, noise-multiplier: 1,"));
        assertThat(room.row("spent after"))
                .hasValueSatisfying(text -> assertThat(text).endsWith("if no round is cut short"));
        assertThat(text(room)).contains("this session may come to epsilon 20.00 by that, and no further");
        // Booked once, as a whole.
        String clients =
                "privacy: {client-level: {noise-multiplier: 2, delta: 1e-3, clipping-norm: 1, hard-limit: false}}\n";
        assertThat(words(TERMS + clients).row("spent after"))
                .hasValueSatisfying(text -> assertThat(text).startsWith("at most epsilon"));
    }

    @Test
    void tellSharesOfNoiseFromNoiseThatIsEnough() {
        String shares = text(words(TERMS
                + "cohort: {min-clients: 2}\nprivacy: {client-level: {epsilon: 4, delta: 1e-3, clipping-norm: 1, noise:"
                + " clients}}\n"));
        assertThat(shares)
                .contains("a share is added here; only the sum of all shares is enough")
                .contains("at least 2 participants, you among them, must add their shares")
                .contains("It leaves before it is protected");
        String local = text(
                words(TERMS + "privacy: {client-level: {epsilon: 4, delta: 1e-3, clipping-norm: 1, noise: local}}\n"));
        assertThat(local)
                .contains("all of it is added here, before the update leaves")
                .contains("About you as a whole nothing is assumed of others")
                .contains("sees everything that leaves can be right about whether you took part")
                .doesNotContain("It leaves before it is protected");
    }

    @Test
    void doNotFlatterASessionWithoutPrivacy() {
        RequestWords words = words(TERMS + "evaluation: {validation-fraction: 0.1}\n");
        assertThat(words.row("epsilon")).contains("without bound");
        assertThat(words.row("noise")).contains("none is added, by anybody");
        assertThat(words.row("training loss")).contains("after each round, exactly");
        assertThat(words.row("accuracy")).contains("on the records held out, exactly, 3 times");
        assertThat(words.row("spent after")).contains("without bound");
        assertThat(text(words))
                .contains("Nothing protects your records")
                .contains("Nothing bounds what it may tell about a record.")
                .contains("That is more than your limit: the ledger will refuse before your data is touched.");
    }

    @Test
    void sayOfALargeEpsilonThatItPromisesNextToNothing() {
        assertThat(text(words(TERMS + PRIVATE.replace("epsilon: 2", "epsilon: 7"))))
                .contains(
                        "can be right about whether that one was used as good as always: an epsilon this large promises next to nothing");
    }

    @Test
    void sayWhatTheLedgerHoldsNowAndAfterwards() {
        assertThat(words(TERMS + PRIVATE).row("spent now")).contains("epsilon 0 at delta 1e-6");
        spend("s-1", 4, 3);
        Asked asked = AskedExamples.asked(owner, TERMS + PRIVATE, 2);
        double now = asked.ledger().counted().now().orElseThrow();
        double after = asked.ledger().counted().after().orElseThrow();
        assertThat(now).isEqualTo(owner.ledger().standing("scans").enforced().orElseThrow());
        assertThat(after).isGreaterThan(now).isLessThan(8);
        assertThat(asked.ledger().spent().now())
                .isEqualTo(owner.ledger().standing("scans").epsilon());
        assertThat(RequestWords.of(asked).row("your limit")).contains("epsilon 8.000 at delta 1e-6");

        // It is what the ledger comes to hold when the session does what it said.
        var privacy = asked.agreed().privacy().orElseThrow();
        var session = owner.ledger()
                .session(
                        asked.agreed().key(),
                        "scans",
                        asked.agreed().budget(),
                        asked.agreed().planned());
        int steps = 0;
        for (int round = 1; round <= 3; round++) {
            session.reserve("scans", privacy.roundEvent(steps, round), "round " + round);
            steps += privacy.steps(round);
            // A session that is under way is not counted twice.
            assertThat(AskedExamples.asked(owner, TERMS + PRIVATE, 2)
                            .ledger()
                            .counted()
                            .after()
                            .orElseThrow())
                    .isCloseTo(after, within(1e-9));
        }
        assertThat(owner.ledger().standing("scans").enforced().orElseThrow()).isCloseTo(after, within(1e-9));
    }

    @Test
    void doNotTouchTheLedger() {
        spend("s-1", 4, 1);
        List<LedgerLine> before = owner.ledger().lines();
        words(TERMS + PRIVATE);
        assertThat(owner.ledger().lines()).isEqualTo(before);
    }

    @Test
    void areWordsWhateverIsInAPackage() {
        String hostile = TERMS.replace(
                "name: readmission", "name: \"x\\n  epsilon       at\\u00A0most\\u30000.01\\e[2K\\u202E\"");
        RequestWords words = words(hostile);
        assertThat(words.row("project")).contains("x?  epsilon       at most 0.01?[2K?");
        RequestDiff diff = RequestDiff.of(AskedExamples.asked(owner, TERMS, 2), AskedExamples.asked(owner, hostile, 2));
        assertThat(diff.terms()).isNotEmpty().allSatisfy(change -> assertThat(
                        change.where() + change.first() + change.second())
                .matches(Printable::is));
        assertThat(diff.words()).isNotEmpty().allSatisfy(change -> assertThat(
                        change.where() + change.first() + change.second())
                .matches(Printable::is));
    }

    @Test
    void printNoStrangersControlCharacters() {
        RequestWords words = words(TERMS.replace("readmission", "\"good\\e[2K\\rbad\\u202Edab\"") + PRIVATE);
        assertThat(words.row("project")).contains("good?[2K?bad?dab");
    }

    @Test
    void haveShortLabels() {
        for (String privacy :
                List.of("", PRIVATE, "privacy: {client-level: {epsilon: 4, delta: 1e-3, clipping-norm: 1}}\n")) {
            words(TERMS + privacy).parts().forEach(part -> part.lines().forEach(line -> {
                if (line instanceof Row row) {
                    assertThat(row.label()).hasSizeLessThanOrEqualTo(RequestWords.LABEL);
                    assertThat(row.value()).isNotBlank().doesNotContain("\n");
                }
            }));
        }
    }
}
