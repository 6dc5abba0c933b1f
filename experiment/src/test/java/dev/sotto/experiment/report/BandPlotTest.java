package dev.sotto.experiment.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.experiment.report.BandPlot.Curve;
import dev.sotto.experiment.report.BandPlot.Level;
import java.io.StringReader;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/** Curves with bands: well-formed, each with its repeats' range, and axes that suit the numbers. */
final class BandPlotTest {
    private static Curve curve(String name, double... xs) {
        double[] means = new double[xs.length];
        double[] lows = new double[xs.length];
        double[] highs = new double[xs.length];
        for (int i = 0; i < xs.length; i++) {
            means[i] = 0.5 + 0.1 * i;
            lows[i] = means[i] - 0.05;
            highs[i] = means[i] + 0.05;
        }
        return new Curve(name, xs, means, lows, highs);
    }

    private static Document parsed(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    private static BandPlot plot(List<String> ticks, Level level, Curve... curves) {
        return new BandPlot("a < b", "noise", true, ticks, List.of(curves), level == null ? List.of() : List.of(level));
    }

    @Test
    void eachCurveHasALineAPointAValueAndABand() throws Exception {
        String svg = BandPlot.svg(List.of(plot(List.of(), null, curve("one", 0, 1, 2), curve("two", 0, 1, 2))));
        assertThat(parsed(svg).getElementsByTagName("circle").getLength()).isEqualTo(6);
        assertThat(svg).contains("class=\"band f0\"", "class=\"band f1\"", ">one<", ">two<", ">a &lt; b<", ">60%<");
    }

    @Test
    void numbersThatSpanMuchStandByTheirRatios() {
        Across narrow = Across.of(List.of(), List.of(curve("", 0.5, 1, 2)));
        assertThat(narrow.position(1.25)).isEqualTo((narrow.position(0.5) + narrow.position(2)) / 2);
        Across wide = Across.of(List.of(), List.of(curve("", 1, 10, 100)));
        assertThat(wide.position(10)).isEqualTo(0.5);
        assertThat(wide.ticks()).extracting(Across.Tick::label).containsExactly("1", "2", "5", "10", "20", "50", "100");
    }

    @Test
    void wordsStandInOrder() {
        Across words = Across.of(List.of("fedavg", "fedadam", "fedprox"), List.of(curve("", 0, 1, 2)));
        assertThat(words.ticks()).extracting(Across.Tick::position).containsExactly(0.0, 0.5, 1.0);
    }

    @Test
    void aRunWithoutABoundIsALineAcross() {
        String svg = BandPlot.svg(List.of(plot(List.of(), new Level("no bound", 0.9, 0), curve("", 1, 2))));
        assertThat(svg).contains("class=\"level c0\"", ">no bound<");
    }

    @Test
    void aSinglePointAndNoPointAtAllAreDrawnToo() throws Exception {
        parsed(BandPlot.svg(List.of(plot(List.of(), null, curve("", 1)))));
        parsed(BandPlot.svg(List.of(plot(List.of("x"), null, curve("", 0)))));
        parsed(BandPlot.svg(List.of(plot(List.of(), null, curve("")))));
    }
}
