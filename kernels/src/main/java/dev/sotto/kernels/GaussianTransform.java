package dev.sotto.kernels;

import java.util.function.IntSupplier;

/**
 * Turns uniform random words into standard normal numbers: the transform of Box and Muller (1958), with the radius drawn
 * from 64 uniform bits, so that tails reach 9.4 standard deviations.
 *
 * <p>n normals take h = ceil(n / 2) pairs and 2 h words of 32 bits, their lowest byte first: words 0 to h are the upper
 * halves of the radii's uniform numbers, words h to 2h the angles. The lower half of a uniform number matters only where the
 * upper one is small: with 19 bits or fewer, which makes the number less than 2^-13 and its radius more than 4.2. Elsewhere
 * radii lie closer than 1e-6 to each other without it. So only there, once in 8192 times, is it drawn, in ascending order of
 * pairs. The first h outputs are the cosines, the rest the sines. Logarithm, sine and cosine are polynomials in single
 * precision built from exactly rounded operations alone, so every implementation gives the same bits; they differ from the
 * exact transform by less than 1e-6. Implementations are stateless, allocate nothing and are safe for use by several threads.
 */
public sealed interface GaussianTransform permits GaussianScalar, GaussianVectors {
    /**
     * Turns {@code values[from .. to)} into the nearest multiple of a grid to value + std x normal number, times {@code
     * scale}. A value that is not finite counts as 0. Beyond 2^22 units of the grid the nearest float stands for the
     * multiple.
     *
     * @param words at least 8 ceil((to - from) / 2) uniform bytes
     * @param lower gives the lower halves of small uniform numbers
     * @param radii for the work, at least ceil((to - from) / 2) long
     * @param grid a power of two, or 0: then sums stay as they are
     * @param scale multiplies the multiple
     * @throws IndexOutOfBoundsException if there are fewer bytes or radii, or the range lies outside the array
     */
    void addNoise(
            byte[] words,
            IntSupplier lower,
            float[] radii,
            float[] values,
            int from,
            int to,
            float std,
            float grid,
            float scale);

    /**
     * Turns {@code values[from .. from + count)} into the nearest multiple of a grid to value + std x noise, times {@code
     * scale}. A value that is not finite counts as 0. Beyond 2^22 units of the grid the nearest float stands for the
     * multiple.
     *
     * @param noise from index 0
     * @param grid a power of two
     * @param scale multiplies the multiple
     */
    void snap(float[] values, int from, float[] noise, int count, float std, float grid, float scale);

    /** The implementation on the Vector API where its module is present, else the one in plain Java. */
    static GaussianTransform fastest() {
        return GaussianChoice.FASTEST;
    }

    /** The implementation in plain Java. */
    static GaussianTransform plain() {
        return new GaussianScalar();
    }
}
