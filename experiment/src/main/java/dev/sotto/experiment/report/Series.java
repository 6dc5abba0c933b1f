package dev.sotto.experiment.report;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/**
 * One line of a chart.
 *
 * @param name what the legend calls it
 * @param values one for each position on the x axis; NaN where there is none
 * @param stroke how it is drawn
 */
record Series(String name, double[] values, Stroke stroke) {
    /** Colours that are told apart with ease. */
    static final int COLOURS = 6;

    /** How a line is drawn. */
    enum Stroke {
        /** A line through its values; gaps are bridged. */
        SOLID,
        /** The same with dashes, to tell many lines apart. */
        DASHED,
        /** An upper or lower end of the band around the chart's first line. */
        BAND,
        /** A level that lines are to stay below. */
        LIMIT
    }

    static Series solid(String name, double[] values) {
        return new Series(name, values, Stroke.SOLID);
    }

    /** A level. */
    static Series limit(String name, double level, int positions) {
        double[] values = new double[positions];
        Arrays.fill(values, level);
        return new Series(name, values, Stroke.LIMIT);
    }

    /** Number of its colour, if it is the chart's line of that index; -1 for none of its own. */
    int colour(int index) {
        return switch (stroke) {
            case SOLID, DASHED -> index % COLOURS;
            case BAND -> 0;
            case LIMIT -> -1;
        };
    }

    boolean isEmpty() {
        return DoubleStream.of(values).allMatch(Double::isNaN);
    }
}
