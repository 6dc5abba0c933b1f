package dev.sotto.federation.clientlevel;

import dev.sotto.federation.clientlevel.UpdateNoise.Correlated;
import dev.sotto.privacy.ClippingNorm;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.NoiseMultiplier;
import dev.sotto.privacy.Require;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.accounting.Calibration;
import dev.sotto.privacy.correlated.NoiseCorrelation;
import dev.sotto.privacy.correlated.Participation;
import dev.sotto.privacy.event.Composed;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.NoOp;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Client-level differential privacy as it is asked for, before it is worked out for a federation.
 *
 * <p>With a noise multiplier, noise is as given and epsilon (if any) is the limit. With epsilon alone, noise is calibrated
 * once so that all planned rounds together spend at most epsilon.
 *
 * @param epsilon the target, or the limit; may be empty if there is a noise multiplier
 * @param delta of the guarantee
 * @param noiseMultiplier noise standard deviation over sensitivity, 0 to clip without noise and protect nobody; may be empty
 *     if there is an epsilon
 * @param clipping how updates are bounded
 * @param noise where noise comes from
 * @param maxWeight where updates weigh their clients' examples: the number from which on more weigh no more; empty where all
 *     weigh the same
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
        UpdateNoise noise,
        OptionalInt maxWeight,
        Optional<NeighbouringRelation> relation,
        AccountantChoice accountant,
        boolean hardLimit) {

    public ClientLevelPrivacy {
        if (epsilon.isEmpty() && noiseMultiplier.isEmpty()) {
            throw new IllegalArgumentException("privacy.client-level: give epsilon, noise-multiplier, or both");
        }
        maxWeight.ifPresent(most -> Require.atLeast("privacy.client-level.max-weight", most, 1));
    }

    /** Gaussian noise by the coordinator, equal weights. */
    public ClientLevelPrivacy(
            Optional<Epsilon> epsilon,
            Delta delta,
            Optional<NoiseMultiplier> noiseMultiplier,
            UpdateClipping clipping,
            Optional<NeighbouringRelation> relation,
            AccountantChoice accountant,
            boolean hardLimit) {
        this(
                epsilon,
                delta,
                noiseMultiplier,
                clipping,
                new UpdateNoise.AtCoordinator(NoiseDistribution.GAUSSIAN),
                OptionalInt.empty(),
                relation,
                accountant,
                hardLimit);
    }

    /** Noise calibrated to (epsilon, delta) over all planned rounds; fixed clipping, Gaussian noise by the coordinator. */
    public static ClientLevelPrivacy calibrated(double epsilon, double delta, double clippingNorm) {
        return of(Optional.of(new Epsilon(epsilon)), delta, Optional.empty(), clippingNorm);
    }

    /** The given noise without a limit; fixed clipping, Gaussian noise by the coordinator. */
    public static ClientLevelPrivacy withNoise(double noiseMultiplier, double delta, double clippingNorm) {
        return of(Optional.empty(), delta, Optional.of(new NoiseMultiplier(noiseMultiplier)), clippingNorm);
    }

    private static ClientLevelPrivacy of(
            Optional<Epsilon> epsilon, double delta, Optional<NoiseMultiplier> noise, double clippingNorm) {
        return new ClientLevelPrivacy(
                epsilon,
                new Delta(delta),
                noise,
                new UpdateClipping.Fixed(new ClippingNorm(clippingNorm)),
                Optional.empty(),
                AccountantChoice.RDP,
                true);
    }

    /** The same with other clipping. */
    public ClientLevelPrivacy with(UpdateClipping other) {
        return new ClientLevelPrivacy(
                epsilon, delta, noiseMultiplier, other, noise, maxWeight, relation, accountant, hardLimit);
    }

    /** The same with noise from elsewhere. */
    public ClientLevelPrivacy with(UpdateNoise other) {
        return new ClientLevelPrivacy(
                epsilon, delta, noiseMultiplier, clipping, other, maxWeight, relation, accountant, hardLimit);
    }

    /** The same under another relation. */
    public ClientLevelPrivacy with(NeighbouringRelation other) {
        return new ClientLevelPrivacy(
                epsilon, delta, noiseMultiplier, clipping, noise, maxWeight, Optional.of(other), accountant, hardLimit);
    }

    /** The same with updates that weigh their examples, up to that many. */
    public ClientLevelPrivacy withMaxWeight(int most) {
        return new ClientLevelPrivacy(
                epsilon,
                delta,
                noiseMultiplier,
                clipping,
                noise,
                OptionalInt.of(most),
                relation,
                accountant,
                hardLimit);
    }

    /**
     * Works it out.
     *
     * @param sampling how cohorts are drawn
     * @param rounds planned
     * @param minClients updates that a round needs to be released; 0 wherever the guarantee counts on secret draws
     * @param besides what else is planned on the same clients; noise is calibrated so that all fits
     * @throws IllegalArgumentException in one line, naming the key, if parts do not fit each other or no noise is enough
     */
    public ClientLevelPlan plan(ClientSampling sampling, int rounds, int minClients, DpEvent besides) {
        Optional<NoiseCorrelation> correlation = noise instanceof Correlated correlated
                ? Optional.of(correlated
                        .kind()
                        .optimal(
                                correlated.size(),
                                Participation.separated(rounds, PlanRules.separation(this, sampling))))
                : Optional.empty();
        double sigma = noiseMultiplier
                .map(NoiseMultiplier::value)
                .orElseGet(() -> Calibration.noiseMultiplier(
                        accountant,
                        epsilon.orElseThrow(),
                        delta,
                        z -> Composed.of(RunEvents.planned(this, z, sampling, rounds, correlation), besides)));
        return new ClientLevelPlan(
                this, new NoiseMultiplier(sigma), sampling, rounds, minClients, correlation, besides);
    }

    /** The same with nothing else planned on these clients. */
    public ClientLevelPlan plan(ClientSampling sampling, int rounds, int minClients) {
        return plan(sampling, rounds, minClients, new NoOp());
    }

    /** The same where a round may be released with any number of updates. */
    public ClientLevelPlan plan(ClientSampling sampling, int rounds) {
        return plan(sampling, rounds, 0);
    }

    /** Which federations are neighbours under that sampling. */
    public NeighbouringRelation relation(ClientSampling sampling) {
        return PlanRules.relation(this, sampling);
    }
}
