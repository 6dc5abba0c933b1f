package dev.sotto.kernels;

/**
 * {@code a x b + c}, rounded once: the same bits everywhere, at a usable speed also on processors without such an
 * instruction (x86 before 2013, and virtual machines that hide it), where {@link Math#fma} computes with big decimals.
 */
final class FusedMultiplyAdd {
    static final boolean IN_HARDWARE = inHardware();

    /** The bits of a double that a float has not, and what they are halfway between two floats. */
    private static final long BEYOND_FLOAT = (1L << 29) - 1;

    private static final long HALFWAY = 1L << 28;

    private FusedMultiplyAdd() {}

    static float fma(float a, float b, float c) {
        return IN_HARDWARE ? Math.fma(a, b, c) : byDoubles(a, b, c);
    }

    /**
     * In double precision the product is exact, so the sum is rounded once, and then once more to a float. Rounding twice
     * differs from rounding once only if the first ends halfway between two floats; those of less than full precision aside.
     */
    static float byDoubles(float a, float b, float c) {
        double product = (double) a * b;
        double sum = product + c;
        boolean halfway = (Double.doubleToRawLongBits(sum) & BEYOND_FLOAT) == HALFWAY;
        boolean subnormal = Math.abs(sum) < Float.MIN_NORMAL && sum != 0;
        return subnormal || halfway && !exact(product, c, sum) ? Math.fma(a, b, c) : (float) sum;
    }

    /** Whether x + y is the sum itself (Knuth's TwoSum finds no error). */
    private static boolean exact(double x, double y, double sum) {
        double ofY = sum - x;
        return (x - (sum - ofY)) + (y - ofY) == 0;
    }

    /** By the time it takes, interpreted or compiled: a fourth of doubles' with the instruction, a hundred times it without. */
    private static boolean inHardware() {
        long fused = Long.MAX_VALUE;
        long doubles = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 3; attempt++) {
            long start = System.nanoTime();
            float x = 1;
            for (int i = 0; i < 32; i++) {
                x = Math.fma(x, 0.7f, 0.1f);
            }
            long middle = System.nanoTime();
            float y = 1;
            for (int i = 0; i < 32; i++) {
                y = byDoubles(y, 0.7f, 0.1f);
            }
            long end = System.nanoTime();
            if (x != y) {
                throw new AssertionError("a fused multiply-add gave " + x + " and " + y);
            }
            fused = Math.min(fused, middle - start);
            doubles = Math.min(doubles, end - middle);
        }
        return fused <= 8 * doubles;
    }
}
