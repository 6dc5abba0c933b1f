package dev.sotto.experiment.report;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.stream.DoubleStream;

/**
 * How what is spent grows over time, step by step, below its limit: drawn as SVG. Its styles come apart, from {@link #style},
 * for pages whose policy allows none within.
 *
 * @param title what it shows
 * @param from left end
 * @param to right end
 * @param zone whose clocks the axis shows
 * @param lines the first is the whole, drawn heavier; others lie below it
 * @param limit what the whole is to stay below; empty for none
 */
public record SpendingPlot(
        String title, Instant from, Instant to, ZoneId zone, List<Line> lines, OptionalDouble limit) {
    private static final int LEFT = 44;
    private static final int RIGHT = 16;
    private static final int TOP = 26;
    private static final int BOTTOM = 50;
    private static final int TICK_WIDTH = 96;

    private static final String STYLE = """
            svg.lines .whole { stroke-width: 3; } svg.spending .area { fill: var(--c0); fill-opacity: .12; stroke: none; }
            svg.spending .line { stroke-linejoin: miter; }
            """;

    /**
     * A line that begins at zero.
     *
     * @param name what a legend calls it
     * @param at when it rises
     * @param values what it rises to; infinite where there is no bound
     */
    public record Line(String name, List<Instant> at, double[] values) {}

    /** How it looks. */
    public static String style() {
        return SvgLines.style() + STYLE;
    }

    /** The dashes of the line at that place, as SVG writes them; all but the first two have some, so that none needs its colour. */
    public static String dashes(int index) {
        return switch (index) {
            case 0, 1 -> "none";
            case 2 -> "7 4";
            case 3 -> "2 4";
            case 4 -> "9 4 2 4";
            default -> "14 5";
        };
    }

    /** The class of the line at that place, which gives it its colour. */
    public static String colour(int index) {
        return "c" + index % Series.COLOURS;
    }

    /** The drawing, that many units wide and high; letters are 12 high. */
    public String svg(int width, int height) {
        Markup svg = new Markup();
        String size = "0 0 " + width + " " + height;
        svg.open("svg", "class", "lines spending", "viewBox", size, "role", "img", "aria-label", description());
        new Drawing(svg, width, height).draw();
        return svg.close().toString();
    }

    /** What a reader who does not see it is told. */
    private String description() {
        StringBuilder text = new StringBuilder(title);
        for (Line line : lines) {
            double[] values = line.values();
            text.append(". ").append(line.name()).append(": ");
            text.append(values.length == 0 ? "0" : value(values[values.length - 1]));
        }
        limit.ifPresent(most -> text.append(". Limit: ").append(Figures.number(most)));
        return text.append('.').toString();
    }

    private static String value(double value) {
        return Double.isInfinite(value) ? "without bound" : Figures.epsilon(value);
    }

    private Scale vertical() {
        DoubleStream values = lines.stream().flatMapToDouble(line -> DoubleStream.of(line.values()));
        DoubleStream all = DoubleStream.concat(DoubleStream.of(0), values);
        return Scale.over(limit.isPresent() ? DoubleStream.concat(all, DoubleStream.of(limit.getAsDouble())) : all, 6);
    }

    /** One drawing of it. */
    private final class Drawing {
        private final Markup svg;
        private final int width;
        private final int height;
        private final Scale vertical = vertical();
        private final TimeAxis horizontal = new TimeAxis(from, to, zone);

        Drawing(Markup svg, int width, int height) {
            this.svg = svg;
            this.width = width;
            this.height = height;
        }

        void draw() {
            axes();
            for (int i = lines.size() - 1; i >= 0; i--) {
                line(lines.get(i), i);
            }
            limit.ifPresent(this::limit);
        }

        private void axes() {
            text("epsilon", 0, 12, "start");
            for (double tick : vertical.ticks()) {
                String y = at(y(tick));
                svg.empty("line", "class", "rule", "x1", "" + LEFT, "x2", "" + (width - RIGHT), "y1", y, "y2", y);
                String label = String.format(Locale.ROOT, "%." + vertical.decimals() + "f", tick);
                text(label, LEFT - 8, y(tick) + 4, "end");
            }
            for (TimeAxis.Tick tick : horizontal.ticks((width - LEFT - RIGHT) / TICK_WIDTH + 1)) {
                double x = x(tick.at());
                String bottom = at(height - BOTTOM + 5.0);
                svg.empty("line", "class", "rule", "x1", at(x), "x2", at(x), "y1", at(y(0)), "y2", bottom);
                // Letters are 6 to 7 wide: a label at an end would be cut.
                double room = 3.5 * tick.label().length();
                text(tick.label(), Math.max(room, Math.min(width - room, x)), height - BOTTOM + 20, "middle");
            }
            text(horizontal.days(), (LEFT + width - RIGHT) / 2.0, height - 8, "middle");
        }

        private void line(Line line, int index) {
            StringBuilder path = new StringBuilder("M")
                    .append(at(x(horizontal.from())))
                    .append(' ')
                    .append(at(y(0)));
            double end = x(horizontal.to());
            for (int i = 0; i < line.values().length; i++) {
                double x = x(line.at().get(i));
                path.append('H').append(at(x));
                if (Double.isInfinite(line.values()[i])) {
                    path.append('V').append(TOP - 8);
                    text("without bound", x < width / 2.0 ? x + 6 : x - 6, TOP - 10, x < width / 2.0 ? "start" : "end");
                    end = x;
                    break;
                }
                path.append('V').append(at(y(line.values()[i])));
            }
            path.append('H').append(at(end));
            if (index == 0) {
                svg.empty("path", "class", "area", "d", path + "V" + at(y(0)) + "Z");
            }
            String kind = index == 0 ? "line whole c0" : "line " + colour(index);
            svg.empty("path", "class", kind, "stroke-dasharray", dashes(index), "d", path.toString());
        }

        private void limit(double most) {
            String y = at(y(most));
            svg.empty(
                    "line",
                    "class",
                    "line dashed limit",
                    "x1",
                    "" + LEFT,
                    "x2",
                    "" + (width - RIGHT),
                    "y1",
                    y,
                    "y2",
                    y);
            text("limit " + Figures.number(most), width - RIGHT, y(most) - 6, "end");
        }

        private void text(String text, double x, double y, String anchor) {
            svg.element("text", text, "x", at(x), "y", at(y), "text-anchor", anchor);
        }

        private double x(Instant at) {
            double position = Math.max(0, Math.min(1, horizontal.position(at)));
            return LEFT + position * (width - LEFT - RIGHT);
        }

        private double y(double value) {
            return height - BOTTOM - vertical.position(value) * (height - TOP - BOTTOM);
        }

        private static String at(double coordinate) {
            return String.format(Locale.ROOT, "%.1f", coordinate);
        }
    }
}
