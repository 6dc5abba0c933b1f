package dev.sotto.federation.clientlevel;

import dev.sotto.privacy.ClippingNorm;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.NoiseMultiplier;
import dev.sotto.privacy.correlated.CorrelatedGaussian;
import dev.sotto.privacy.correlated.NoiseCorrelation;
import dev.sotto.privacy.correlated.Participation;
import dev.sotto.privacy.event.DiscreteGaussianVector;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.Gaussian;
import dev.sotto.privacy.event.NonPrivate;
import dev.sotto.privacy.event.SelfComposed;
import java.util.Optional;

/** What a run under client-level privacy does to the clients, as events. */
final class RunEvents {
    private RunEvents() {}

    /** How far one client can move a sum of contributions that each have norm 1. */
    static double sensitivity(NeighbouringRelation relation) {
        return relation == NeighbouringRelation.REPLACE_ONE ? 2 : 1;
    }

    /** How far one client can move the count of updates within the norm, each of which counts 1/2 or -1/2. */
    static double countSensitivity(NeighbouringRelation relation) {
        return sensitivity(relation) / 2;
    }

    /**
     * What a round releases, in units of its clipping norm: under adaptive clipping the sum and the count together, which are
     * one Gaussian of the whole's noise multiplier.
     */
    static DpEvent round(ClientLevelPrivacy asked, double noiseMultiplier, ClientSampling sampling) {
        if (noiseMultiplier == 0) {
            return new NonPrivate();
        }
        NeighbouringRelation relation = PlanRules.relation(asked, sampling);
        double std = noiseMultiplier * sensitivity(relation);
        DpEvent event = PlanRules.discrete(asked)
                ? new DiscreteGaussianVector(std, 1, relation)
                : new Gaussian(std, 1, relation);
        return PlanRules.amplifies(asked, sampling) ? sampling.sampled(event) : event;
    }

    /** What all planned rounds release. */
    static DpEvent planned(
            ClientLevelPrivacy asked,
            double noiseMultiplier,
            ClientSampling sampling,
            int rounds,
            Optional<NoiseCorrelation> correlation) {
        if (correlation.isPresent() && noiseMultiplier > 0) {
            return correlated(asked, noiseMultiplier, sampling, rounds, correlation.get())
                    .event();
        }
        return new SelfComposed(round(asked, noiseMultiplier, sampling), rounds);
    }

    /** The run with correlated noise, from which its sensitivity, noise and event derive. */
    static CorrelatedGaussian correlated(
            ClientLevelPrivacy asked,
            double noiseMultiplier,
            ClientSampling sampling,
            int rounds,
            NoiseCorrelation correlation) {
        return new CorrelatedGaussian(
                correlation,
                Participation.separated(rounds, PlanRules.separation(asked, sampling)),
                new ClippingNorm(asked.clipping().initialNorm()),
                new NoiseMultiplier(noiseMultiplier),
                PlanRules.relation(asked, sampling));
    }
}
