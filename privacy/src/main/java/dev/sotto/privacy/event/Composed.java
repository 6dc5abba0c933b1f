package dev.sotto.privacy.event;

import dev.sotto.privacy.NeighbouringRelation;
import java.util.List;
import java.util.Optional;

/** All of several events on the same data, all under one neighbouring relation. */
public record Composed(List<DpEvent> events) implements DpEvent {
    /** Checks that the relations agree. */
    public Composed {
        events = Events.list(events, "list of composed events");
        Events.common(events);
    }

    /** The composition of the given events. */
    public static Composed of(DpEvent... events) {
        return new Composed(List.of(events));
    }

    @Override
    public Optional<NeighbouringRelation> neighbours() {
        return Events.common(events);
    }
}
