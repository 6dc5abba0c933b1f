package dev.sotto.experiment.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;

class SvgTest {
    @Test
    void accuracyIsAWellFormedDocumentWithALineForEachSeries() throws Exception {
        Document svg = parse(Report.accuracy(Runs.open("a & b", 3, 6)));
        assertThat(svg.getDocumentElement().getAttribute("role")).isEqualTo("img");
        assertThat(svg.getDocumentElement().getAttribute("aria-label"))
                .startsWith("a & b: accuracy over 6 rounds. test data: ");
        // A path for each of the two lines and one for each legend entry.
        assertThat(svg.getElementsByTagName("path").getLength()).isEqualTo(4);
        // Three evaluated rounds and six held-out ones.
        assertThat(svg.getElementsByTagName("circle").getLength()).isEqualTo(9);
    }

    @Test
    void charactersThatXmlCannotHoldAreReplaced() throws Exception {
        parse(Report.accuracy(Runs.open("bell \u0007 and \uFFFF", 3, 6)));
    }

    @Test
    void aSingleRoundAndNoRoundsAreDrawnToo() throws Exception {
        parse(Report.accuracy(Runs.open("one", 3, 1)));
        parse(SvgLines.draw(new LineChart("x", "nothing", new int[0], List.of(), LineChart.Unit.NUMBER, "")));
    }

    private static Document parse(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
    }
}
