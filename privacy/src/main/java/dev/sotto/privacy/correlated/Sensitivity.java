package dev.sotto.privacy.correlated;

/**
 * The exact sensitivity of a lower-triangular Toeplitz matrix under participation with a minimum separation.
 *
 * <p>A client with contributions g_t, |g_t| <= 1, in rounds t of a pattern P moves C X by sum over t in P of (column t of
 * C) times g_t, whose squared L2 norm is the sum over t, u in P of G_tu (g_t . g_u), with G = C^T C. Entries of G are
 * {@code G_tu = sum over i < n - max(t, u) of c_i c_(i + |t - u|)}.
 *
 * <ul>
 *   <li>One participation: at most G_00, the norm of the first column, which holds all that later columns hold.
 *   <li>Bands no wider than the separation: columns of a pattern do not overlap, G_tu = 0 off the diagonal, whatever the
 *       signs (Choquette-Choo et al. 2023b, "(Amplified) banded matrix factorization", theorem 2), and each G_tt is
 *       largest for the earliest t.
 *   <li>Coefficients that do not rise and are not negative: G has no negative entries, so equal g_t are worst
 *       (Choquette-Choo et al. 2023a, "Multi-epoch matrix factorization mechanisms", corollary 2.1), and G_tu falls both
 *       with |t - u| and with max(t, u). The j-th round of any pattern is at least j s, its distance to the i-th at least
 *       (j - i) s, so entry by entry no pattern exceeds 0, s, 2s, ... (Kalinin and Lampert 2024, theorem 2).
 * </ul>
 */
final class Sensitivity {
    private Sensitivity() {}

    /** The square for coefficients c_0 .. c_(n-1), n the participation's rounds. */
    static double squared(double[] coefficients, Participation participation) {
        int bands = bands(coefficients);
        if (participation.maxParticipations() > 1 && bands > participation.minSeparation()) {
            requireFalling(coefficients, participation.minSeparation());
            return sumOfSquares(columnSum(coefficients, participation));
        }
        double sum = 0;
        for (int j = 0; j < participation.maxParticipations(); j++) {
            int end = Math.min(bands, coefficients.length - j * participation.minSeparation());
            for (int i = 0; i < end; i++) {
                sum += coefficients[i] * coefficients[i];
            }
        }
        return sum;
    }

    /** The sum of columns 0, s, 2s, ... of C. */
    static double[] columnSum(double[] coefficients, Participation participation) {
        int separation = participation.minSeparation();
        long beyond = (long) separation * participation.maxParticipations();
        double[] sum = coefficients.clone();
        for (int t = separation; t < sum.length; t++) {
            sum[t] += sum[t - separation];
            if (t >= beyond) {
                sum[t] -= coefficients[(int) (t - beyond)];
            }
        }
        return sum;
    }

    private static int bands(double[] coefficients) {
        int bands = coefficients.length;
        while (bands > 1 && coefficients[bands - 1] == 0) {
            bands--;
        }
        return bands;
    }

    private static void requireFalling(double[] coefficients, int separation) {
        for (int i = 0; i < coefficients.length; i++) {
            if (!(coefficients[i] >= 0) || (i > 0 && coefficients[i] > coefficients[i - 1])) {
                throw new IllegalArgumentException(
                        "coefficient " + i + " of the noise correlation is " + coefficients[i]
                                + "; with clients that return after " + separation
                                + " rounds, fewer than its bands, coefficients must be 0 or above and must not rise");
            }
        }
    }

    private static double sumOfSquares(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value * value;
        }
        return sum;
    }
}
