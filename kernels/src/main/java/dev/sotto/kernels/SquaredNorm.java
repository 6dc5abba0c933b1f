package dev.sotto.kernels;

/**
 * The squared L2 norm of a part of a float vector, summed in double precision. Sixteen partial sums are kept and added in a
 * fixed order, so every implementation gives the same bits. Implementations are stateless and safe for use by
 * several threads.
 */
public sealed interface SquaredNorm permits SquaredNormScalar, SquaredNormVectors {
    /** Partial sums: value i goes to number i mod 16. */
    int LANES = 16;

    /**
     * The sum of the squares of {@code values[from .. to)}; not finite if a value is not.
     *
     * @throws IndexOutOfBoundsException if the range lies outside the array
     */
    double of(float[] values, int from, int to);

    /** The implementation on the Vector API where its module is present and vectors are wide enough, else plain Java. */
    static SquaredNorm fastest() {
        return SquaredNormChoice.FASTEST;
    }

    /** The implementation in plain Java. */
    static SquaredNorm plain() {
        return new SquaredNormScalar();
    }
}
