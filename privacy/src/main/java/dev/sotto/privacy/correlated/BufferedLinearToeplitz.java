package dev.sotto.privacy.correlated;

import dev.sotto.privacy.Require;
import java.util.Arrays;
import java.util.List;

/**
 * A BLT: a strategy matrix whose coefficients are sums of a few geometric series, c_0 = 1, c_t = sum over i of scale_i
 * decay_i^(t-1). Its inverse is one too, so the noise needs one vector of the model's length for each buffer, however many
 * rounds there are. Sources: Dvijotham, McMahan, Pillutla, Steinke, Thakurta 2024, "Efficient and near-optimal noise
 * generation for streaming differential privacy"; McMahan, Xu, Zhang 2024, "A hassle-free algorithm for private learning
 * in practice: don't use tree aggregation, use BLTs"; the inverse: McMahan and Pillutla 2025.
 *
 * <p>Decays and scales are rounded down to floats, in which the noise is computed, so that the matrix that runs is the
 * one that is accounted.
 *
 * @param decays theta, each in [0, 1), falling strictly
 * @param scales omega, one for each decay, above 0, adding up to at most 1: coefficients are positive and never rise
 */
public record BufferedLinearToeplitz(List<Double> decays, List<Double> scales) implements NoiseCorrelation {
    /** As many as are ever looked for. */
    public static final int MOST_BUFFERS = BufferedSearch.MOST;

    /** Checks the ranges. */
    public BufferedLinearToeplitz {
        decays = decays.stream().map(BufferedLinearToeplitz::roundedDown).toList();
        scales = scales.stream().map(BufferedLinearToeplitz::roundedDown).toList();
        if (decays.size() != scales.size()) {
            throw new IllegalArgumentException("the BLT has " + decays.size() + " decays and " + scales.size()
                    + " scales; there must be one scale for each decay");
        }
        double above = 1;
        double sum = 0;
        for (int i = 0; i < decays.size(); i++) {
            double decay = Require.nonNegative("decay of the BLT", decays.get(i));
            if (!(decay < above)) {
                throw new IllegalArgumentException("decay " + i + " of the BLT is " + decay + "; it must be below "
                        + (i == 0 ? "1" : "the decay before it, " + above));
            }
            above = decay;
            sum += Require.positive("scale of the BLT", scales.get(i));
        }
        if (sum > 1) {
            throw new IllegalArgumentException(
                    "the scales of the BLT add up to " + sum + "; they must add up to at most 1");
        }
    }

    /**
     * The BLT with the least error of prefix sums at equal privacy, found numerically. Takes well under a second for 1,000
     * rounds and 5 buffers; deterministic.
     *
     * @param buffers from 1 to 10; the result has fewer where more would not help
     */
    public static BufferedLinearToeplitz optimal(int buffers, Participation participation, PrefixSumError error) {
        Require.atLeast("buffers of the BLT", buffers, 1);
        if (buffers > BufferedSearch.MOST) {
            throw new IllegalArgumentException(
                    "buffers of the BLT is " + buffers + "; it must be at most " + BufferedSearch.MOST);
        }
        return BufferedSearch.optimum(buffers, participation, error);
    }

    /** The best BLT with as few buffers as come within 0.1% of what one more buffer achieves. */
    public static BufferedLinearToeplitz optimal(Participation participation, PrefixSumError error) {
        BufferedLinearToeplitz best = optimal(1, participation, error);
        for (int buffers = 2; buffers <= BufferedSearch.MOST; buffers++) {
            BufferedLinearToeplitz larger = optimal(buffers, participation, error);
            double gain = error.atEqualPrivacy(best, participation) / error.atEqualPrivacy(larger, participation);
            if (gain < 1.001) {
                return best;
            }
            best = larger;
        }
        return best;
    }

    @Override
    public double[] coefficients(int rounds) {
        return GeometricSums.column(array(decays), array(scales), Require.atLeast("rounds", rounds, 1));
    }

    @Override
    public double[] inverseCoefficients(int rounds) {
        double[] inverse = GeometricSums.inverseDecays(array(decays), array(scales));
        return GeometricSums.column(
                inverse, GeometricSums.residues(inverse, array(decays)), Require.atLeast("rounds", rounds, 1));
    }

    @Override
    public int memoryVectors() {
        return decays.size();
    }

    @Override
    public String label() {
        return "blt";
    }

    /** The largest float that is no further from 0. */
    static double roundedDown(double value) {
        float rounded = (float) value;
        return Math.abs(rounded) > Math.abs(value) ? Math.nextAfter(rounded, 0) : rounded;
    }

    static double[] array(List<Double> values) {
        return values.stream().mapToDouble(v -> v).toArray();
    }

    static List<Double> list(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }
}
