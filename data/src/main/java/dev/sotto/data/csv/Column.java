package dev.sotto.data.csv;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What one column of a table is. Constants for scaling and imputation are declared, never computed from the rows: a
 * statistic of private data would be a release of its own.
 */
public sealed interface Column permits Column.Numeric, Column.Categorical, Column.Label, Column.Value, Column.Ignored {
    /** The name in the header, or for messages where there is no header. */
    String name();

    /** Number of features that the column gives. */
    default int width() {
        return 0;
    }

    /**
     * A number x, as the feature (clamp(x) - centre) / scale, clamped to [low, high].
     *
     * @param missing stands for a missing x (before scaling)
     * @param indicator a second feature that is 1 where x was missing, else 0
     */
    record Numeric(String name, double low, double high, double centre, double scale, double missing, boolean indicator)
            implements Column {
        public Numeric {
            if (!(low < high) || !Double.isFinite(centre) || !(scale > 0) || !Double.isFinite(scale)) {
                throw new IllegalArgumentException("column " + name + ": a numeric column needs min below max, or a"
                        + " finite mean and a positive std");
            }
            if (!Double.isFinite(missing)) {
                throw new IllegalArgumentException("column " + name + ": the value for missing must be finite");
            }
        }

        /** Scaled from the public range [min, max] to [0, 1] and clamped to it; missing is the middle. */
        public static Numeric range(String name, double min, double max) {
            return new Numeric(name, min, max, min, max - min, (min + max) / 2, false);
        }

        /** Scaled by a public mean and standard deviation, not clamped; missing is the mean. */
        public static Numeric standard(String name, double mean, double std) {
            double all = Double.POSITIVE_INFINITY;
            return new Numeric(name, -all, all, mean, std, mean, false);
        }

        /** The same column with another value for missing cells. */
        public Numeric imputing(double value) {
            return new Numeric(name, low, high, centre, scale, value, indicator);
        }

        /** The same column with the missing indicator. */
        public Numeric withIndicator() {
            return new Numeric(name, low, high, centre, scale, missing, true);
        }

        @Override
        public int width() {
            return indicator ? 2 : 1;
        }
    }

    /**
     * One of declared categories, one-hot. A missing cell is all zeros. Numbers match whatever way they are written: 1
     * and 1.0 are one category.
     *
     * @param indicator a last feature that is 1 where the cell was missing, else 0
     */
    record Categorical(String name, List<String> categories, boolean indicator) implements Column {
        public Categorical {
            categories = List.copyOf(categories);
            Categories.check(name, categories);
        }

        public static Categorical of(String name, String... categories) {
            return new Categorical(name, List.of(categories), false);
        }

        /** The same column with the missing indicator. */
        public Categorical withIndicator() {
            return new Categorical(name, categories, true);
        }

        @Override
        public int width() {
            return categories.size() + (indicator ? 1 : 0);
        }
    }

    /**
     * The class to predict: names of the classes in order, each with the cell values that mean it. A table has either
     * one label or value columns.
     */
    record Label(String name, Map<String, List<String>> classes) implements Column {
        public Label {
            Map<String, List<String>> copy = new LinkedHashMap<>();
            classes.forEach((className, cells) -> copy.put(className, List.copyOf(cells)));
            classes = Collections.unmodifiableMap(copy);
            Categories.check(name, copy.values().stream().flatMap(List::stream).toList());
        }

        /** Classes called as their cells. */
        public static Label of(String name, String... classes) {
            Map<String, List<String>> map = new LinkedHashMap<>();
            for (String className : classes) {
                map.put(className, List.of(className));
            }
            return new Label(name, map);
        }
    }

    /** A real value to predict, as (x - centre) / scale with public constants. May not be missing. */
    record Value(String name, double centre, double scale) implements Column {
        public Value {
            if (!Double.isFinite(centre) || !(scale > 0) || !Double.isFinite(scale)) {
                throw new IllegalArgumentException(
                        "column " + name + ": a target value needs a finite centre and a" + " positive scale");
            }
        }
    }

    /**
     * A column that gives no feature. Its values can still name the groups of a partition.
     *
     * @param grouping keep the values, so that a partition by this column is possible
     */
    record Ignored(String name, boolean grouping) implements Column {}
}
