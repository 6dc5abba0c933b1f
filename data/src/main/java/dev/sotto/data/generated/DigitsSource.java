package dev.sotto.data.generated;

import dev.sotto.data.ByteImages;
import dev.sotto.data.DataContext;
import dev.sotto.data.DataSet;
import dev.sotto.data.DataSource;
import dev.sotto.data.PixelScaling;
import dev.sotto.data.Shape;
import dev.sotto.data.Target;
import java.util.Optional;

/**
 * Generated digits: 1 x 28 x 28 grey images of 0 to 9, drawn from our own strokes and distorted, so that the first run
 * needs no files, no fonts and no network. A linear model stays below 93% accuracy, a small convolutional network
 * passes 97%. Every image depends on the seed and its index alone: the same bytes on every machine, and a larger set
 * begins with the smaller one.
 *
 * @param train number of training images, at least 1
 * @param test number of test images; 0 for none
 */
public record DigitsSource(int train, int test, long seed, PixelScaling scaling) implements DataSource {
    /** Publicly declared: about the mean and standard deviation of ink on the canvas. */
    private static final PixelScaling SCALING = PixelScaling.of(0.12, 0.25);

    public DigitsSource {
        Drawn.checkCounts("digits", train, test);
    }

    /** 20,000 training and 4,000 test images. */
    public static DigitsSource standard(long seed) {
        return of(20_000, 4_000, seed);
    }

    public static DigitsSource of(int train, int test, long seed) {
        return new DigitsSource(train, test, seed, SCALING);
    }

    @Override
    public DataSet load(DataContext context) {
        Optional<ByteImages> held = test == 0 ? Optional.empty() : Optional.of(images("digits/test", test));
        return new DataSet("digits", images("digits/train", train), held.map(i -> i), "generated, seed " + seed);
    }

    private ByteImages images(String stream, int count) {
        Shape shape = Shape.of(1, DigitPen.SIDE, DigitPen.SIDE);
        Target.Classes classes = Target.Classes.numbered(10);
        return Drawn.images("digits", shape, classes, scaling, seed, stream, count, () -> new DigitPen()::draw);
    }
}
