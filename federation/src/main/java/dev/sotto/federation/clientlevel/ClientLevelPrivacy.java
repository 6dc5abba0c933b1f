package dev.sotto.federation.clientlevel;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.NoiseMultiplier;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.accounting.Calibration;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.NoOp;
import java.util.Optional;

/**
 * Client-level differential privacy as it is asked for, before it is worked out for a federation.
 *
 * <p>With a noise multiplier, noise is as given and epsilon (if any) is the limit. With epsilon alone, noise is calibrated
 * once so that all planned rounds together spend at most epsilon.
 *
 * @param epsilon the target, or the limit; may be empty if there is a noise multiplier
 * @param delta of the guarantee
 * @param noiseMultiplier noise standard deviation over sensitivity; may be empty if there is an epsilon
 * @param clipping how updates are bounded
 * @param relation which federations are neighbours; empty for the one that suits the sampling
 * @param accountant that calibrates, enforces and reports
 * @param hardLimit true: a round that would pass epsilon is refused before anybody is asked; false: planned rounds run, and
 *     reports show the overshoot
 */
public record ClientLevelPrivacy(
        Optional<Epsilon> epsilon,
        Delta delta,
        Optional<NoiseMultiplier> noiseMultiplier,
        UpdateClipping clipping,
        Optional<NeighbouringRelation> relation,
        AccountantChoice accountant,
        boolean hardLimit) {

    public ClientLevelPrivacy {
        if (epsilon.isEmpty() && noiseMultiplier.isEmpty()) {
            throw new IllegalArgumentException("privacy.client-level: give epsilon, noise-multiplier, or both");
        }
    }

    /**
     * Works it out.
     *
     * @param sampling how cohorts are drawn
     * @param rounds planned
     */
    public ClientLevelPlan plan(ClientSampling sampling, int rounds) {
        return plan(sampling, rounds, new NoOp());
    }

    /**
     * Works it out.
     *
     * @param sampling how cohorts are drawn
     * @param rounds planned
     * @param besides what else is planned on the same clients; noise is calibrated so that all fits
     */
    public ClientLevelPlan plan(ClientSampling sampling, int rounds, DpEvent besides) {
        double sigma = noiseMultiplier
                .map(NoiseMultiplier::value)
                .orElseGet(() -> Calibration.noiseMultiplier(
                        accountant, epsilon.orElseThrow(), delta, z -> with(z, sampling, rounds, besides)
                                .plannedEvent()));
        return with(sigma, sampling, rounds, besides);
    }

    /** Which federations are neighbours under that sampling. */
    public NeighbouringRelation relation(ClientSampling sampling) {
        return relation.orElseGet(sampling::relation);
    }

    private ClientLevelPlan with(double sigma, ClientSampling sampling, int rounds, DpEvent besides) {
        return new ClientLevelPlan(this, new NoiseMultiplier(sigma), sampling, rounds, besides);
    }
}
