package dev.sotto.federation;

import dev.sotto.learning.Evaluation;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.NoiseMultiplier;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.Gaussian;
import dev.sotto.privacy.event.SelfComposed;
import dev.sotto.privacy.random.RandomStream;
import java.util.Collection;

/**
 * Scores released with normal noise: the number that one client had right, or the sum of clients' accuracies.
 *
 * <p>Each unit (an example that is right or wrong, a client's accuracy in [0, 1]) is counted from the middle: it adds between
 * -1/2 and 1/2, and nothing if it is not there. So its presence moves the sum by at most 1/2, and its replacement by at most 1.
 *
 * @param noise standard deviation over that sensitivity
 * @param relation which neighbours the noise hides
 * @param evaluations planned
 */
public record AccuracyRelease(NoiseMultiplier noise, NeighbouringRelation relation, int evaluations) {
    private static final double REACH = 0.5;
    private static final double UNITS_PER_ONE = 0x1p40;
    /** Sums are released on a grid of the noise's scale over 2^14 or a little finer. */
    private static final int GRID_BITS = 14;

    /** What one evaluation does to the units that took part. */
    public Gaussian event() {
        return new Gaussian(standardDeviation(), REACH, relation);
    }

    /** What all planned evaluations do. */
    public DpEvent plannedEvent() {
        return new SelfComposed(event(), evaluations);
    }

    /** Of the noise on a sum. */
    public double standardDeviation() {
        return noise.value() * (relation == NeighbouringRelation.REPLACE_ONE ? 2 * REACH : REACH);
    }

    /** A client's scores with a noised number of correct ones, a whole number that may be negative; no loss. */
    Evaluation ofExamples(Evaluation exact, RandomStream noises) {
        // Rounding to whole numbers afterwards leaves no trace of the floating-point noise.
        long correct = Math.round(exact.correct() + standardDeviation() * noises.nextGaussian());
        return new Evaluation(exact.examples(), Double.NaN, correct);
    }

    /**
     * The mean of clients' accuracies.
     *
     * @param clients exact scores of those that answered
     * @param expected the public number of clients that the sum is divided by
     */
    double ofClients(Collection<Evaluation> clients, double expected, RandomStream noises) {
        long sum = 0;
        for (Evaluation scores : clients) {
            double accuracy = Math.min(1, Math.max(0, scores.accuracy()));
            sum += Double.isNaN(accuracy) ? 0 : (long) ((accuracy - 0.5) * UNITS_PER_ONE);
        }
        double grid = Math.scalb(1.0, Math.getExponent(standardDeviation()) - GRID_BITS);
        double noised = sum + Math.rint(standardDeviation() * noises.nextGaussian() * UNITS_PER_ONE);
        return Math.rint(noised / (grid * UNITS_PER_ONE)) * grid / expected + 0.5;
    }
}
