package dev.sotto.privacy.ledger;

import dev.sotto.privacy.event.Composed;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.SelfComposed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Gathers equal events, so that a long record composes as fast as a short one. */
final class Repetitions {
    private Repetitions() {}

    /** The same composition with each distinct event once, and how often; a single one as it is. */
    static DpEvent of(List<DpEvent> events) {
        Map<DpEvent, Long> counts = new LinkedHashMap<>();
        events.forEach(event -> count(event, 1, counts));
        List<DpEvent> parts = new ArrayList<>();
        counts.forEach((event, count) -> parts.add(new SelfComposed(event, count)));
        return parts.size() == 1 ? parts.get(0) : new Composed(parts);
    }

    private static void count(DpEvent event, long times, Map<DpEvent, Long> counts) {
        if (event instanceof Composed composed) {
            composed.events().forEach(part -> count(part, times, counts));
        } else if (event instanceof SelfComposed repeated) {
            count(repeated.event(), Math.multiplyExact(times, repeated.count()), counts);
        } else if (times > 0) {
            counts.merge(event, times, Math::addExact);
        }
    }
}
