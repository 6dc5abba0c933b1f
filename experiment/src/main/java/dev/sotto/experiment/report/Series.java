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

    /** How a line is drawn. */
    enum Stroke {
        /** A line through its values; gaps are bridged. */
        SOLID,
        /** The same with dashes: limits, and to tell many lines apart. */
        DASHED,
        /** An end of a band that lies between this series and the next. */
        BAND
    }

    static Series solid(String name, double[] values) {
        return new Series(name, values, Stroke.SOLID);
    }

    /** A level. */
    static Series limit(String name, double level, int positions) {
        double[] values = new double[positions];
        Arrays.fill(values, level);
        return new Series(name, values, Stroke.DASHED);
    }

    boolean isEmpty() {
        return DoubleStream.of(values).allMatch(Double::isNaN);
    }
}
