package dev.sotto.federation.clientlevel;

import dev.sotto.privacy.random.RandomStream;

/**
 * What a client does to its update before it leaves, where clients bound and noise for themselves.
 *
 * @param clippingNorm the L2 norm that the update is clipped to
 * @param standardDeviation of the noise that the client adds to each value
 */
public record UpdateRelease(double clippingNorm, double standardDeviation) {
    /** Clips and noises a vector in place. */
    public void apply(float[] vector, RandomStream noise) {
        UpdateBound.clip(vector, clippingNorm);
        noise.addGaussian(vector, 0, vector.length, standardDeviation);
    }
}
