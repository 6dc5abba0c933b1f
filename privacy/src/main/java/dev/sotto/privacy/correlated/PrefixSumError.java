package dev.sotto.privacy.correlated;

/**
 * How much noise prefix sums carry: the standard deviation on the sums of the first 1, 2, ..., n rounds' releases, which
 * for independent noise of standard deviation 1 before correlation are the row norms of A C^-1, A the matrix of prefix
 * sums. The sum of the first t + 1 rounds has the variance b_0^2 + ... + b_t^2, where b is the first column of A C^-1.
 */
public enum PrefixSumError {
    /** Of the noisiest prefix, which is the last. */
    MAXIMUM,
    /** Root of the mean of the variances over all prefixes. */
    ROOT_MEAN_SQUARE;

    /** The error for unit noise before correlation. */
    public double of(NoiseCorrelation correlation, int rounds) {
        return Math.sqrt(squared(Toeplitz.prefixSums(correlation.inverseCoefficients(rounds))));
    }

    /**
     * The error for noise that gives every run the same guarantee, standard deviation 1 times the sensitivity: what is to
     * be small. Independent noise has sqrt(n) times the root of the participations as its maximum.
     */
    public double atEqualPrivacy(NoiseCorrelation correlation, Participation participation) {
        return of(correlation, participation.rounds()) * correlation.sensitivity(participation);
    }

    /** The squared error, given the first column of A C^-1. */
    double squared(double[] column) {
        double sum = 0;
        for (int t = 0; t < column.length; t++) {
            sum += weight(t, column.length) * column[t] * column[t];
        }
        return sum;
    }

    /** In which share of the prefixes that count the t-th coefficient occurs. */
    double weight(int t, int rounds) {
        return this == MAXIMUM ? 1 : (rounds - t) / (double) rounds;
    }
}
