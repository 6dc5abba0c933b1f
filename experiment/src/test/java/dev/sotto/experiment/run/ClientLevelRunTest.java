package dev.sotto.experiment.run;

import static dev.sotto.experiment.run.ToyRun.protecting;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sotto.experiment.report.Report;
import dev.sotto.federation.ExamplePrivacy;
import dev.sotto.federation.RoundRecord;
import dev.sotto.federation.clientlevel.ClientLevelPrivacy;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.NoiseMultiplier;
import dev.sotto.privacy.PrivacyUnit;
import dev.sotto.privacy.SamplingRate;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.event.DpEvents;
import dev.sotto.privacy.event.Gaussian;
import dev.sotto.privacy.event.PoissonSampled;
import dev.sotto.privacy.event.SelfComposed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run that protects whole clients writes down, and what it keeps to itself. */
class ClientLevelRunTest {
    private static final ExamplePrivacy EXAMPLES = ExamplePrivacy.calibrated(3, 1e-3, 1);
    private static final ToyRun OPEN = new ToyRun(Optional.empty(), OptionalLong.empty(), 4);

    @TempDir
    private Path temporary;

    private ToyRun.Written wards(ToyRun run, ClientLevelPrivacy asked) {
        ToyRun.Written written = run.ofWards(asked).into(temporary);
        Report.write(written.directory());
        return written;
    }

    @Test
    void theStatementIsWhatTheFederationsLedgerHolds() throws IOException {
        wards(OPEN, protecting(Optional.empty(), Optional.of(1.5), true));
        JsonNode privacy = Json.parse(Files.readString(temporary.resolve("privacy.json")));
        SelfComposed released = new SelfComposed(
                new PoissonSampled(0.3, new Gaussian(1.5, 1, NeighbouringRelation.ADD_OR_REMOVE_ONE)), 4);
        double epsilon = AccountantChoice.RDP
                .accountant()
                .epsilon(released, new Delta(1e-4))
                .orInfinity();

        assertThat(privacy.path("private").asBoolean()).isTrue();
        assertThat(privacy.path("unit").asText()).isEqualTo("client");
        assertThat(privacy.path("relation").asText()).isEqualTo("add-or-remove-one");
        assertThat(privacy.path("epsilon").asDouble()).isEqualTo(epsilon);
        assertThat(privacy.path("delta").asDouble()).isEqualTo(1e-4);
        assertThat(privacy.path("levels")).hasSize(1);
        assertThat(DpEvents.parts(
                        DpEvents.fromJson(privacy.path("levels").path(0).path("event"))))
                .isEqualTo(DpEvents.parts(released));
        JsonNode own = privacy.path("clientLevel");
        assertThat(own.path("clippingNorm").asDouble()).isEqualTo(0.5);
        assertThat(own.path("noiseStddev").asDouble()).isEqualTo(0.75);
        assertThat(own.path("samplingRate").asDouble()).isEqualTo(0.3);
        assertThat(own.path("expectedCohort").asDouble()).isEqualTo(9);
        assertThat(own.path("population").asInt()).isEqualTo(30);
        assertThat(own.path("amplified").asBoolean()).isTrue();
        assertThat(own.path("releasedRounds").asInt()).isEqualTo(4);
        assertThat(own.path("clients")).hasSize(30);
        assertThat(privacy.path("assumptions").toString())
                .contains("Each round draws each client by itself with probability 0.3", "it is trusted");
        assertThat(privacy.path("notCovered").toString()).contains("Tuning is not accounted");
    }

    @Test
    void whoeverLearnsTheCohortsHasALargerFigure() {
        ToyRun.Written run = wards(OPEN, protecting(Optional.empty(), Optional.of(1.5), true));
        ClientLevelGuarantee own =
                run.directory().read().privacy().orElseThrow().clientLevel().orElseThrow();
        double unsampled = AccountantChoice.RDP
                .accountant()
                .epsilon(
                        new SelfComposed(new Gaussian(1.5, 1, NeighbouringRelation.ADD_OR_REMOVE_ONE), 4),
                        new Delta(1e-4))
                .orInfinity();
        assertThat(own.epsilonKnowingCohorts()).hasValue(unsampled);
        assertThat(unsampled).isGreaterThan(2 * own.epsilon().orElseThrow());
        assertThat(run.summary()
                        .json()
                        .path("privacy")
                        .path("epsilonKnowingCohorts")
                        .asDouble())
                .isEqualTo(unsampled);
    }

    @Test
    void theHistoryHoldsClippingNoiseAndEpsilonAndNobodysPart() {
        ToyRun.Written run = wards(OPEN, protecting(Optional.of(2.0), Optional.empty(), true));
        List<RoundLine> history = run.directory().read().history();
        assertThat(history).hasSize(4).allSatisfy(line -> {
            assertThat(line.clippingNorm()).hasValue(0.5);
            assertThat(line.noiseStddev().orElseThrow()).isGreaterThan(0.1);
            assertThat(line.updates()).isEqualTo(OptionalLong.empty());
            assertThat(line.seconds()).isEqualTo(OptionalDouble.empty());
            assertThat(line.clients()).isEmpty();
        });
        assertThat(history.get(0).epsilon().orElseThrow())
                .isLessThan(history.get(3).epsilon().orElseThrow());
        assertThat(history.get(3).epsilon().orElseThrow()).isBetween(1.98, 2.0);
        assertThat(run.result().history().stream().map(RoundRecord::seconds)).allMatch(seconds -> seconds > 0);
    }

    @Test
    void noFileTellsWhoTookPartOrWhatTheyHold() throws IOException {
        requireSilence(wards(OPEN, protecting(Optional.of(2.0), Optional.empty(), true)));
    }

    @Test
    void noFileTellsItWithBothLevels() throws IOException {
        ToyRun both = new ToyRun(Optional.of(EXAMPLES), OptionalLong.empty(), 4);
        requireSilence(wards(both, protecting(Optional.of(2.0), Optional.empty(), true)));
    }

    @Test
    void theCheckHearsARunThatTells() {
        ToyRun.Written run = new ToyRun(Optional.of(EXAMPLES), OptionalLong.empty(), 1).into(temporary);
        Report.write(run.directory());
        assertThatThrownBy(() -> requireSilence(run)).isInstanceOf(AssertionError.class);
    }

    /**
     * Clients are named in one list of everybody and in one list of equal lines, and nowhere else; the numbers of their
     * examples, which no two share, stand nowhere.
     */
    private void requireSilence(ToyRun.Written run) throws IOException {
        assertThat(run.cohorts()).anyMatch(cohort -> cohort.size() < 30);
        RecordedRun read = run.directory().read();
        List<String> ids = read.result().orElseThrow().clients().stream()
                .map(RunSummary.ClientResult::id)
                .toList();
        assertThat(ids).hasSize(30);
        assertThat(read.privacy().orElseThrow().clientLevel().orElseThrow().population())
                .isEqualTo(ids);
        assertThat(read.result().orElseThrow().clients())
                .extracting(RunSummary.ClientResult::examples, RunSummary.ClientResult::steps)
                .allMatch(line -> line.toList().equals(List.of(OptionalInt.empty(), OptionalInt.empty())));
        assertThat(read.result().orElseThrow().clients().stream()
                        .map(RunSummary.ClientResult::epsilon)
                        .distinct())
                .hasSize(1);
        try (Stream<Path> files = Files.list(temporary)) {
            for (Path file : files.toList()) {
                String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                // Scripts and styles are the same in every report.
                text = text.replaceAll("(?s)<style.*?</style>|<script>.*?</script>", "");
                String name = file.getFileName().toString();
                long lists = name.equals("result.json") ? 2 : name.equals("privacy.json") ? 1 : 0;
                for (String id : ids) {
                    assertThat(text.split("\\b" + id + "\\b", -1).length - 1L)
                            .as(id + " in " + name)
                            .isEqualTo(lists);
                }
                for (int i = 0; !name.startsWith("model.") && i < 30; i++) {
                    assertThat(text).as(name).doesNotContainPattern("(?<![\\d.])" + (2011 + 7 * i) + "(?!\\d)");
                }
                assertThat(text).as(name).doesNotContain("trainingLoss", "updateNorm\":");
            }
        }
    }

    @Test
    void bothLevelsStandSideBySide() {
        ToyRun both = new ToyRun(Optional.of(EXAMPLES), OptionalLong.empty(), 4);
        ToyRun.Written run = wards(both, protecting(Optional.of(2.0), Optional.empty(), true));
        JsonNode privacy = run.summary().json().path("privacy");
        assertThat(privacy.path("unit").asText()).isEqualTo("client");
        assertThat(privacy.path("epsilon").asDouble()).isBetween(1.98, 2.0);
        assertThat(privacy.path("levels").findValuesAsText("unit")).containsExactly("example", "client");
        assertThat(privacy.path("levels").path(0).path("epsilon").asDouble())
                .as("the limit, since what a client spent tells how often it took part")
                .isEqualTo(3);
        assertThat(privacy.path("levels").path(0).path("delta").asDouble()).isEqualTo(1e-3);
        assertThat(run.directory().read().privacy().orElseThrow().assumptions().toString())
                .contains("Neighbouring federations differ in one client", "differ in one example")
                .doesNotContain("number of examples of each are public");
    }

    @Test
    void whereRateAndStepsAreDeclaredAnExamplesFigureIsThatOfAClientInEveryRound() {
        ExamplePrivacy declared = new ExamplePrivacy(
                Optional.empty(),
                EXAMPLES.delta(),
                Optional.of(new NoiseMultiplier(1)),
                EXAMPLES.clipping(),
                EXAMPLES.clipPer(),
                EXAMPLES.relation(),
                Optional.of(new SamplingRate(0.01)),
                EXAMPLES.noiseSchedule(),
                EXAMPLES.clippingSchedule(),
                EXAMPLES.accountant(),
                true);
        ToyRun run = new ToyRun(Optional.of(declared), OptionalLong.empty(), 4);
        RecordedRun read = wards(run, protecting(Optional.of(2.0), Optional.empty(), true))
                .directory()
                .read();
        double epsilon = AccountantChoice.RDP
                .accountant()
                .epsilon(
                        new SelfComposed(
                                new PoissonSampled(0.01, new Gaussian(1, 1, NeighbouringRelation.ZERO_OUT)), 4 * 3),
                        new Delta(1e-3))
                .orInfinity();
        assertThat(read.privacy()
                        .orElseThrow()
                        .level(PrivacyUnit.EXAMPLE)
                        .orElseThrow()
                        .epsilon())
                .hasValue(epsilon);
        assertThat(read.history().get(3).exampleEpsilon()).hasValue(epsilon);
        assertThat(read.history().get(0).exampleEpsilon().orElseThrow()).isLessThan(epsilon);
    }

    @Test
    void whereNothingIsDeclaredAnExamplesFigureIsNotStated() {
        ToyRun run = new ToyRun(Optional.of(ExamplePrivacy.withNoise(1, 1)), OptionalLong.empty(), 2);
        UnitGuarantee level = wards(run, protecting(Optional.of(2.0), Optional.empty(), true))
                .directory()
                .read()
                .privacy()
                .orElseThrow()
                .level(PrivacyUnit.EXAMPLE)
                .orElseThrow();
        assertThat(level.epsilon()).isEmpty();
        assertThat(level.overall()).contains("not stated", "declare epsilon");
    }

    @Test
    void aSpentBudgetEndsTheRunAndSaysSoWithoutNamingAnybody() {
        ToyRun.Written run = wards(OPEN, protecting(Optional.of(2.2), Optional.of(1.5), true));
        assertThat(run.summary().stopped()).hasValue("budget");
        assertThat(run.summary().rounds()).isBetween(1, 3);
        assertThat(run.summary().reason().orElseThrow())
                .contains("the limit is 2.2")
                .doesNotContain("ward");
        assertThat(run.summary().privacy().epsilon().orElseThrow()).isLessThanOrEqualTo(2.2);
    }

    @Test
    void aSoftLimitMayBePassedAndTheStatementSaysIt() {
        ToyRun.Written run = wards(OPEN, protecting(Optional.of(1.0), Optional.of(1.5), false));
        ClientLevelGuarantee own =
                run.directory().read().privacy().orElseThrow().clientLevel().orElseThrow();
        assertThat(own.releasedRounds()).isEqualTo(4);
        assertThat(own.pastLimit()).isTrue();
        assertThat(Report.html(run.directory().read())).contains("The target of epsilon 1 was passed");
    }

    @Test
    void aSeededRunIsReproducibleAndNotPrivate() {
        ToyRun seeded = new ToyRun(Optional.empty(), OptionalLong.of(7), 2);
        ToyRun.Written run = wards(seeded, protecting(Optional.of(2.0), Optional.empty(), true));
        PrivacyStatement statement = run.directory().read().privacy().orElseThrow();
        assertThat(statement.isPrivate()).isFalse();
        assertThat(statement.epsilon()).isPresent();
        assertThat(Report.html(run.directory().read()))
                .contains("Reproducible, not private.", ", with noise for epsilon 2.00 at delta 1e-4.");
    }

    @Test
    void everythingReadsBackAsItWasWritten() {
        ToyRun both = new ToyRun(Optional.of(EXAMPLES), OptionalLong.of(7), 2);
        ToyRun.Written run = wards(both, protecting(Optional.of(2.0), Optional.empty(), true));
        RecordedRun read = RunDirectory.open(temporary).read();
        assertThat(read.result()).contains(run.summary());
        assertThat(PrivacyStatement.parse(read.privacy().orElseThrow().json()))
                .isEqualTo(read.privacy().orElseThrow());
        assertThat(read.history().get(1))
                .isEqualTo(RoundLine.parse(read.history().get(1).json()));
        assertThat(read.privacy().orElseThrow().json().properties().stream().map(Map.Entry::getKey))
                .contains("levels", "clientLevel", "clients");
    }
}
