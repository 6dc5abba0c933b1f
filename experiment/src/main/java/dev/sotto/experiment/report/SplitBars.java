package dev.sotto.experiment.report;

import dev.sotto.experiment.run.DataSplit;
import dev.sotto.experiment.run.DataSplit.Share;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * Examples per client as bars: for up to {@value #NAMED} clients one named bar each, split by class where class counts are
 * stated; for more, thin bars in descending order.
 */
final class SplitBars {
    static final int NAMED = 40;
    static final int CLASSES = 12;

    private static final int WIDTH = 720;
    private static final int LABEL = 150;
    private static final int COUNT = 70;
    private static final int ROW = 24;
    private static final int THIN = 120;

    private final DataSplit split;
    private final List<Share> shares;
    private final double most;

    SplitBars(DataSplit split) {
        this.split = split;
        this.shares = split.clients().stream()
                .filter(share -> share.examples().isPresent())
                .toList();
        this.most = shares.stream()
                .mapToInt(share -> share.examples().getAsInt())
                .max()
                .orElse(0);
    }

    boolean isEmpty() {
        return shares.isEmpty();
    }

    private boolean byClass() {
        return shares.size() <= NAMED
                && split.classes().size() <= CLASSES
                && shares.stream().noneMatch(share -> share.classCounts().isEmpty());
    }

    String caption() {
        int[] sizes = shares.stream()
                .mapToInt(share -> share.examples().getAsInt())
                .sorted()
                .toArray();
        long all = 0;
        for (int size : sizes) {
            all += size;
        }
        String origin = split.origin().isEmpty() ? "" : " (" + split.origin() + ")";
        String range = sizes[0] == sizes[sizes.length - 1]
                ? Figures.count(sizes[0]) + " each"
                : Figures.count(sizes[0]) + " to " + Figures.count(sizes[sizes.length - 1]) + ", median "
                        + Figures.count(sizes[sizes.length / 2]);
        return split.dataSet() + origin + ": " + Figures.count(all) + " training examples, " + range + "."
                + (byClass() || split.classes().isEmpty() ? "" : " Classes are too many to show.");
    }

    void draw(Markup page) {
        if (byClass()) {
            legend(page);
        }
        if (shares.size() <= NAMED) {
            rows(page);
        } else {
            columns(page);
        }
    }

    private void legend(Markup page) {
        page.open("ul", "class", "legend", "aria-label", "Classes");
        for (int i = 0; i < split.classes().size(); i++) {
            page.open("li").open("span", "class", "swatch k" + i).close();
            page.text(split.classes().get(i)).close();
        }
        page.close();
    }

    private void rows(Markup page) {
        begin(page, shares.size() * ROW + 4);
        List<Share> sorted = shares.stream()
                .sorted(Comparator.comparing(Share::client, NaturalOrder.INSTANCE))
                .toList();
        for (int i = 0; i < sorted.size(); i++) {
            row(page, sorted.get(i), i * ROW + 4);
        }
        page.close();
    }

    private void row(Markup page, Share share, int y) {
        double room = WIDTH - LABEL - COUNT;
        String name = share.client().length() > 20 ? share.client().substring(0, 19) + "\u2026" : share.client();
        page.element("text", name, "x", "" + (LABEL - 10), "y", "" + (y + 13), "text-anchor", "end");
        double x = LABEL;
        List<Integer> parts =
                byClass() ? share.classCounts() : List.of(share.examples().getAsInt());
        for (int k = 0; k < parts.size(); k++) {
            double width = room * parts.get(k) / most;
            if (width > 0) {
                String what = share.client() + ": " + Figures.counted(parts.get(k), "example")
                        + (byClass() ? " of " + split.classes().get(k) : "");
                bar(page, byClass() ? "k" + k : "k0", x, y, width, ROW - 7.0, what);
            }
            x += width;
        }
        page.element(
                "text",
                Figures.count(share.examples().getAsInt()),
                "class",
                "count",
                "x",
                at(x + 8),
                "y",
                "" + (y + 13));
    }

    private void columns(Markup page) {
        begin(page, THIN + 8);
        int[] sizes = shares.stream()
                .mapToInt(share -> -share.examples().getAsInt())
                .sorted()
                .map(size -> -size)
                .toArray();
        int shown = Math.min(sizes.length, WIDTH);
        double width = (double) WIDTH / shown;
        for (int i = 0; i < shown; i++) {
            int size = sizes[(int) ((long) i * sizes.length / shown)];
            double height = THIN * size / most;
            bar(
                    page,
                    "k0",
                    i * width,
                    THIN + 4 - height,
                    Math.max(0.5, width * 0.85),
                    height,
                    Figures.counted(size, "example"));
        }
        page.close();
    }

    private void begin(Markup page, int height) {
        page.open(
                "svg",
                "class",
                "bars",
                "viewBox",
                "0 0 " + WIDTH + " " + height,
                "role",
                "img",
                "aria-label",
                "Examples per client. " + caption());
    }

    private static void bar(Markup page, String kind, double x, double y, double width, double height, String title) {
        page.open("rect", "class", kind, "x", at(x), "y", at(y), "width", at(width), "height", at(height));
        page.element("title", title).close();
    }

    private static String at(double coordinate) {
        return String.format(Locale.ROOT, "%.1f", coordinate);
    }
}
