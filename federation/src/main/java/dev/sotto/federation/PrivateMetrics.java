package dev.sotto.federation;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.NoiseMultiplier;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.accounting.Calibration;
import dev.sotto.privacy.event.DpEvent;
import java.util.Locale;
import java.util.Optional;

/**
 * The accuracy on what clients held out, asked for in spite of privacy: released with noise, and accounted. One of the two is
 * there.
 *
 * @param epsilon what all evaluations of a run together may spend of the target; noise is calibrated to it
 * @param noiseMultiplier standard deviation of the noise over the sensitivity
 */
public record PrivateMetrics(Optional<Epsilon> epsilon, Optional<NoiseMultiplier> noiseMultiplier) {
    public PrivateMetrics {
        if (epsilon.isPresent() == noiseMultiplier.isPresent()) {
            throw new IllegalArgumentException("evaluation.private-metrics: give epsilon or noise-multiplier");
        }
    }

    /** That much noise. */
    public static PrivateMetrics withNoise(double noiseMultiplier) {
        return new PrivateMetrics(Optional.empty(), Optional.of(new NoiseMultiplier(noiseMultiplier)));
    }

    /** Noise such that all evaluations together spend that much, at the delta of the guarantee. */
    public static PrivateMetrics spending(double epsilon) {
        return new PrivateMetrics(Optional.of(new Epsilon(epsilon)), Optional.empty());
    }

    /**
     * Works it out.
     *
     * @param relation which neighbours the noise hides
     * @param evaluations planned
     * @param delta of the guarantee that this is part of
     */
    AccuracyRelease release(NeighbouringRelation relation, int evaluations, AccountantChoice accountant, Delta delta) {
        double sigma = noiseMultiplier
                .map(NoiseMultiplier::value)
                .orElseGet(() -> Calibration.noiseMultiplier(
                        accountant, epsilon.orElseThrow(), delta, z -> release(z, relation, evaluations)
                                .plannedEvent()));
        return release(sigma, relation, evaluations);
    }

    private static AccuracyRelease release(double sigma, NeighbouringRelation relation, int evaluations) {
        return new AccuracyRelease(new NoiseMultiplier(sigma), relation, evaluations);
    }

    /**
     * Checks that evaluations leave something of the target to training.
     *
     * @throws IllegalArgumentException with both numbers
     */
    void requireWithin(Epsilon target, DpEvent planned, AccountantChoice accountant, Delta delta) {
        double own = accountant.accountant().epsilon(planned, delta).orInfinity();
        if (!(own < target.value())) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "evaluation.private-metrics: evaluations alone spend epsilon %.4g of %s; give them more noise, or "
                            + "evaluate in fewer rounds",
                    own,
                    target));
        }
    }
}
