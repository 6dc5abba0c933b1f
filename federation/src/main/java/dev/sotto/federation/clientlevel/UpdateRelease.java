package dev.sotto.federation.clientlevel;

import dev.sotto.privacy.GaussianRelease;
import dev.sotto.privacy.random.RandomStream;
import java.util.Arrays;

/**
 * What a client does to its update before it leaves, where clients bound and noise for themselves.
 *
 * @param bound what the update is clipped to
 * @param standardDeviation of the noise that the client adds to each value; 0 for none
 * @param countValue what follows the update: this if it lay within its norm, its negative if not, noised as all values are; 0
 *     if nothing follows
 * @param maxWeight examples from which on more weigh no more; 0 for equal weights
 */
public record UpdateRelease(UpdateBound bound, double standardDeviation, double countValue, int maxWeight) {
    /**
     * Clips, weighs and noises.
     *
     * @param vector overwritten
     * @param examples of the client
     * @return what may leave: values on a grid that depends on the noise's scale alone
     */
    public float[] apply(float[] vector, int examples, RandomStream noise) {
        double weight = UpdateBound.weight(examples, maxWeight);
        double[] factors = bound.factors(vector);
        for (int p = 0; p < factors.length; p++) {
            scale(vector, bound.parts().get(p), factors[p] * weight);
        }
        float[] released = vector;
        if (countValue > 0) {
            released = Arrays.copyOf(vector, vector.length + 1);
            released[vector.length] = (float) (UpdateBound.twiceCount(factors) * countValue);
        }
        if (standardDeviation > 0) {
            new GaussianRelease(noise).apply(released, standardDeviation, 1);
        }
        return released;
    }

    private static void scale(float[] vector, UpdateBound.Part part, double factor) {
        if (factor == 0) {
            Arrays.fill(vector, part.from(), part.to(), 0);
        } else if (factor < 1) {
            float scale = (float) (factor * UpdateBound.HAIR_BELOW);
            for (int i = part.from(); i < part.to(); i++) {
                vector[i] *= scale;
            }
        }
    }
}
