package dev.sotto.data.generated;

import dev.sotto.data.ByteImages;
import dev.sotto.data.DataContext;
import dev.sotto.data.DataException;
import dev.sotto.data.DataSet;
import dev.sotto.data.DataSource;
import dev.sotto.data.PixelScaling;
import dev.sotto.data.Shape;
import dev.sotto.data.Target;
import java.util.Optional;

/**
 * Generated colour images of CIFAR's shape, 3 x 32 x 32: ten classes of drawn shapes in random colours. For trying
 * things out where CIFAR-10 is not at hand.
 *
 * @param train number of training images, at least 1
 * @param test number of test images; 0 for none
 */
public record ShapesSource(int train, int test, long seed, PixelScaling scaling) implements DataSource {
    public ShapesSource {
        Drawn.checkCounts("generated", train, test);
    }

    public static ShapesSource of(int train, int test, long seed) {
        return new ShapesSource(train, test, seed, PixelScaling.symmetric());
    }

    @Override
    public DataSet load(DataContext context) {
        Optional<ByteImages> held = test == 0 ? Optional.empty() : Optional.of(images("shapes/test", test));
        return new DataSet("generated", images("shapes/train", train), held.map(i -> i), "generated, seed " + seed);
    }

    private ByteImages images(String stream, int count) {
        Shape shape = Shape.of(3, ShapePen.SIDE, ShapePen.SIDE);
        Target.Classes classes = new Target.Classes(ShapePen.NAMES.size(), ShapePen.NAMES);
        if ((long) count * shape.size() > Integer.MAX_VALUE - 8) {
            throw new DataException("generated: " + count + " images of " + shape + " are more than 2 GiB");
        }
        return Drawn.images("generated", shape, classes, scaling, seed, stream, count, () -> new ShapePen()::draw);
    }
}
