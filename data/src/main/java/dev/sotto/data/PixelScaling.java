package dev.sotto.data;

import java.util.Arrays;
import java.util.List;

/**
 * How a byte pixel b in 0..255 becomes a feature: (b/255 - mean) / std, with one mean and std per channel or one for
 * all. The numbers are public constants, never measured on the data at hand: scaling by a statistic of private data
 * would itself be a release.
 */
public record PixelScaling(List<Double> mean, List<Double> std) {
    public PixelScaling {
        mean = List.copyOf(mean);
        std = List.copyOf(std);
        if (mean.isEmpty() || mean.size() != std.size()) {
            throw new IllegalArgumentException(
                    "pixel scaling needs as many means as stds, not " + mean.size() + " and " + std.size());
        }
        for (int c = 0; c < mean.size(); c++) {
            if (!Double.isFinite(mean.get(c)) || !Double.isFinite(std.get(c)) || std.get(c) <= 0) {
                throw new IllegalArgumentException(
                        "pixel scaling needs finite means and positive stds, not " + mean + " and " + std);
            }
        }
    }

    /** Pixels in [0, 1]. */
    public static PixelScaling unit() {
        return of(0, 1);
    }

    /** Pixels in [-1, 1]. */
    public static PixelScaling symmetric() {
        return of(0.5, 0.5);
    }

    /** The same mean and std for every channel. */
    public static PixelScaling of(double mean, double std) {
        return new PixelScaling(List.of(mean), List.of(std));
    }

    /** One table of 256 features for each channel. */
    float[][] tables(int channels) {
        if (mean.size() != 1 && mean.size() != channels) {
            throw new IllegalArgumentException(
                    "pixel scaling has " + mean.size() + " channels, the images have " + channels);
        }
        float[][] tables = new float[channels][256];
        for (int c = 0; c < channels; c++) {
            int k = mean.size() == 1 ? 0 : c;
            for (int b = 0; b < 256; b++) {
                tables[c][b] = (float) ((b / 255.0 - mean.get(k)) / std.get(k));
            }
            if (k == 0 && mean.size() == 1) {
                Arrays.fill(tables, tables[0]);
                break;
            }
        }
        return tables;
    }
}
