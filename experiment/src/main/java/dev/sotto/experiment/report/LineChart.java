package dev.sotto.experiment.report;

import java.util.List;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * Lines over rounds, as data: drawn by {@link SvgLines} in files and by the page's script in reports.
 *
 * @param id unique in a page: letters and dashes
 * @param title what it shows
 * @param rounds the positions on the x axis, ascending
 * @param series the lines; a band's two ends follow the line they surround
 * @param unit how values are written
 * @param note a sentence below it; may be empty
 */
record LineChart(String id, String title, int[] rounds, List<Series> series, Unit unit, String note) {

    /** How values are written and bounded. */
    enum Unit {
        /** A share of 1, written as a percentage. */
        SHARE(0, 1),
        /** A number without a unit. */
        NUMBER(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY),
        /** A number from zero on: its axis begins at zero. */
        AMOUNT(0, Double.POSITIVE_INFINITY),
        /** A privacy loss: written rounded up, its axis begins at zero. */
        EPSILON(0, Double.POSITIVE_INFINITY);

        private final double least;
        private final double most;

        Unit(double least, double most) {
            this.least = least;
            this.most = most;
        }

        String format(double value) {
            if (Double.isNaN(value)) {
                return Figures.NONE;
            }
            return switch (this) {
                case SHARE -> Figures.percent(value);
                case NUMBER, AMOUNT -> Figures.measured(value);
                case EPSILON -> Figures.epsilon(value);
            };
        }

        boolean fromZero() {
            return this == AMOUNT || this == EPSILON;
        }
    }

    LineChart {
        series = series.stream().filter(line -> !line.isEmpty()).toList();
    }

    /** Whether there is anything to draw. */
    boolean isEmpty() {
        return series.isEmpty() || rounds.length == 0;
    }

    /** The same under another title. */
    LineChart titled(String other) {
        return new LineChart(id, other, rounds, series, unit, note);
    }

    /** The vertical axis. */
    Scale scale() {
        DoubleStream values = series.stream().flatMapToDouble(line -> DoubleStream.of(line.values()));
        return Scale.over(unit.fromZero() ? DoubleStream.concat(DoubleStream.of(0), values) : values, 6)
                .within(unit.least, unit.most);
    }

    /** A tick's label: no more digits than the ticks need. */
    String label(double tick, Scale scale) {
        int places = Math.max(0, unit == Unit.SHARE ? scale.decimals() - 2 : scale.decimals());
        String digits = String.format(Locale.ROOT, "%." + places + "f", unit == Unit.SHARE ? 100 * tick : tick);
        return unit == Unit.SHARE ? digits + "%" : digits;
    }

    /** What a reader who does not see it is told: where each line begins and ends. */
    String description() {
        StringBuilder text = new StringBuilder(title).append(" over ").append(Figures.counted(rounds.length, "round"));
        for (Series line : series) {
            double[] seen = DoubleStream.of(line.values())
                    .filter(value -> !Double.isNaN(value))
                    .toArray();
            text.append(". ").append(line.name()).append(": ").append(unit.format(seen[seen.length - 1]));
            if (seen.length > 1 && seen[0] != seen[seen.length - 1]) {
                text.append(", from ").append(unit.format(seen[0]));
            }
        }
        return text.append('.').toString();
    }
}
