package dev.sotto.federation.clientlevel;

import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.NoiseMultiplier;
import dev.sotto.privacy.event.Composed;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.Gaussian;
import dev.sotto.privacy.event.NoOp;
import dev.sotto.privacy.event.SelfComposed;
import dev.sotto.privacy.ledger.Budget;
import dev.sotto.privacy.random.Randomness;

/**
 * Client-level privacy worked out for one federation: sampling, clipping, noise and events are all derived from this value.
 *
 * @param asked what was asked for
 * @param noise the noise multiplier z: standard deviation over sensitivity
 * @param sampling how cohorts are drawn
 * @param rounds planned
 * @param besides what is planned on the same clients besides the rounds, such as releases of their accuracy
 */
public record ClientLevelPlan(
        ClientLevelPrivacy asked, NoiseMultiplier noise, ClientSampling sampling, int rounds, DpEvent besides) {

    /** Which federations are neighbours. */
    public NeighbouringRelation relation() {
        return asked.relation(sampling);
    }

    /** How far one client can move the sum of updates clipped to that norm. */
    public double sensitivity(double norm) {
        return relation() == NeighbouringRelation.REPLACE_ONE ? 2 * norm : norm;
    }

    /** What a round releases, in units of its clipping norm. */
    public DpEvent roundEvent() {
        return sampling.sampled(new Gaussian(noise.value() * sensitivity(1), 1, relation()));
    }

    /** All that is planned: the rounds, and what there is besides. */
    public DpEvent plannedEvent() {
        DpEvent training = new SelfComposed(roundEvent(), rounds);
        return besides instanceof NoOp ? training : Composed.of(training, besides);
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
     * @param width values in an update's vector
     * @param randomness where noise comes from
     */
    public ClientLevelMechanism mechanism(int width, Randomness randomness) {
        return new ClientLevelMechanism(this, width, randomness);
    }
}
