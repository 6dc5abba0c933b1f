package dev.sotto.federation.strategy;

import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/** Combining updates one coordinate at a time. */
final class Coordinates {
    private Coordinates() {}

    /**
     * One vector from many.
     *
     * @param rule gets the values of a coordinate in ascending order
     */
    static float[] combine(List<float[]> updates, ToDoubleFunction<double[]> rule) {
        float[] combined = new float[updates.get(0).length];
        double[] values = new double[updates.size()];
        for (int i = 0; i < combined.length; i++) {
            for (int k = 0; k < values.length; k++) {
                values[k] = updates.get(k)[i];
            }
            Arrays.sort(values);
            combined[i] = (float) rule.applyAsDouble(values);
        }
        return combined;
    }

    static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /** The mean of {@code sorted[from..to)}. */
    static double mean(double[] sorted, int from, int to) {
        double sum = 0;
        for (int k = from; k < to; k++) {
            sum += sorted[k];
        }
        return sum / (to - from);
    }

    /** The mean of so many values that lie closest to the median; of two as close, the smaller counts first. */
    static double meanAroundMedian(double[] sorted, int count) {
        double median = median(sorted);
        int from = 0;
        int to = sorted.length;
        while (to - from > count) {
            if (sorted[to - 1] - median >= median - sorted[from]) {
                to--;
            } else {
                from++;
            }
        }
        return mean(sorted, from, to);
    }
}
