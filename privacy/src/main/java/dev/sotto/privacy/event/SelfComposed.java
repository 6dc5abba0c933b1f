package dev.sotto.privacy.event;

import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.Require;
import java.util.Optional;

/**
 * The same event, {@code count} times on the same data.
 *
 * @param event what was done
 * @param count how often, 0 or more
 */
public record SelfComposed(DpEvent event, long count) implements DpEvent {
    /** Checks the ranges. */
    public SelfComposed {
        Events.require(event, "self-composed event");
        Require.atLeast("count of the self-composed event", count, 0);
    }

    @Override
    public Optional<NeighbouringRelation> neighbours() {
        return event.neighbours();
    }
}
