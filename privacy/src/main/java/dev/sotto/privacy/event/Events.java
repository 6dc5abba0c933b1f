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

    /** A copy of a list that has all its elements. */
    static <T> List<T> list(List<T> values, String name) {
        require(values, name).forEach(value -> require(value, "an element of the " + name));
        return List.copyOf(values);
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

    static void refuseReplaceOne(NeighbouringRelation relation, String event) {
        if (require(relation, "relation of the " + event) == NeighbouringRelation.REPLACE_ONE) {
            throw new IllegalArgumentException(
                    "relation of the " + event + " is replace-one; it must be add-or-remove-one or zero-out");
        }
    }

    static void refuseAddOrRemove(NeighbouringRelation relation, String event) {
        if (relation == NeighbouringRelation.ADD_OR_REMOVE_ONE) {
            throw new IllegalArgumentException(
                    "relation of the " + event + " is add-or-remove-one; it must be replace-one or zero-out");
        }
    }
}
