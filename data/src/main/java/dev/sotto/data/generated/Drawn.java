package dev.sotto.data.generated;

import dev.sotto.data.ByteImages;
import dev.sotto.data.DataException;
import dev.sotto.data.PixelScaling;
import dev.sotto.data.SeededRandom;
import dev.sotto.data.Shape;
import dev.sotto.data.Target;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Draws images in parallel, each from a random stream of its own, so that threads cannot change them. */
final class Drawn {
    private static final int LARGEST = 1_000_000;
    private static final int CHUNK = 256;

    private Drawn() {}

    /** Draws an image of a class. */
    @FunctionalInterface
    interface Pen {
        void draw(int label, SeededRandom random, byte[] into, int offset);
    }

    static void checkCounts(String name, int train, int test) {
        if (train < 1 || train > LARGEST || test < 0 || test > LARGEST) {
            throw new DataException(name + ": train " + train + " and test " + test
                    + "; train must be in 1 to 1000000 and test in 0 to 1000000");
        }
    }

    static ByteImages images(
            String name,
            Shape shape,
            Target.Classes classes,
            PixelScaling scaling,
            long seed,
            String stream,
            int count,
            Supplier<Pen> pens) {
        byte[] pixels = new byte[count * shape.size()];
        byte[] labels = new byte[count];
        IntStream.range(0, (count + CHUNK - 1) / CHUNK).parallel().forEach(chunk -> {
            Pen pen = pens.get();
            for (int i = chunk * CHUNK; i < Math.min(count, (chunk + 1) * CHUNK); i++) {
                SeededRandom random = SeededRandom.stream(seed, stream, i);
                int label = random.nextInt(classes.count());
                labels[i] = (byte) label;
                pen.draw(label, random, pixels, i * shape.size());
            }
        });
        return new ByteImages(name, shape, classes, pixels, labels, scaling);
    }
}
