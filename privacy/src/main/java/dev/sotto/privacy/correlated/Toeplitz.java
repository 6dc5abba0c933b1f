package dev.sotto.privacy.correlated;

/** Products and inverses of lower-triangular Toeplitz matrices, each given by its first column: power series in the shift. */
final class Toeplitz {
    private Toeplitz() {}

    /** The x of T(column) x = right; {@code column} may be shorter, its rest is 0. The first entry of it is 1. */
    static double[] solve(double[] column, double[] right) {
        double[] x = right.clone();
        for (int t = 1; t < x.length; t++) {
            double sum = x[t];
            for (int k = 1; k < Math.min(column.length, t + 1); k++) {
                sum -= column[k] * x[t - k];
            }
            x[t] = sum;
        }
        return x;
    }

    /** The x of T(column)^T x = right. */
    static double[] solveTransposed(double[] column, double[] right) {
        double[] x = right.clone();
        for (int t = x.length - 2; t >= 0; t--) {
            double sum = x[t];
            for (int k = 1; k < Math.min(column.length, x.length - t); k++) {
                sum -= column[k] * x[t + k];
            }
            x[t] = sum;
        }
        return x;
    }

    /** The first column of the inverse. */
    static double[] inverse(double[] column, int rounds) {
        double[] unit = new double[rounds];
        unit[0] = 1;
        return solve(column, unit);
    }

    /** The first column of A T for the matrix A of prefix sums. */
    static double[] prefixSums(double[] column) {
        double[] sums = column.clone();
        for (int t = 1; t < sums.length; t++) {
            sums[t] += sums[t - 1];
        }
        return sums;
    }

    /**
     * The first coefficients of (1 - x)^(-1/2): c_k = binom(2k, k) / 4^k, the square root of the matrix of prefix sums.
     * Source: Fichtenberger, Henzinger, Upadhyay 2023, "Constant matters".
     */
    static double[] squareRoot(int count) {
        double[] c = new double[count];
        c[0] = 1;
        for (int k = 1; k < count; k++) {
            c[k] = c[k - 1] * (1 - 0.5 / k);
        }
        return c;
    }
}
