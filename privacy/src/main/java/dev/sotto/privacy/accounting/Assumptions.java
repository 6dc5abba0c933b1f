package dev.sotto.privacy.accounting;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.DpEvents;
import dev.sotto.privacy.event.PoissonSampled;
import dev.sotto.privacy.event.SampledWithoutReplacement;
import java.util.Set;

/** The conditions under which an answer holds, in words. */
final class Assumptions {
    private Assumptions() {}

    /** How the answer came about, then under which relation and for whom it holds. */
    static String explain(DpEvent event, String how, Delta delta) {
        Set<DpEvent> parts = DpEvents.parts(event).keySet();
        StringBuilder words = new StringBuilder(how);
        event.neighbours().ifPresent(relation -> words.append("; neighbours: ").append(relation.label()));
        if (parts.stream().anyMatch(PoissonSampled.class::isInstance)) {
            words.append("; Poisson sampling, against those who never learn the draws");
        }
        if (parts.stream().anyMatch(SampledWithoutReplacement.class::isInstance)) {
            words.append("; samples of fixed size, against those who never learn the draws");
        }
        return words.append("; delta ").append(delta).toString();
    }
}
