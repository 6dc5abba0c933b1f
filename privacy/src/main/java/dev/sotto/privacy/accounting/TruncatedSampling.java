package dev.sotto.privacy.accounting;

import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.event.TruncatedSubsampledGaussian;

/**
 * A Poisson sample that is cut to a largest size (Ganesh, McKenna et al. 2025): either it was not cut, or it was, and then
 * a unit takes another's place, which doubles the distance.
 *
 * @param sigma standard deviation over clipping norm
 * @param replaced whether neighbours replace a unit
 * @param cut the probability that the others alone fill the sample
 * @param rateWhenCut with which the unit is then drawn
 */
record TruncatedSampling(double sigma, boolean replaced, double cut, double rateWhenCut) {
    static TruncatedSampling of(TruncatedSubsampledGaussian event) {
        double cut = BinomialTail.above(event.population() - 1, event.rate(), event.largestBatch() - 1);
        double full = BinomialTail.above(event.population(), event.rate(), event.largestBatch());
        double rate = cut == 0 ? 0 : full * event.largestBatch() / cut / event.population();
        return new TruncatedSampling(
                event.standardDeviation() / event.clippingNorm(),
                event.relation() == NeighbouringRelation.REPLACE_ONE,
                cut,
                Math.min(rate, 1));
    }
}
