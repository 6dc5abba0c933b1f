package dev.sotto.privacy.correlated;

/**
 * How the noise of a round depends on that of rounds before: a lower-triangular Toeplitz strategy matrix C with ones on
 * its diagonal, given by its first column. The noise of round t is row t of C^-1 Z, where Z has a row of independent
 * normal numbers for each round (Kairouz et al. 2021; Denisov et al. 2022, whose theorem 2.1 makes this safe although later
 * updates depend on earlier releases). Immutable and thread-safe.
 */
public sealed interface NoiseCorrelation permits BandedToeplitz, BufferedLinearToeplitz {
    /** The first column of C over so many rounds; the first entry is 1. A fresh array. */
    double[] coefficients(int rounds);

    /** The first column of C^-1 over so many rounds: how much of the independent noise of k rounds ago is in a round's. */
    double[] inverseCoefficients(int rounds);

    /** How many vectors of the model's length the noise keeps from round to round. */
    int memoryVectors();

    /** What reports call it. */
    String label();

    /**
     * How far, in L2 over all rounds, the encoded sums C X of neighbours lie apart when one client's contributions of norm
     * at most 1 become zero.
     *
     * @throws IllegalArgumentException if the coefficients are of a shape for which the exact value is not known
     */
    default double sensitivity(Participation participation) {
        return Math.sqrt(Sensitivity.squared(coefficients(participation.rounds()), participation));
    }
}
