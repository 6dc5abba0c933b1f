package dev.sotto.privacy.event;

import dev.sotto.privacy.NeighbouringRelation;
import java.util.List;
import java.util.Optional;

/** Checks that events share. */
final class Events {
    private Events() {}

    static <T> T require(T value, String name) {
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing");
        }
        return value;
    }

    /** The one relation of all events, if any names one. */
    static Optional<NeighbouringRelation> common(List<DpEvent> events) {
        Optional<NeighbouringRelation> common = Optional.empty();
        for (DpEvent event : events) {
            Optional<NeighbouringRelation> own = event.neighbours();
            if (own.isPresent() && common.isPresent() && !own.equals(common)) {
                throw new IllegalArgumentException(
                        "events under " + common.get().label() + " and "
                                + own.get().label() + " do not compose; they must share one neighbouring relation");
            }
            common = common.isPresent() ? common : own;
        }
        return common;
    }
}
