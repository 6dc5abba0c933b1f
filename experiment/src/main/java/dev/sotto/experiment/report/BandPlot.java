package dev.sotto.experiment.report;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.DoubleStream;

/**
 * Curves with bands around them, to be drawn as SVG: means, and how far repeats lie apart.
 *
 * @param title above it
 * @param across what x is
 * @param share whether y is a share of 1, written as a percentage
 * @param ticks labels of the x axis by position, where x is no number: position i is the i-th; empty for numbers
 * @param curves in the order of their colours
 * @param levels dashed lines across, to compare with
 */
public record BandPlot(
        String title, String across, boolean share, List<String> ticks, List<Curve> curves, List<Level> levels) {
    private static final int WIDTH = 480;
    private static final int HEIGHT = 400;
    private static final int LEFT = 64;
    private static final int RIGHT = 20;
    private static final int TOP = 48;
    private static final int BOTTOM = 56;
    private static final int LINE = 20;
    private static final double LETTER = 6.6;

    private static final String STYLE = """
            svg.bands { --paper: #ffffff; --ink: #1f2328; --soft: #5a636e; --rule: #e3e5e8;
              --c0: #0b7285; --c1: #b8510d; --c2: #6741b5; --c3: #2b7a3a; --c4: #b3236b; --c5: #6a5b00;
              font-family: system-ui, sans-serif; font-size: 12px; }
            @media (prefers-color-scheme: dark) { svg.bands { --paper: #15191c; --ink: #e8e6e1; --soft: #a3abb3;
              --rule: #2c3338; --c0: #4cc3d9; --c1: #f2a15f; --c2: #b79cf5; --c3: #7ccf8c; --c4: #f389ba; --c5: #d8c455; } }
            svg.bands .paper { fill: var(--paper); } svg.bands text { fill: var(--soft); }
            svg.bands .title { fill: var(--ink); font-size: 15px; font-weight: 600; }
            svg.bands .rule { stroke: var(--rule); } svg.bands .level { stroke-dasharray: 6 5; }
            svg.bands path, svg.bands line { fill: none; stroke-width: 2; stroke-linejoin: round; }
            svg.bands line.rule, svg.bands line.range { stroke-width: 1; } svg.bands .band { stroke: none; fill-opacity: .18; }
            """;

    /**
     * One curve.
     *
     * @param name what the legend calls it; empty for none
     * @param xs ascending
     * @param means one for each x
     * @param lows least of the repeats
     * @param highs greatest of the repeats
     */
    public record Curve(String name, double[] xs, double[] means, double[] lows, double[] highs) {}

    /**
     * A value that does not depend on x.
     *
     * @param curve index of the curve whose colour it has
     */
    public record Level(String name, double value, int curve) {}

    /** Plots side by side with one legend below, as one SVG document. */
    public static String svg(List<BandPlot> plots) {
        int width = WIDTH * plots.size();
        Markup legend = new Markup();
        int lines = legend(legend, entries(plots), width);
        int height = HEIGHT + LINE * lines;
        Markup svg = new Markup();
        String label = String.join("; ", plots.stream().map(BandPlot::title).toList());
        svg.open(
                        "svg",
                        "xmlns",
                        "http://www.w3.org/2000/svg",
                        "class",
                        "bands",
                        "viewBox",
                        "0 0 " + width + " " + height,
                        "width",
                        "" + width,
                        "height",
                        "" + height,
                        "role",
                        "img",
                        "aria-label",
                        label)
                .open("style")
                .raw(STYLE)
                .raw(colours())
                .close()
                .empty("rect", "class", "paper", "width", "" + width, "height", "" + height);
        for (int i = 0; i < plots.size(); i++) {
            svg.open("g", "transform", "translate(" + i * WIDTH + " 0)");
            plots.get(i).draw(svg);
            svg.close();
        }
        return svg.raw(legend.toString()).close() + "\n";
    }

    private static String colours() {
        StringBuilder rules = new StringBuilder();
        for (int i = 0; i < Series.COLOURS; i++) {
            rules.append(String.format(
                    Locale.ROOT,
                    "svg.bands .c%1$d { stroke: var(--c%1$d); } svg.bands .f%1$d { fill: var(--c%1$d); }%n",
                    i));
        }
        return rules.toString();
    }

    /** A line of the legend. */
    private record Entry(String name, String kind) {}

    private static List<Entry> entries(List<BandPlot> plots) {
        Set<Entry> entries = new LinkedHashSet<>();
        for (BandPlot plot : plots) {
            for (int i = 0; i < plot.curves.size(); i++) {
                entries.add(new Entry(plot.curves.get(i).name(), stroke(i)));
            }
            plot.levels.forEach(level -> entries.add(new Entry(level.name(), "level " + stroke(level.curve()))));
        }
        entries.removeIf(entry -> entry.name().isEmpty());
        return List.copyOf(entries);
    }

    /** Writes the legend below the plots and says how many lines it took. */
    private static int legend(Markup into, List<Entry> entries, int width) {
        double x = LEFT;
        int line = 0;
        for (Entry entry : entries) {
            double wide = 38 + LETTER * entry.name().length();
            if (x + wide > width - RIGHT && x > LEFT) {
                x = LEFT;
                line++;
            }
            double y = HEIGHT + LINE * line + 4;
            into.empty("path", "class", entry.kind(), "d", "M" + at(x) + " " + at(y - 4) + "h20");
            text(into, entry.name(), "", x + 26, y, "start");
            x += wide;
        }
        return entries.isEmpty() ? 0 : line + 1;
    }

    private static String stroke(int curve) {
        return "c" + curve % Series.COLOURS;
    }

    private void draw(Markup svg) {
        Across horizontal = Across.of(ticks, curves);
        Scale vertical = vertical();
        text(svg, title, "title", LEFT, 26, "start");
        for (double tick : vertical.ticks()) {
            String y = at(y(tick, vertical));
            svg.empty("line", "class", "rule", "x1", "" + LEFT, "x2", "" + (WIDTH - RIGHT), "y1", y, "y2", y);
            text(svg, label(tick, vertical), "", LEFT - 8, y(tick, vertical) + 4, "end");
        }
        for (Across.Tick tick : horizontal.ticks()) {
            text(svg, tick.label(), "", x(tick.position()), HEIGHT - BOTTOM + 20, "middle");
        }
        text(svg, across, "", (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 16, "middle");
        for (Level level : levels) {
            String y = at(y(level.value(), vertical));
            String kind = "level " + stroke(level.curve());
            svg.empty("line", "class", kind, "x1", "" + LEFT, "x2", "" + (WIDTH - RIGHT), "y1", y, "y2", y);
        }
        for (int i = 0; i < curves.size(); i++) {
            curve(svg, curves.get(i), i, horizontal, vertical);
        }
    }

    private void curve(Markup svg, Curve curve, int index, Across horizontal, Scale vertical) {
        StringBuilder line = new StringBuilder();
        StringBuilder there = new StringBuilder();
        StringBuilder back = new StringBuilder();
        for (int i = 0; i < curve.xs().length; i++) {
            double x = x(horizontal.position(curve.xs()[i]));
            String mean = at(x) + " " + at(y(curve.means()[i], vertical));
            line.append(i == 0 ? "M" : "L").append(mean);
            there.append(i == 0 ? "M" : "L").append(at(x) + " " + at(y(curve.highs()[i], vertical)));
            back.insert(0, "L" + at(x) + " " + at(y(curve.lows()[i], vertical)));
        }
        svg.empty("path", "class", "band f" + index % Series.COLOURS, "d", there + "" + back + "Z");
        svg.empty("path", "class", stroke(index), "d", line.toString());
        for (int i = 0; i < curve.xs().length; i++) {
            String x = at(x(horizontal.position(curve.xs()[i])));
            String y = at(y(curve.means()[i], vertical));
            String low = at(y(curve.lows()[i], vertical));
            String high = at(y(curve.highs()[i], vertical));
            svg.empty("line", "class", "range " + stroke(index), "x1", x, "x2", x, "y1", low, "y2", high);
            svg.empty("circle", "class", "f" + index % Series.COLOURS, "r", "3.5", "cx", x, "cy", y);
        }
    }

    private Scale vertical() {
        DoubleStream bands = curves.stream()
                .flatMapToDouble(
                        curve -> DoubleStream.concat(DoubleStream.of(curve.lows()), DoubleStream.of(curve.highs())));
        Scale scale = Scale.over(DoubleStream.concat(bands, levels.stream().mapToDouble(Level::value)), 6);
        return share ? scale.within(0, 1) : scale;
    }

    private String label(double tick, Scale scale) {
        int places = Math.max(0, share ? scale.decimals() - 2 : scale.decimals());
        String digits = String.format(Locale.ROOT, "%." + places + "f", share ? 100 * tick : tick);
        return share ? digits + "%" : digits;
    }

    private static void text(Markup svg, String text, String kind, double x, double y, String anchor) {
        svg.element("text", text, "class", kind, "x", at(x), "y", at(y), "text-anchor", anchor);
    }

    private static double x(double position) {
        return LEFT + 12 + position * (WIDTH - LEFT - RIGHT - 24);
    }

    private static double y(double value, Scale scale) {
        return HEIGHT - BOTTOM - scale.position(value) * (HEIGHT - TOP - BOTTOM);
    }

    private static String at(double coordinate) {
        return String.format(Locale.ROOT, "%.1f", coordinate);
    }
}
