package dev.sotto.data.csv;

import dev.sotto.data.Shape;
import dev.sotto.data.Target;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The columns of a table. Without a header the schema lists every column in order; with one it picks columns by name,
 * and others in the file are passed over. Features come in the order of the schema. There is one label column, or at
 * least one value column, and at least one feature.
 */
public record CsvSchema(List<Column> columns) {
    public CsvSchema {
        columns = List.copyOf(columns);
        Set<String> names = new HashSet<>();
        int labels = 0;
        int values = 0;
        int width = 0;
        for (Column column : columns) {
            if (!names.add(column.name())) {
                throw new IllegalArgumentException("schema: column " + column.name() + " twice");
            }
            labels += column instanceof Column.Label ? 1 : 0;
            values += column instanceof Column.Value ? 1 : 0;
            width += column.width();
        }
        if (labels + Math.min(values, 1) != 1) {
            throw new IllegalArgumentException("schema: one label column or some value columns are needed, not "
                    + labels + " label and " + values + " value columns");
        }
        if (width == 0) {
            throw new IllegalArgumentException("schema: no numeric or categorical column to learn from");
        }
    }

    public static CsvSchema of(Column... columns) {
        return new CsvSchema(List.of(columns));
    }

    /** One dimension: all features side by side. */
    public Shape shape() {
        return Shape.of(columns.stream().mapToInt(Column::width).sum());
    }

    public Target target() {
        List<Target> classes = columns.stream()
                .filter(Column.Label.class::isInstance)
                .map(column -> (Target) Target.Classes.named(
                        ((Column.Label) column).classes().keySet().toArray(String[]::new)))
                .toList();
        return classes.isEmpty()
                ? new Target.Values((int)
                        columns.stream().filter(Column.Value.class::isInstance).count())
                : classes.get(0);
    }
}
