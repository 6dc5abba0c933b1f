package dev.sotto.data.images;

import dev.sotto.data.DataException;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/** One picture file, decoded and resized to bytes (channel, y, x) by averaging over areas. */
final class Picture {
    private static final long MOST_PIXELS = 50_000_000;

    private Picture() {}

    static void read(Path file, int channels, int height, int width, byte[] into, int offset) {
        BufferedImage image = decode(file);
        double scaleY = (double) image.getHeight() / height;
        double scaleX = (double) image.getWidth() / width;
        double[] sum = new double[3];
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                average(image, x * scaleX, (x + 1) * scaleX, y * scaleY, (y + 1) * scaleY, sum);
                int at = offset + y * width + x;
                if (channels == 1) {
                    // ITU-R BT.601 luma
                    into[at] = (byte) Math.round(0.299 * sum[0] + 0.587 * sum[1] + 0.114 * sum[2]);
                } else {
                    for (int c = 0; c < 3; c++) {
                        into[at + c * height * width] = (byte) Math.round(sum[c]);
                    }
                }
            }
        }
    }

    /** Mean red, green and blue over a rectangle, each pixel weighted by how much of it lies inside. */
    private static void average(BufferedImage image, double x0, double x1, double y0, double y1, double[] rgb) {
        rgb[0] = rgb[1] = rgb[2] = 0;
        double weight = 0;
        for (int y = (int) y0; y < Math.min(image.getHeight(), Math.ceil(y1)); y++) {
            double rows = Math.min(y1, y + 1) - Math.max(y0, y);
            for (int x = (int) x0; x < Math.min(image.getWidth(), Math.ceil(x1)); x++) {
                double w = rows * (Math.min(x1, x + 1) - Math.max(x0, x));
                int pixel = image.getRGB(x, y);
                rgb[0] += w * ((pixel >> 16) & 0xff);
                rgb[1] += w * ((pixel >> 8) & 0xff);
                rgb[2] += w * (pixel & 0xff);
                weight += w;
            }
        }
        for (int c = 0; c < 3; c++) {
            rgb[c] /= weight;
        }
    }

    private static BufferedImage decode(Path file) {
        try (ImageInputStream in = ImageIO.createImageInputStream(Files.newInputStream(file))) {
            Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
            if (!readers.hasNext()) {
                throw new DataException(file + ": not a PNG or JPEG picture");
            }
            ImageReader reader = readers.next();
            try {
                reader.setInput(in);
                long pixels = (long) reader.getWidth(0) * reader.getHeight(0);
                if (pixels > MOST_PIXELS) {
                    throw new DataException(file + ": " + pixels + " pixels; at most " + MOST_PIXELS + " are read");
                }
                return reader.read(0);
            } finally {
                reader.dispose();
            }
        } catch (IOException e) {
            throw new DataException(file + ": cannot be decoded: " + e.getMessage(), e);
        } catch (IllegalArgumentException | IndexOutOfBoundsException | NegativeArraySizeException e) {
            // What the JDK's decoders throw on some damaged files.
            throw new DataException(file + ": damaged picture: " + e.getMessage(), e);
        }
    }
}
