package dev.sotto.experiment.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.experiment.report.Series.Stroke;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class RunChartsTest {
    @Test
    void fewClientsHaveALineEachAndTheLimitOneToo() {
        LineChart epsilon = chart("epsilon", new RunCharts(Runs.secret("few", 3, 4)).all());
        assertThat(epsilon.series().stream().map(Series::name))
                .containsExactly("client-0", "client-1", "client-2", "limit");
        assertThat(epsilon.series().get(3).values()).containsOnly(3);
    }

    @Test
    void manyClientsAreTheirRangeAndMedian() {
        LineChart norms = chart("update-norms", new RunCharts(Runs.secret("many", 13, 4)).all());
        assertThat(norms.series().stream().map(Series::stroke)).containsExactly(Stroke.SOLID, Stroke.BAND, Stroke.BAND);
        for (int i = 0; i < 4; i++) {
            assertThat(norms.series().get(0).values()[i])
                    .isBetween(
                            norms.series().get(2).values()[i],
                            norms.series().get(1).values()[i]);
        }
    }

    @Test
    void whatWasNotMeasuredHasNoChart() {
        List<String> ids = new RunCharts(Runs.open("open", 3, 4))
                .all().stream().map(LineChart::id).toList();
        assertThat(ids).containsExactly("accuracy", "loss", "update-norms", "metric-0");
    }

    @Test
    void aRoundThatWasNotEvaluatedIsAGap() {
        LineChart accuracy = new RunCharts(Runs.secret("gaps", 3, 4)).accuracy();
        assertThat(accuracy.series().get(0).values()[0]).isNaN();
        assertThat(accuracy.series().get(0).values()[1]).isPositive();
    }

    @Test
    void axesEndOnRoundNumbersAndSharesStayWithinOne() {
        assertThat(Scale.over(DoubleStream.of(0.13, 2.74), 6)).isEqualTo(new Scale(0, 3, 0.5));
        Scale shares = Scale.over(DoubleStream.of(0.5, 0.998), 6).within(0, 1);
        assertThat(shares.max()).isEqualTo(1);
        assertThat(Scale.over(DoubleStream.of(5, 5), 6).min()).isLessThan(5);
        assertThat(Scale.over(DoubleStream.of(Double.NaN, Double.POSITIVE_INFINITY), 6)
                        .ticks())
                .hasSizeBetween(2, 12);
        assertThat(Scale.over(DoubleStream.of(0, 0), 6).ticks()).hasSizeBetween(2, 12);
        assertThat(Scale.over(DoubleStream.of(-1e-30, 1e-30), 6).ticks()).hasSizeBetween(2, 12);
    }

    private static LineChart chart(String id, List<LineChart> charts) {
        return charts.stream()
                .filter(chart -> chart.id().equals(id))
                .findFirst()
                .orElseThrow();
    }
}
