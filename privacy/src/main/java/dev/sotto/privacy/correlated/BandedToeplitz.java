package dev.sotto.privacy.correlated;

import dev.sotto.privacy.Require;
import java.util.Arrays;
import java.util.List;

/**
 * A strategy matrix whose columns have b coefficients: the noise of a round takes back parts of that of the b - 1 rounds
 * before. Keeps b - 1 vectors of the model's length. Source: Choquette-Choo et al. 2023, "(Amplified) banded matrix
 * factorization", with Toeplitz coefficients as in McKenna 2024, "Scaling up the banded matrix factorization mechanism".
 *
 * <p>Bands are rounded to floats, in which the noise is computed, so that the matrix that runs is the one that is
 * accounted.
 *
 * @param bands the coefficients c_0 = 1, c_1, ..., c_(b-1), finite
 */
public record BandedToeplitz(List<Double> bands) implements NoiseCorrelation {
    /** Checks the coefficients. */
    public BandedToeplitz {
        bands = bands.stream().map(band -> (double) band.floatValue()).toList();
        if (bands.isEmpty() || bands.get(0) != 1) {
            throw new IllegalArgumentException("the bands of the noise correlation "
                    + (bands.isEmpty() ? "are none" : "begin with " + bands.get(0)) + "; they must begin with 1");
        }
        bands.forEach(band -> Require.finite("band of the noise correlation", band));
    }

    /** Independent noise. */
    public static BandedToeplitz independent() {
        return new BandedToeplitz(List.of(1.0));
    }

    /**
     * The first bands of the square root of the prefix sums, binom(2k, k) / 4^k; with a band for each round it has the least
     * maximum error of all Toeplitz matrices if each client takes part once.
     */
    public static BandedToeplitz squareRoot(int count) {
        return of(Toeplitz.squareRoot(Require.atLeast("bands", count, 1)));
    }

    /**
     * The bands with the least error of prefix sums at equal privacy, found numerically from the square root's. If clients
     * return after fewer rounds than there are bands, the best among bands that do not rise, or fewer bands where those
     * are better. Takes a fraction of a second for 1,000 rounds and 100 bands; deterministic.
     *
     * @param count bands, at least 1; more than rounds count as one for each round
     */
    public static BandedToeplitz optimal(int count, Participation participation, PrefixSumError error) {
        int bands = Math.min(Require.atLeast("bands", count, 1), participation.rounds());
        return BandedSearch.optimum(bands, participation, error);
    }

    static BandedToeplitz of(double[] bands) {
        return new BandedToeplitz(Arrays.stream(bands).boxed().toList());
    }

    @Override
    public double[] coefficients(int rounds) {
        return Arrays.copyOf(bands.stream().mapToDouble(c -> c).toArray(), Require.atLeast("rounds", rounds, 1));
    }

    @Override
    public double[] inverseCoefficients(int rounds) {
        return Toeplitz.inverse(coefficients(Math.min(rounds, bands.size())), rounds);
    }

    @Override
    public int memoryVectors() {
        return bands.size() - 1;
    }

    @Override
    public String label() {
        return "banded";
    }
}
