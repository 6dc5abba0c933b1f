package dev.sotto.federation.clientlevel;

import java.util.Arrays;

/** Flat clipping of an update's vector. */
final class UpdateBound {
    private UpdateBound() {}

    /**
     * Scales the vector to the norm if it is longer; a vector that is not finite becomes zero.
     *
     * @return whether it lay within the norm
     */
    static boolean clip(float[] vector, double norm) {
        double squares = 0;
        for (float value : vector) {
            squares += (double) value * value;
        }
        double length = Math.sqrt(squares);
        if (!Double.isFinite(length)) {
            Arrays.fill(vector, 0);
            return false;
        }
        if (length <= norm) {
            return true;
        }
        // The factor and its products are rounded: a hair below keeps the result within the norm.
        double factor = norm / length * (1 - 1e-6);
        for (int i = 0; i < vector.length; i++) {
            vector[i] = (float) (vector[i] * factor);
        }
        return false;
    }
}
