package dev.sotto.experiment;

import dev.sotto.data.DataSource;
import dev.sotto.data.PixelScaling;
import dev.sotto.data.generated.ClassificationSource;
import dev.sotto.data.generated.RegressionSource;
import dev.sotto.data.generated.ShapesSource;
import dev.sotto.formats.config.Interval;
import dev.sotto.formats.config.Section;
import java.util.List;

/** Reads the keys of the source {@code generated}: rows to classify, rows to fit, or colour images of 3 x 32 x 32. */
final class GeneratedReader {
    private GeneratedReader() {}

    static DataSource read(Section data, long seed) {
        int most = 10_000_000;
        String kind = data.choice("kind", List.of("classification", "regression", "images"), "classification");
        int train = data.integer("train", 10_000, 1, most);
        int test = data.integer("test", 2_000, 0, most);
        return switch (kind) {
            case "regression" ->
                new RegressionSource(
                        train,
                        test,
                        data.integer("features", 8, 1, 100_000),
                        data.number("noise", 0.1, Interval.NOT_NEGATIVE),
                        seed);
            case "images" -> new ShapesSource(train, test, seed, PixelScaling.symmetric());
            default ->
                new ClassificationSource(
                        train,
                        test,
                        data.integer("features", 8, 1, 100_000),
                        data.integer("classes", 2, 2, 10_000),
                        data.number("separation", 4, Interval.POSITIVE),
                        seed);
        };
    }
}
