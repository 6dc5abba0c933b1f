package dev.sotto.experiment.run;

import dev.sotto.federation.Plan;
import dev.sotto.privacy.NeighbouringRelation;

/**
 * What of the clients' data a run's files may state. A guarantee covers what it accounts for and nothing else, so exact
 * counts that come from the data are withheld unless the relation makes them public.
 *
 * @param exampleCounts whether the number of a client's examples is public
 * @param classCounts whether the number of its examples in each class is public
 * @param participation whether it is public who took part in a round, with how many steps, and how long rounds took
 */
record Disclosure(boolean exampleCounts, boolean classCounts, boolean participation) {
    /** Where nothing is protected, all may be stated. */
    static final Disclosure EVERYTHING = new Disclosure(true, true, true);

    /** Where clients are protected, nothing that depends on what one of them holds or does. */
    static final Disclosure NOTHING = new Disclosure(false, false, false);

    static Disclosure under(Plan plan) {
        if (plan.clientLevel().isPresent()) {
            return NOTHING;
        }
        return plan.privacy()
                .map(own -> new Disclosure(own.relation() != NeighbouringRelation.ADD_OR_REMOVE_ONE, false, true))
                .orElse(EVERYTHING);
    }
}
