package dev.sotto.federation;

import dev.sotto.data.Examples;

/** A measure of a model's predictions on test data. Implementations are thread-safe factories of one-shot tallies. */
public interface Metric {
    /** The name in reports and JSON. */
    String name();

    /** A tally for one pass over the data. */
    Tally tally();

    /** Takes predictions in one by one, on one thread, in the order of the examples. */
    interface Tally {
        /**
         * One prediction.
         *
         * @param outputs the model's raw outputs; this example's are at {@code [offset, offset + count)}
         * @param examples the test data
         * @param index which example
         */
        void add(float[] outputs, int offset, int count, Examples examples, int index);

        /** The measure over all that was added. */
        double value();
    }
}
