package dev.sotto.privacy.accounting;

import java.util.Arrays;

/** The same pair, with several points to each of its own. */
record RefinedPair(LossPair pair, int times) implements LossPair {
    @Override
    public void masses(double loss, double[] into) {
        pair.masses(loss, into);
    }

    @Override
    public double[] points(double tail) {
        double[] points = pair.points(tail);
        double[] fine = new double[(points.length - 1) * times + 1];
        int count = 0;
        for (int i = 0; i + 1 < points.length; i++) {
            for (int j = 0; j < times; j++) {
                double point = points[i] + (points[i + 1] - points[i]) * j / times;
                if (count == 0 || point > fine[count - 1]) {
                    fine[count++] = point;
                }
            }
        }
        fine[count++] = points[points.length - 1];
        return Arrays.copyOf(fine, count);
    }
}
