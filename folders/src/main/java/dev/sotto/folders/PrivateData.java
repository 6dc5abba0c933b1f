package dev.sotto.folders;

import dev.sotto.owner.desk.OwnedExamples;
import java.util.Optional;

/** An owner's data, which may be added while the datasite runs. */
@FunctionalInterface
public interface PrivateData {
    /** No data: a datasite that only aggregates. */
    PrivateData NONE = Optional::empty;

    /**
     * Loads the data, if it is there. Asked again now and then until it is.
     *
     * @throws dev.sotto.data.DataException in one line, if there is something that cannot be used; likewise a
     *     {@code ConfigException}
     */
    Optional<OwnedExamples> load();
}
