package dev.sotto.experiment.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sotto.experiment.run.RecordedRun;
import dev.sotto.experiment.run.RoundLine;
import dev.sotto.experiment.run.RunDirectory;
import dev.sotto.experiment.run.ToyRun;
import dev.sotto.federation.ExamplePrivacy;
import dev.sotto.privacy.NoiseMultiplier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private static final String HOSTILE = "</script><script>alert(1)</script><img src=x onerror=\"alert('2')\"> & co";

    @TempDir
    private Path temporary;

    @Test
    void statesTheResultInASentenceAndInNumbers() {
        String page = Report.html(Runs.secret("mnist", 10, 8));
        assertThat(page)
                .contains("10 clients trained mnist-cnn (26,010 parameters) on mnist for 8 rounds and reached ")
                .contains("each example protected with epsilon 3.00 at delta 1e-5.")
                .contains("<dt>Epsilon</dt><dd class=\"value\">3.00</dd><dd class=\"note\">delta 1e-5</dd>")
                .contains("Ended by the budget after 8 of 13 rounds.")
                .contains("round 8, budget: would spend 3.04 of 3")
                .contains("3 min 12 s");
    }

    @Test
    void tellsTheGuaranteeItsAssumptionsAndItsLimits() {
        String page = Report.html(Runs.secret("mnist", 3, 4));
        assertThat(page)
                .contains("What it rests on")
                .contains("Batches are drawn by Poisson sampling.")
                .contains("What it does not cover")
                .contains("Tuning is not accounted.")
                .contains("at most e^3.00 = 20.1 times")
                .contains("Class counts are withheld");
    }

    @Test
    void aRunWithoutPrivacyIsNotDressedUp() {
        String page = Report.html(Runs.open("mnist", 3, 4));
        assertThat(page)
                .contains(", without privacy.")
                .contains("<dt>Privacy</dt><dd class=\"value\">none</dd>")
                .doesNotContain("What it rests on");
    }

    @Test
    void aSeededRunIsCalledReproducibleAndNotPrivate() {
        ExamplePrivacy privacy = ExamplePrivacy.calibrated(3, 1e-3, 1);
        RunDirectory directory = new ToyRun(Optional.of(privacy), OptionalLong.of(7), 2)
                .into(temporary)
                .directory();
        assertThat(Report.html(directory.read()))
                .contains("Reproducible, not private.")
                .contains(", with noise for epsilon 3.00 at delta 0.001.")
                .doesNotContain("protected with");
    }

    private String wards(Optional<ExamplePrivacy> examples) {
        RunDirectory directory = new ToyRun(examples, OptionalLong.empty(), 3)
                .ofWards(ToyRun.protecting(Optional.of(2.0), Optional.empty(), true))
                .into(temporary)
                .directory();
        return Report.html(directory.read());
    }

    @Test
    void clientsThatAreProtectedAreToldOfByWhoIsLooking() {
        String page = wards(Optional.empty());
        assertThat(page)
                .contains("each client protected with epsilon 2.00 at delta 1e-4.")
                .contains("<dt>Epsilon per client</dt><dd class=\"value\">2.00</dd>")
                .containsPattern("delta 1e-4; [\\d.]+ knowing the cohorts")
                .contains("somebody who sees every model of the run, and knows what all other clients hold")
                .contains("Those who never learn which clients a round drew")
                .contains("Those who learn it, as the coordinator does, which is trusted")
                .contains("each of 30 clients with probability 0.3, 9 expected")
                .contains("Who took part in which round")
                .contains("aria-label=\"Epsilon over 3 rounds. each client: 2.00")
                .doesNotContain("Each example</h3>", "id=\"update-norms\"", "id=\"clipping-norm\"");
    }

    @Test
    void bothLevelsStandSideBySide() {
        String page = wards(Optional.of(ExamplePrivacy.calibrated(3, 1e-3, 1)));
        assertThat(page)
                .contains(
                        "each client protected with epsilon 2.00 at delta 1e-4 and each example protected with epsilon 3.00"
                                + " at delta 0.001.")
                .contains("<h3>Each client</h3>", "<h3>Each example</h3>")
                .contains("Everybody, also the coordinator and the other clients")
                .contains("each client: 2.00", "each example: 3.00");
    }

    @Test
    void aNormThatMovesHasAPlotAndNoisedScoresSaySo() {
        List<RoundLine> history = IntStream.rangeClosed(1, 3)
                .mapToObj(round -> new RoundLine(
                        round,
                        true,
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        Map.of(),
                        OptionalDouble.of(0.5 + 0.1 * round),
                        OptionalDouble.empty(),
                        OptionalDouble.of(0.03),
                        OptionalDouble.of(round),
                        OptionalDouble.empty(),
                        OptionalDouble.of(0.1 * round),
                        OptionalDouble.of(0.2 * round),
                        OptionalLong.empty(),
                        OptionalDouble.empty(),
                        List.of()))
                .toList();
        RecordedRun run = new RecordedRun(Runs.unfinished().experiment(), history, Optional.empty(), Optional.empty());
        assertThat(Report.html(run))
                .contains("aria-label=\"Clipping norm over 3 rounds. clipping norm: 0.3000, from 0.1000.")
                .contains("measured with noise of standard deviation 3.00%");
    }

    @Test
    void anOvershotTargetIsShown() {
        ExamplePrivacy asked = ExamplePrivacy.calibrated(3, 1e-3, 1);
        ExamplePrivacy soft = new ExamplePrivacy(
                asked.epsilon(),
                asked.delta(),
                Optional.of(new NoiseMultiplier(0.5)),
                asked.clipping(),
                asked.clipPer(),
                asked.relation(),
                asked.samplingRate(),
                asked.noiseSchedule(),
                asked.clippingSchedule(),
                asked.accountant(),
                false);
        RunDirectory directory = new ToyRun(Optional.of(soft), OptionalLong.empty(), 2)
                .into(temporary)
                .directory();
        assertThat(Report.html(directory.read()))
                .contains("3 clients went past the target of epsilon 3: the limit was not a hard one");
    }

    @Test
    void isMadeFromTheDirectoryAlone() throws IOException {
        new ToyRun(Optional.empty(), OptionalLong.empty(), 2).into(temporary);
        Report.write(RunDirectory.open(temporary));
        String first = Files.readString(temporary.resolve("report.html"));
        assertThat(first).startsWith("<!doctype html>").contains("<h1>toy</h1>");
        assertThat(temporary.resolve("accuracy.svg")).content().startsWith("<svg xmlns=\"http://www.w3.org/2000/svg\"");
        Report.write(RunDirectory.open(temporary));
        assertThat(temporary.resolve("report.html")).hasContent(first);
    }

    @Test
    void aRunThatWasCutShortHasAReportTheSame() {
        assertThat(Report.html(Runs.unfinished()))
                .contains("The run has not finished: 2 rounds so far, accuracy ")
                .contains("id=\"accuracy\"");
        assertThat(Report.html(
                        new RecordedRun(Runs.unfinished().experiment(), List.of(), Optional.empty(), Optional.empty())))
                .contains("The run has not finished its first round.");
    }

    @Test
    void needsNothingFromAnywhereAndMayAskForNothing() {
        String page = Report.html(Runs.open("mnist", 3, 4));
        assertThat(page)
                .contains("default-src &#39;none&#39;")
                .contains("uPlot=function")
                .contains("MIT License");
        String markup = page.replaceAll("(?s)<script.*?</script>|<style.*?</style>|<!--.*?-->", "");
        assertThat(markup).doesNotContainPattern("(src|href)=\"(?!#)");
        assertThat(page.replaceAll("(?s)<script.*?</script>", "")).doesNotContain("@import", "url(");
    }

    @Test
    void thePolicyAdmitsExactlyTheScriptsOfThePage() {
        String page = Report.html(Runs.open("mnist", 3, 4));
        Matcher scripts = Pattern.compile("(?s)<script>(.*?)</script>").matcher(page);
        int count = 0;
        while (scripts.find()) {
            assertThat(page).contains(Markup.escape(Assets.hash(scripts.group(1))));
            count++;
        }
        assertThat(count).isEqualTo(2);
    }

    @Test
    void textFromUsersCannotBecomeMarkup() {
        String page = Report.html(Runs.open(HOSTILE, 3, 4));
        assertThat(page)
                .contains(Markup.escape(HOSTILE))
                .doesNotContain("<script>alert")
                .doesNotContain("<img");
        assertThat(Report.accuracy(Runs.open(HOSTILE, 3, 4)))
                .doesNotContain("<script>")
                .contains("&lt;/script&gt;");
    }

    @Test
    void embeddedJsonCannotEndItsElementAndReadsBack() throws IOException {
        LineChart chart = new LineChart(
                "x",
                "t",
                new int[] {1, 2},
                List.of(Series.solid(HOSTILE + "\u2028", new double[] {1, Double.NaN})),
                LineChart.Unit.NUMBER,
                "");
        String json = ChartData.script(List.of(chart));
        assertThat(json).doesNotContain("<", ">", "&", "\u2028", "NaN");
        JsonNode series =
                new ObjectMapper().readTree(json).path(0).path("series").path(0);
        assertThat(series.path("name").asText()).isEqualTo(HOSTILE + "\u2028");
        assertThat(series.path("values").toString()).isEqualTo("[1.0,null]");
    }

    @Test
    void everyPlotHasItsNumbersInATable() {
        String page = Report.html(Runs.open("mnist", 3, 4));
        long plots = Pattern.compile("class=\"plot\"").matcher(page).results().count();
        assertThat(plots).isEqualTo(4);
        assertThat(Pattern.compile("<summary>The numbers</summary>")
                        .matcher(page)
                        .results()
                        .count())
                .isEqualTo(plots);
        assertThat(page).contains("aria-label=\"Accuracy over 4 rounds. test data: ");
    }

    @Test
    void theTableOfClientsIsInNaturalOrderAndEndsAt200() {
        String page = Report.html(Runs.secret("many", 230, 2));
        String table = page.substring(page.indexOf("aria-label=\"Clients\""));
        assertThat(table.indexOf(">client-2<")).isLessThan(table.indexOf(">client-10<"));
        assertThat(table)
                .contains(">client-199<")
                .doesNotContain(">client-200<")
                .contains("And 30 more clients.");
    }
}
