package dev.sotto.experiment.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.w3c.dom.Document;
import org.w3c.dom.Element;

@DisplayName("A plot of spending")
class SpendingPlotTest {
    private static final Instant START = Instant.parse("2026-03-02T08:00:00Z");

    private static SpendingPlot plot(OptionalDouble limit, double... values) {
        List<Instant> at = new ArrayList<>();
        for (int i = 0; i < values.length; i++) {
            at.add(START.plus(Duration.ofDays(10L * (i + 1))));
        }
        return new SpendingPlot(
                "Epsilon spent on scans & more",
                START,
                START.plus(Duration.ofDays(60)),
                ZoneOffset.UTC,
                List.of(
                        new SpendingPlot.Line("All together", at, values),
                        new SpendingPlot.Line("Session <a>", at.subList(0, 1), new double[] {values[0] / 2})),
                limit);
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void risesInStepsFromZeroToNowAndStaysBelowItsLimit() throws Exception {
        Document svg = parse(plot(OptionalDouble.of(8), 1, 2.5, 4).svg(720, 320));
        assertThat(svg.getDocumentElement().getAttribute("aria-label"))
                .isEqualTo("Epsilon spent on scans & more. All together: 4.00. Session <a>: 0.500. Limit: 8.");
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < svg.getElementsByTagName("path").getLength(); i++) {
            paths.add(((Element) svg.getElementsByTagName("path").item(i)).getAttribute("d"));
        }
        // 44 is the left edge and 704 the right one; 8 is at the top, 26, and 0 at the bottom, 270.
        assertThat(paths).contains("M44.0 270.0H154.0V239.5H264.0V193.8H374.0V148.0H704.0");
        assertThat(paths).contains("M44.0 270.0H154.0V254.8H704.0");
        assertThat(svg.getElementsByTagName("style").getLength()).isZero();
        assertThat(SpendingPlot.style()).contains("svg.lines .c1 ", "prefers-color-scheme: dark");
    }

    @Test
    void breaksOffWhereThereIsNoBound() throws Exception {
        String svg = plot(OptionalDouble.empty(), 1, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY)
                .svg(720, 320);
        parse(svg);
        assertThat(svg)
                .contains("All together: without bound", ">without bound</text>")
                .doesNotContain("Limit", "NaN", "Infinity");
        assertThat(svg.split(">without bound<", -1)).hasSize(2);
    }

    @Test
    void tellsLinesApartWithoutTheirColours() {
        assertThat(List.of(0, 1, 2, 3, 4, 5)).extracting(SpendingPlot::colour).doesNotHaveDuplicates();
        assertThat(List.of(1, 2, 3, 4, 5)).extracting(SpendingPlot::dashes).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 08:00:00",
        "PT2M, 08:00:00",
        "PT5M, 08:00",
        "PT50M, 08:00",
        "PT12H, 09:00",
        "P2D, 3 Mar",
        "P6D, 3 Mar",
        "P60D, 16 Mar",
        "P300D, Apr 2026",
        "P4000D, Jan 2028",
    })
    void ticksStandWhereClocksAndCalendarsHaveThem(Duration span, String first) {
        TimeAxis axis = new TimeAxis(START, START.plus(span), ZoneOffset.UTC);
        List<TimeAxis.Tick> ticks = axis.ticks(8);
        assertThat(ticks).hasSizeBetween(2, 9);
        assertThat(ticks).extracting(TimeAxis.Tick::label).contains(first);
        assertThat(ticks).extracting(TimeAxis.Tick::at).isSorted().doesNotHaveDuplicates();
        assertThat(ticks)
                .allSatisfy(tick -> assertThat(axis.position(tick.at())).isBetween(0.0, 1.0));
    }

    @Test
    void daysAreThoseOfTheOwnersClock() {
        TimeAxis axis = new TimeAxis(
                Instant.parse("2026-03-28T12:00:00Z"),
                Instant.parse("2026-03-31T12:00:00Z"),
                ZoneId.of("Europe/Berlin"));
        // A night is an hour shorter; midnight is midnight all the same.
        assertThat(axis.ticks(5))
                .extracting(tick -> tick.at().toString())
                .containsExactly("2026-03-28T23:00:00Z", "2026-03-29T22:00:00Z", "2026-03-30T22:00:00Z");
        assertThat(axis.days()).isEqualTo("28 Mar 2026 to 31 Mar 2026");
    }

    @Test
    void namesCannotTurnTheirSurroundings() {
        assertThat(new Markup().text("a\u202Eb\u2066c<").toString()).isEqualTo("a\uFFFDb\uFFFDc&lt;");
    }
}
