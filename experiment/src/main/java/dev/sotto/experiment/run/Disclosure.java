package dev.sotto.experiment.run;

import dev.sotto.federation.ExamplePrivacy;
import dev.sotto.privacy.NeighbouringRelation;
import java.util.Optional;

/**
 * What of the clients' data a run's files may state. A guarantee covers what it accounts for and nothing else, so exact
 * counts that come from the data are withheld unless the relation makes them public.
 *
 * @param exampleCounts whether the number of a client's examples is public
 * @param classCounts whether the number of its examples in each class is public
 */
record Disclosure(boolean exampleCounts, boolean classCounts) {
    /** Where nothing is protected, all may be stated. */
    static final Disclosure EVERYTHING = new Disclosure(true, true);

    static Disclosure under(Optional<ExamplePrivacy> privacy) {
        return privacy.map(own -> new Disclosure(own.relation() != NeighbouringRelation.ADD_OR_REMOVE_ONE, false))
                .orElse(EVERYTHING);
    }
}
