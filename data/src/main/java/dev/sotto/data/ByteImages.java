package dev.sotto.data;

/**
 * Labelled images kept as one byte per pixel, (channel, y, x) in each image, and scaled to floats on reading: MNIST
 * takes 47 MB, not 188. Immutable; the arrays are taken over and must not be changed afterwards.
 */
public final class ByteImages implements Examples {
    private final String origin;
    private final Shape shape;
    private final Target.Classes target;
    private final byte[] pixels;
    private final byte[] labels;
    private final float[][] tables;
    private final int plane;

    /**
     * @param origin where the images come from, for error messages
     * @param shape (channels, height, width)
     * @param pixels images one after the other
     * @param labels one byte per image, read as 0..255
     * @throws DataException if the sizes do not agree, or a label is outside the classes
     */
    public ByteImages(
            String origin, Shape shape, Target.Classes target, byte[] pixels, byte[] labels, PixelScaling scaling) {
        if (shape.rank() != 3) {
            throw new IllegalArgumentException("images need a shape (channels, height, width), not " + shape);
        }
        if (pixels.length != (long) labels.length * shape.size()) {
            throw new DataException(origin + ": " + labels.length + " labels and " + pixels.length / shape.size()
                    + " images of " + shape + "; there must be one label for each image");
        }
        for (int i = 0; i < labels.length; i++) {
            if ((labels[i] & 0xff) >= target.count()) {
                throw new DataException(origin + ": label " + (labels[i] & 0xff) + " of example " + i
                        + " is outside the " + target.count() + " classes (0 to " + (target.count() - 1) + ")");
            }
        }
        this.origin = origin;
        this.shape = shape;
        this.target = target;
        this.pixels = pixels;
        this.labels = labels;
        this.tables = scaling.tables(shape.dims().get(0));
        this.plane = shape.dims().get(1) * shape.dims().get(2);
    }

    @Override
    public int size() {
        return labels.length;
    }

    @Override
    public Shape shape() {
        return shape;
    }

    @Override
    public Target target() {
        return target;
    }

    @Override
    public void features(int index, float[] into, int offset) {
        int from = index * shape.size();
        int to = offset;
        for (float[] table : tables) {
            for (int p = 0; p < plane; p++) {
                into[to + p] = table[pixels[from + p] & 0xff];
            }
            from += plane;
            to += plane;
        }
    }

    /** The unscaled pixel, 0..255; {@code at} counts through (channel, y, x). */
    public int pixel(int index, int at) {
        return pixels[index * shape.size() + at] & 0xff;
    }

    @Override
    public int label(int index) {
        return labels[index] & 0xff;
    }

    @Override
    public void values(int index, float[] into, int offset) {
        throw new IllegalStateException(origin + " has class labels, not values");
    }
}
