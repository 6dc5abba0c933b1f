package dev.sotto.experiment.report;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * One curve y(x), to be drawn as SVG. Points that are not finite are left out.
 *
 * @param title above it
 * @param across what x is
 * @param up what y is
 * @param xs ascending
 * @param ys one for each x
 */
public record CurvePlot(String title, String across, String up, double[] xs, double[] ys) {
    private static final int WIDTH = 480;
    private static final int HEIGHT = 400;
    private static final int LEFT = 64;
    private static final int RIGHT = 20;
    private static final int TOP = 56;
    private static final int BOTTOM = 56;

    private static final String STYLE = """
            svg { --paper: #ffffff; --ink: #1f2328; --soft: #5a636e; --rule: #e3e5e8; --line: #0b7285;
              font-family: system-ui, sans-serif; font-size: 12px; }
            @media (prefers-color-scheme: dark) { svg { --paper: #15191c; --ink: #e8e6e1; --soft: #a3abb3;
              --rule: #2c3338; --line: #4cc3d9; } }
            .paper { fill: var(--paper); } text { fill: var(--soft); } .title { fill: var(--ink); font-size: 15px;
              font-weight: 600; } .rule { stroke: var(--rule); } .curve { fill: none; stroke: var(--line);
              stroke-width: 2; stroke-linejoin: round; }
            """;

    /** Plots side by side, as one SVG document. */
    public static String svg(CurvePlot... plots) {
        Markup svg = new Markup();
        String width = "" + WIDTH * plots.length;
        String height = "" + HEIGHT;
        String view = "0 0 " + width + " " + height;
        String label =
                String.join("; ", Arrays.stream(plots).map(CurvePlot::title).toList());
        svg.open("svg", "xmlns", "http://www.w3.org/2000/svg", "viewBox", view, "width", width, "height", height)
                .element("title", label)
                .open("style")
                .raw(STYLE)
                .close()
                .empty("rect", "class", "paper", "width", width, "height", height);
        for (int i = 0; i < plots.length; i++) {
            svg.open("g", "transform", "translate(" + i * WIDTH + " 0)");
            plots[i].draw(svg);
            svg.close();
        }
        return svg.close() + "\n";
    }

    private void draw(Markup svg) {
        Scale horizontal = Scale.over(finite(xs), 6);
        Scale vertical = Scale.over(finite(ys), 6);
        text(svg, title, "title", LEFT, 30, "start");
        for (double tick : vertical.ticks()) {
            String y = at(y(tick, vertical));
            svg.empty("line", "class", "rule", "x1", "" + LEFT, "x2", "" + (WIDTH - RIGHT), "y1", y, "y2", y);
            text(svg, label(tick), "", LEFT - 8, y(tick, vertical) + 4, "end");
        }
        for (double tick : horizontal.ticks()) {
            text(svg, label(tick), "", x(tick, horizontal), HEIGHT - BOTTOM + 20, "middle");
        }
        text(svg, across, "", (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 12, "middle");
        text(svg, up, "", LEFT, TOP - 10, "start");
        StringBuilder path = new StringBuilder();
        for (int i = 0; i < xs.length; i++) {
            if (Double.isFinite(xs[i]) && Double.isFinite(ys[i])) {
                path.append(path.isEmpty() ? 'M' : 'L');
                path.append(at(x(xs[i], horizontal))).append(' ').append(at(y(ys[i], vertical)));
            }
        }
        svg.empty("path", "class", "curve", "d", path.toString());
    }

    private static DoubleStream finite(double[] values) {
        return Arrays.stream(values).filter(Double::isFinite);
    }

    private static void text(Markup svg, String text, String kind, double x, double y, String anchor) {
        svg.element("text", text, "class", kind, "x", at(x), "y", at(y), "text-anchor", anchor);
    }

    private static double x(double value, Scale scale) {
        return LEFT + scale.position(value) * (WIDTH - LEFT - RIGHT);
    }

    private static double y(double value, Scale scale) {
        return HEIGHT - BOTTOM - scale.position(value) * (HEIGHT - TOP - BOTTOM);
    }

    private static String label(double tick) {
        return BigDecimal.valueOf(tick)
                .round(new MathContext(6))
                .stripTrailingZeros()
                .toPlainString();
    }

    private static String at(double coordinate) {
        return String.format(Locale.ROOT, "%.1f", coordinate);
    }
}
