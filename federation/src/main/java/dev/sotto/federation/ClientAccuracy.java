package dev.sotto.federation;

import dev.sotto.federation.clientlevel.ClientSampling;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.SelfComposed;

/**
 * How the accuracy of clients is released under client-level privacy.
 *
 * @param evaluators who is asked in a round that is evaluated
 * @param sampling how privacy sees that
 * @param release bounds and noises
 */
record ClientAccuracy(Cohort evaluators, ClientSampling sampling, AccuracyRelease release) {
    /** One evaluation. */
    DpEvent event() {
        return sampling.sampled(release.event());
    }

    /** All planned ones. */
    DpEvent plannedEvent() {
        return new SelfComposed(event(), release.evaluations());
    }

    /** Standard deviation of the noise on the mean accuracy. */
    double standardDeviation() {
        return release.standardDeviation() / sampling.expectedClients();
    }
}
