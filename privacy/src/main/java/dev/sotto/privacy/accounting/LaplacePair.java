package dev.sotto.privacy.accounting;

import java.util.stream.IntStream;

/** Laplace distributions of scale 1, {@code distance} apart: the loss lies in [-distance, distance], with atoms at its ends. */
record LaplacePair(double distance) implements LossPair {
    @Override
    public void masses(double loss, double[] into) {
        if (loss >= distance) {
            set(into, 0, 0, 1, 1);
        } else if (loss < -distance) {
            set(into, 1, 1, 0, 0);
        } else {
            // With P around the distance and Q around 0, the loss is t at x = (t + distance) / 2.
            double x = (loss + distance) / 2;
            double far = Math.exp(x - distance) / 2;
            double near = Math.exp(-x) / 2;
            set(into, 1 - far, near, far, 1 - near);
        }
    }

    @Override
    public double[] points(double tail) {
        return IntStream.rangeClosed(-100, 100)
                .mapToDouble(i -> distance * i / 100)
                .toArray();
    }

    @Override
    public boolean symmetric() {
        return true;
    }

    private static void set(double[] into, double above, double aboveQ, double below, double belowQ) {
        into[0] = above;
        into[1] = aboveQ;
        into[2] = below;
        into[3] = belowQ;
    }
}
