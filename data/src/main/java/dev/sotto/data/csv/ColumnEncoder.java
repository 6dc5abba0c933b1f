package dev.sotto.data.csv;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Turns the cells of one column into features, a label or a value; says what is wrong with a cell that cannot be. */
final class ColumnEncoder {
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?(\\d{1,300}(\\.\\d{0,300})?|\\.\\d{1,300})([eE][+-]?\\d{1,3})?");
    private static final int SHOWN = 40;

    private final Column column;
    private final Set<String> missing;
    private final Map<String, Integer> index;
    private final int[] classOf;

    ColumnEncoder(Column column, Set<String> missing) {
        this.column = column;
        this.missing = missing;
        List<String> cells = new ArrayList<>();
        List<Integer> classes = new ArrayList<>();
        if (column instanceof Column.Categorical categorical) {
            cells.addAll(categorical.categories());
        } else if (column instanceof Column.Label label) {
            int k = 0;
            for (List<String> meaning : label.classes().values()) {
                for (String cell : meaning) {
                    cells.add(cell);
                    classes.add(k);
                }
                k++;
            }
        }
        this.index = Categories.index(column.name(), cells);
        this.classOf = classes.stream().mapToInt(Integer::intValue).toArray();
    }

    Column column() {
        return column;
    }

    /** Writes {@code column().width()} features, over zeros. */
    void features(String cell, float[] into, int at, TableBuilder.Refusal refusal) {
        if (column instanceof Column.Numeric numeric) {
            boolean absent = missing.contains(cell);
            double x = absent ? numeric.missing() : number(cell, refusal);
            double clamped = Math.max(numeric.low(), Math.min(numeric.high(), x));
            into[at] = finite((clamped - numeric.centre()) / numeric.scale(), cell, refusal);
            if (numeric.indicator()) {
                into[at + 1] = absent ? 1 : 0;
            }
        } else if (column instanceof Column.Categorical categorical) {
            Integer category = index.get(Categories.normal(cell));
            if (category != null) {
                into[at + category] = 1;
            } else if (!missing.contains(cell)) {
                throw refusal.because("column " + column.name() + ": '" + shown(cell)
                        + "' is not a declared category; declared are " + categorical.categories());
            } else if (categorical.indicator()) {
                into[at + categorical.categories().size()] = 1;
            }
        }
    }

    int label(String cell, TableBuilder.Refusal refusal) {
        Integer known = index.get(Categories.normal(cell));
        if (known == null) {
            throw refusal.because("column " + column.name() + ": label '" + shown(cell)
                    + "' is outside the classes, which are " + classes((Column.Label) column));
        }
        return classOf[known];
    }

    /** Each class by the cells that mean it. */
    private static String classes(Column.Label label) {
        return label.classes().values().stream()
                .map(cells -> cells.stream().map(cell -> "'" + cell + "'").collect(Collectors.joining(" or ")))
                .collect(Collectors.joining(", "));
    }

    float value(String cell, TableBuilder.Refusal refusal) {
        Column.Value value = (Column.Value) column;
        return finite((number(cell, refusal) - value.centre()) / value.scale(), cell, refusal);
    }

    private double number(String cell, TableBuilder.Refusal refusal) {
        if (!NUMBER.matcher(cell).matches()) {
            throw refusal.because("column " + column.name() + ": '" + shown(cell) + "' is not a finite number; missing"
                    + " values are written as one of "
                    + missing.stream().sorted().map(m -> "'" + m + "'").toList());
        }
        return Double.parseDouble(cell);
    }

    private float finite(double scaled, String cell, TableBuilder.Refusal refusal) {
        if (!Float.isFinite((float) scaled)) {
            throw refusal.because("column " + column.name() + ": '" + shown(cell) + "' is out of range");
        }
        return (float) scaled;
    }

    private static String shown(String cell) {
        String line = cell.replaceAll("\\p{Cntrl}", "?");
        return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "...";
    }
}
