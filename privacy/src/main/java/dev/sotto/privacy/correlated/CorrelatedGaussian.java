package dev.sotto.privacy.correlated;

import dev.sotto.privacy.ClippingNorm;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.NoiseMultiplier;
import dev.sotto.privacy.event.Gaussian;

/**
 * A whole run with correlated noise: the one value from which sensitivity, noise and event derive. The run is one event,
 * to be reserved before the first round; nothing is amplified by sampling. The clipping norm is fixed for all rounds.
 *
 * @param correlation how the noise of rounds depends on one another
 * @param participation what the cohorts keep to
 * @param clippingNorm the largest L2 norm of one client's contribution to a round's sum
 * @param noiseMultiplier standard deviation of the noise before correlation, over the sensitivity
 * @param relation zero-out; replace-one doubles the sensitivity
 */
public record CorrelatedGaussian(
        NoiseCorrelation correlation,
        Participation participation,
        ClippingNorm clippingNorm,
        NoiseMultiplier noiseMultiplier,
        NeighbouringRelation relation) {
    /** Checks that the sensitivity is known and the relation fits. */
    public CorrelatedGaussian {
        if (relation == NeighbouringRelation.ADD_OR_REMOVE_ONE) {
            throw new IllegalArgumentException(
                    "the relation of correlated noise is add-or-remove-one; it must be zero-out "
                            + "or replace-one, because another client would change which rounds the others take part in");
        }
        correlation.sensitivity(participation);
    }

    /** How far, in L2 over all rounds, the encoded sums of neighbours can lie apart. */
    public double sensitivity() {
        double one = correlation.sensitivity(participation) * clippingNorm.value();
        return relation == NeighbouringRelation.REPLACE_ONE ? 2 * one : one;
    }

    /** Standard deviation of each coordinate of the noise before correlation. */
    public double standardDeviation() {
        return noiseMultiplier.value() * sensitivity();
    }

    /** Standard deviation of each coordinate of what round {@code round}, counted from 0, adds to its sum. */
    public double standardDeviation(int round) {
        double squares = 0;
        for (double coefficient : correlation.inverseCoefficients(round + 1)) {
            squares += coefficient * coefficient;
        }
        return standardDeviation() * Math.sqrt(squares);
    }

    /** The event of all rounds together. */
    public Gaussian event() {
        return new Gaussian(
                standardDeviation() / correlation.sensitivity(participation), clippingNorm.value(), relation);
    }

    /**
     * The noise of a run that begins.
     *
     * @param length of the sums that it is added to
     */
    public CorrelatedNoise noise(int length) {
        return new CorrelatedNoise(this, length);
    }
}
