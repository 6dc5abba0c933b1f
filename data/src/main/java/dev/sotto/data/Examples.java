package dev.sotto.data;

import java.util.Optional;

/**
 * A list of examples of one shape and one kind of target, read by index. Immutable and thread-safe: many clients read
 * the same instance, each through its own {@link #select view}, and no client copies the data.
 */
public interface Examples {
    /** Number of examples. */
    int size();

    /** Shape of one example's features. */
    Shape shape();

    /** What each example is labelled with. */
    Target target();

    /** Writes the {@code shape().size()} features of an example from {@code into[offset]} on, row-major. */
    void features(int index, float[] into, int offset);

    /**
     * The class of an example, in [0, count).
     *
     * @throws IllegalStateException if the target is not {@link Target.Classes}
     */
    int label(int index);

    /**
     * Writes the target values of an example from {@code into[offset]} on.
     *
     * @throws IllegalStateException if the target is not {@link Target.Values}
     */
    void values(int index, float[] into, int offset);

    /**
     * The groups that examples belong to by some named property of where they came from ("file", or the name of a
     * column), if this property is known. Partitioners use it to deal whole groups to clients.
     */
    default Optional<Grouping> grouping(String by) {
        return Optional.empty();
    }

    /** The number that an example of a view has where it was first loaded, for messages; its own where this is no view. */
    default int loadedAs(int index) {
        return index;
    }

    /** A view of some of these examples, in the given order; the array is copied, the examples are not. */
    default Examples select(int[] indices) {
        return SelectedExamples.of(this, indices);
    }
}
