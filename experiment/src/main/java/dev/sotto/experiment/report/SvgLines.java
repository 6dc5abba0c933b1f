package dev.sotto.experiment.report;

import dev.sotto.experiment.report.Series.Stroke;
import java.util.Locale;
import java.util.stream.DoubleStream;

/** Draws a {@link LineChart} as SVG: light or dark as the reader prefers, in whatever sans-serif the reader has. */
final class SvgLines {
    private static final int WIDTH = 720;
    private static final int HEIGHT = 400;
    private static final int LEFT = 60;
    private static final int RIGHT = 24;
    private static final int TOP = 76;
    private static final int BOTTOM = 52;
    private static final int DOTTED_ROUNDS = 30;
    private static final double LETTER = 6.6;

    private static final String STYLE = """
            svg.lines { --paper: #ffffff; --ink: #1f2328; --soft: #5a636e; --rule: #e3e5e8;
              --c0: #0b7285; --c1: #b8510d; --c2: #6741b5; --c3: #2b7a3a; --c4: #b3236b; --c5: #6a5b00; }
            @media (prefers-color-scheme: dark) { svg.lines { --paper: #15191c; --ink: #e8e6e1; --soft: #a3abb3;
              --rule: #2c3338; --c0: #4cc3d9; --c1: #f2a15f; --c2: #b79cf5; --c3: #7ccf8c; --c4: #f389ba; --c5: #d8c455; } }
            """;

    private static final String RULES = """
            svg.lines { background: var(--paper); font-family: system-ui, sans-serif; font-size: 12px; }
            svg.lines text { fill: var(--soft); } svg.lines .title { fill: var(--ink); font-size: 15px; font-weight: 600; }
            svg.lines .paper { fill: var(--paper); } svg.lines .rule { stroke: var(--rule); }
            svg.lines .line { fill: none; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
            svg.lines .dashed { stroke-dasharray: 6 5; } svg.lines .band { stroke-width: 1; stroke-opacity: .6; }
            svg.lines .limit { stroke: var(--soft); stroke-width: 1.5; }
            """;

    private final LineChart chart;
    private final Scale vertical;
    private final Scale horizontal;
    private final Markup svg = new Markup();

    private SvgLines(LineChart chart) {
        this.chart = chart;
        this.vertical = chart.scale();
        int last = chart.rounds().length == 0 ? 1 : chart.rounds()[chart.rounds().length - 1];
        int first = chart.rounds().length == 0 ? 0 : chart.rounds()[0];
        double step = Math.max(1, Scale.over(DoubleStream.of(first, last), 8).step());
        this.horizontal = first == last ? new Scale(first - 1, last + 1, 1) : new Scale(first, last, step);
    }

    /** A whole SVG document. */
    static String draw(LineChart chart) {
        return new SvgLines(chart).document();
    }

    private String document() {
        svg.open(
                "svg",
                "xmlns",
                "http://www.w3.org/2000/svg",
                "class",
                "lines",
                "viewBox",
                "0 0 " + WIDTH + " " + HEIGHT,
                "width",
                "" + WIDTH,
                "height",
                "" + HEIGHT,
                "role",
                "img",
                "aria-label",
                chart.description());
        svg.open("style").raw(style()).close();
        svg.empty("rect", "class", "paper", "width", "" + WIDTH, "height", "" + HEIGHT);
        text(chart.title(), "title", 20, 30, "start");
        axes();
        legend();
        for (int i = 0; i < chart.series().size(); i++) {
            line(chart.series().get(i), i);
        }
        return svg.close() + "\n";
    }

    /** How drawings of the class "lines" look. */
    static String style() {
        return STYLE + RULES + colours();
    }

    private static String colours() {
        StringBuilder rules = new StringBuilder();
        for (int i = 0; i < Series.COLOURS; i++) {
            rules.append("svg.lines .c")
                    .append(i)
                    .append(" { stroke: var(--c")
                    .append(i)
                    .append("); } ");
            rules.append("svg.lines circle.c")
                    .append(i)
                    .append(" { fill: var(--c")
                    .append(i)
                    .append("); }\n");
        }
        return rules.toString();
    }

    private void axes() {
        for (double tick : vertical.ticks()) {
            String y = at(y(tick));
            svg.empty("line", "class", "rule", "x1", "" + LEFT, "x2", "" + (WIDTH - RIGHT), "y1", y, "y2", y);
            text(chart.label(tick, vertical), "", LEFT - 8, y(tick) + 4, "end");
        }
        for (double tick : horizontal.ticks()) {
            if (tick == Math.rint(tick)) {
                text(String.valueOf((long) tick), "", x(tick), HEIGHT - BOTTOM + 20, "middle");
            }
        }
        text("round", "", (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 12, "middle");
    }

    private void legend() {
        double x = 20;
        for (int i = 0; i < chart.series().size(); i++) {
            Series series = chart.series().get(i);
            double width = 34 + LETTER * series.name().length();
            if (x + width > WIDTH - RIGHT) {
                text("and " + (chart.series().size() - i) + " more", "", x, 56, "start");
                return;
            }
            svg.empty("path", "class", stroke(series, i), "d", "M" + at(x) + " 52h20");
            text(series.name(), "", x + 26, 56, "start");
            x += width + 12;
        }
    }

    private void line(Series series, int index) {
        StringBuilder path = new StringBuilder();
        boolean dotted = series.stroke() == Stroke.SOLID && chart.rounds().length <= DOTTED_ROUNDS;
        for (int i = 0; i < series.values().length; i++) {
            if (Double.isNaN(series.values()[i])) {
                continue;
            }
            String x = at(x(chart.rounds()[i]));
            String y = at(y(series.values()[i]));
            path.append(path.isEmpty() ? 'M' : 'L').append(x).append(' ').append(y);
            if (dotted) {
                svg.empty("circle", "class", "c" + series.colour(index), "r", "3", "cx", x, "cy", y);
            }
        }
        svg.empty("path", "class", stroke(series, index), "d", path.toString());
    }

    private static String stroke(Series series, int index) {
        return switch (series.stroke()) {
            case SOLID -> "line c" + series.colour(index);
            case DASHED -> "line dashed c" + series.colour(index);
            case BAND -> "line band c" + series.colour(index);
            case LIMIT -> "line dashed limit";
        };
    }

    private void text(String text, String kind, double x, double y, String anchor) {
        svg.element("text", text, "class", kind, "x", at(x), "y", at(y), "text-anchor", anchor);
    }

    private double x(double round) {
        return LEFT + 8 + horizontal.position(round) * (WIDTH - LEFT - RIGHT - 16);
    }

    private double y(double value) {
        return HEIGHT - BOTTOM - vertical.position(value) * (HEIGHT - TOP - BOTTOM);
    }

    private static String at(double coordinate) {
        return String.format(Locale.ROOT, "%.1f", coordinate);
    }
}
