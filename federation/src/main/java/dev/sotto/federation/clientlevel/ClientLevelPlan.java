package dev.sotto.federation.clientlevel;

import dev.sotto.federation.clientlevel.UpdateNoise.AtClients;
import dev.sotto.federation.clientlevel.UpdateNoise.Local;
import dev.sotto.learning.Layout;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.NoiseMultiplier;
import dev.sotto.privacy.correlated.CorrelatedGaussian;
import dev.sotto.privacy.correlated.NoiseCorrelation;
import dev.sotto.privacy.event.Composed;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.DpEvents;
import dev.sotto.privacy.event.NoOp;
import dev.sotto.privacy.ledger.Budget;
import dev.sotto.privacy.random.Randomness;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Client-level privacy worked out for one federation: sampling, clipping, noise and events are all derived from this value.
 *
 * @param asked what was asked for
 * @param noise the noise multiplier z: standard deviation over sensitivity, of everything that a round releases together
 * @param sampling how cohorts are drawn
 * @param rounds planned
 * @param minClients updates that a round needs to be released
 * @param correlation how the noise of rounds depends on one another; empty if it does not
 * @param besides what is planned on the same clients besides the rounds, such as releases of their accuracy
 */
public record ClientLevelPlan(
        ClientLevelPrivacy asked,
        NoiseMultiplier noise,
        ClientSampling sampling,
        int rounds,
        int minClients,
        Optional<NoiseCorrelation> correlation,
        DpEvent besides) {

    /** Refuses, in one line that names the key, what is not proven. */
    public ClientLevelPlan {
        PlanRules.check(asked, noise, sampling, minClients);
    }

    /** Which federations are neighbours. */
    public NeighbouringRelation relation() {
        return PlanRules.relation(asked, sampling);
    }

    /** Whether the guarantee counts on nobody knowing who was drawn. */
    public boolean amplifies() {
        return PlanRules.amplifies(asked, sampling);
    }

    /** How far one client can move the sum of updates clipped to that norm. */
    public double sensitivity(double norm) {
        return RunEvents.sensitivity(relation()) * norm;
    }

    /** Standard deviation of the noise on the count; empty where the norm does not adapt, or nothing is noised. */
    public OptionalDouble countStddev() {
        return asked.clipping() instanceof UpdateClipping.Adaptive adaptive && noise.value() > 0
                ? OptionalDouble.of(adaptive.countStddev(sampling.expectedClients()))
                : OptionalDouble.empty();
    }

    /**
     * The noise multiplier of the sum by itself. With adaptive clipping the count takes part of the whole's: 1/z^2 = 1/z_sum^2 +
     * 1/z_count^2, where z_count is the count's noise over its sensitivity (Andrew et al. 2021, theorem 1).
     */
    public double sumNoiseMultiplier() {
        double z = noise.value();
        if (countStddev().isEmpty()) {
            return z;
        }
        double count = countStddev().getAsDouble() / RunEvents.countSensitivity(relation());
        return 1 / Math.sqrt(1 / (z * z) - 1 / (count * count));
    }

    /** Standard deviation of the noise on each value of a sum of updates clipped to that norm; before any correlation. */
    public double noiseStddev(double norm) {
        return correlated()
                .map(CorrelatedGaussian::standardDeviation)
                .orElseGet(() -> sumNoiseMultiplier() * sensitivity(norm));
    }

    /** The same for what each client adds by itself; 0 where the coordinator does. */
    public double shareStddev(double norm) {
        if (asked.noise() instanceof AtClients shares) {
            return noiseStddev(norm) / Math.sqrt((double) minClients - shares.colluders());
        }
        return asked.noise() instanceof Local ? noiseStddev(norm) : 0;
    }

    /** What a round releases, in units of its clipping norm; with correlated noise the whole run is one event instead. */
    public DpEvent roundEvent() {
        return RunEvents.round(asked, noise.value(), sampling);
    }

    /** All that is planned: the rounds, and what there is besides. */
    public DpEvent plannedEvent() {
        return besides instanceof NoOp ? training() : Composed.of(training(), besides);
    }

    private DpEvent training() {
        return RunEvents.planned(asked, noise.value(), sampling, rounds, correlation);
    }

    /** What is reserved before a round, from 1: its event; with correlated noise the whole run before the first. */
    public DpEvent reservedBefore(int round) {
        if (correlation.isEmpty()) {
            return roundEvent();
        }
        return round == 1 ? training() : new NoOp();
    }

    /** What was spent, for somebody who knows who was drawn: the coordinator. */
    public DpEvent knowingCohorts(DpEvent spent) {
        return DpEvents.withoutSampling(spent);
    }

    /** What an event costs, by the accountant and at the delta that were asked for. */
    public OptionalDouble epsilon(DpEvent spent) {
        return asked.accountant().accountant().epsilon(spent, asked.delta()).epsilon();
    }

    /** The run with correlated noise; empty where rounds are independent. */
    public Optional<CorrelatedGaussian> correlated() {
        return correlation
                .filter(matrix -> noise.value() > 0)
                .map(matrix -> RunEvents.correlated(asked, noise.value(), sampling, rounds, matrix));
    }

    /** The budget that the federation's ledger enforces. */
    public Budget budget() {
        return asked.hardLimit() && asked.epsilon().isPresent()
                ? new Budget(asked.epsilon().get(), asked.delta(), asked.accountant()).forPlan(plannedEvent())
                : Budget.unlimited(asked.delta(), asked.accountant());
    }

    /**
     * The mechanism of one run.
     *
     * @param layout of the model
     * @param width values in an update's vector
     * @param randomness where noise comes from
     */
    public ClientLevelMechanism mechanism(Layout layout, int width, Randomness randomness) {
        return new ClientLevelMechanism(this, UpdateBound.parts(asked.clipping(), layout, width), width, randomness);
    }
}
