package dev.sotto.kernels;

/**
 * Turns uniform random words into normal numbers and adds them to an array: the transform of Box and Muller (1958), with
 * the radius drawn from 64 uniform bits, so that tails reach 9.4 standard deviations.
 *
 * <p>n normals take h = ceil(n / 2) pairs and 3 h words: {@code words[0 .. h)} and {@code words[h .. 2h)} are the upper
 * and lower halves of the radius' uniform number, {@code words[2h .. 3h)} the angles. The first h outputs are the cosines,
 * the rest the sines. Logarithm, sine and cosine are polynomials in single precision built from exactly rounded
 * operations alone, so every implementation gives the same bits; they differ from the exact transform by less than 1e-6.
 * Implementations are stateless, allocate nothing and are safe for use by several threads.
 */
public sealed interface GaussianTransform permits GaussianScalar, GaussianVectors {
    /** How many normals {@code words} words make at most. */
    static int normals(int words) {
        return words / 3 * 2;
    }

    /**
     * Adds {@code std} times a standard normal number to each of {@code target[from .. to)}.
     *
     * @param words at least 3 ceil((to - from) / 2) uniform words; overwritten in part
     * @throws IndexOutOfBoundsException if there are fewer words, or the range lies outside the target
     */
    void add(int[] words, float[] target, int from, int to, float std);

    /**
     * Turns {@code values[from .. from + count)} into the nearest multiple of a grid to value + noise, times {@code scale}. A
     * value that is not finite counts as 0. Beyond 2^22 units of the grid the nearest float stands for the multiple.
     *
     * @param noise from index 0
     * @param perGrid 1 over the grid, a power of two
     * @param scale multiplies the whole number of grid units
     */
    void snap(float[] values, int from, float[] noise, int count, float perGrid, float scale);

    /** The implementation on the Vector API where its module is present, else the one in plain Java. */
    static GaussianTransform fastest() {
        return GaussianChoice.FASTEST;
    }

    /** The implementation in plain Java. */
    static GaussianTransform plain() {
        return new GaussianScalar();
    }
}
