package dev.sotto.data.csv;

import dev.sotto.data.DataException;
import dev.sotto.data.Grouping;
import dev.sotto.data.TableExamples;
import dev.sotto.data.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;

/**
 * Rows of cells, encoded one after the other into growing arrays. Wherever rows come from, one schema means the same for
 * them. Not thread-safe.
 */
public final class TableBuilder {
    private final CsvSchema schema;
    private final int width;
    private final int valueWidth;
    private final List<ColumnEncoder> encoders = new ArrayList<>();
    private final Map<String, Groups> groups = new LinkedHashMap<>();
    private final Groups origins = new Groups();
    private float[] features = new float[1024];
    private float[] values = new float[0];
    private int[] labels = new int[16];
    private int rows;

    /** Says that a row cannot be used, and where it came from. */
    @FunctionalInterface
    public interface Refusal {
        DataException because(String reason);
    }

    /**
     * Begins without rows.
     *
     * @param missing cells that mean a missing value
     */
    public TableBuilder(CsvSchema schema, Set<String> missing) {
        this.schema = schema;
        this.width = schema.shape().size();
        this.valueWidth = schema.target() instanceof Target.Values v ? v.size() : 0;
        for (Column column : schema.columns()) {
            encoders.add(new ColumnEncoder(column, missing));
            if (column instanceof Column.Categorical
                    || column instanceof Column.Label
                    || (column instanceof Column.Ignored ignored && ignored.grouping())) {
                groups.put(column.name(), new Groups());
            }
        }
    }

    /** Number of rows so far. */
    public int rows() {
        return rows;
    }

    /**
     * Adds a row.
     *
     * @param cells the cell of each column of the schema, by its position there
     * @param origin the file that it came from, if it came from one
     * @throws DataException made by {@code refusal}
     */
    public void add(IntFunction<String> cells, Optional<String> origin, Refusal refusal) {
        makeRoom(refusal);
        int feature = rows * width;
        int value = rows * valueWidth;
        for (int c = 0; c < encoders.size(); c++) {
            ColumnEncoder encoder = encoders.get(c);
            Column column = encoder.column();
            String cell = cells.apply(c);
            if (column instanceof Column.Label) {
                labels[rows] = encoder.label(cell, refusal);
            } else if (column instanceof Column.Value) {
                values[value++] = encoder.value(cell, refusal);
            } else {
                encoder.features(cell, features, feature, refusal);
                feature += column.width();
            }
            Groups group = groups.get(column.name());
            if (group != null) {
                group.add(Categories.normal(cell));
            }
        }
        origin.ifPresent(origins::add);
        rows++;
    }

    private void makeRoom(Refusal refusal) {
        if ((rows + 1L) * width > Integer.MAX_VALUE - 8) {
            throw refusal.because("too many rows of " + width + " features to hold in memory");
        }
        if ((rows + 1) * width > features.length) {
            features = Arrays.copyOf(features, (int) Math.min(Integer.MAX_VALUE - 8L, 2L * (rows + 1) * width));
        }
        if (rows == labels.length) {
            labels = Arrays.copyOf(labels, 2 * rows);
        }
        if ((rows + 1) * valueWidth > values.length) {
            values = Arrays.copyOf(values, 2 * (rows + 1) * valueWidth);
        }
    }

    /**
     * All rows, which know their groups by every categorical and label column, by ignored columns declared as groupings, and
     * by {@code file} where they came from files.
     *
     * @param name for messages
     */
    public TableExamples examples(String name) {
        float[] used = Arrays.copyOf(features, rows * width);
        TableExamples table = schema.target() instanceof Target.Classes classes
                ? TableExamples.classified(name, schema.shape(), classes, used, Arrays.copyOf(labels, rows))
                : TableExamples.valued(
                        name,
                        schema.shape(),
                        (Target.Values) schema.target(),
                        used,
                        Arrays.copyOf(values, rows * valueWidth));
        List<Grouping> groupings = new ArrayList<>();
        if (origins.size == rows) {
            groupings.add(origins.grouping("file"));
        }
        groups.forEach((column, group) -> groupings.add(group.grouping(column)));
        return table.withGroupings(groupings);
    }

    /** Values in the order they first appear, and the value of each row. */
    private static final class Groups {
        private final Map<String, Integer> names = new LinkedHashMap<>();
        private int[] of = new int[16];
        private int size;

        void add(String name) {
            Integer known = names.get(name);
            int group = known == null ? names.size() : known;
            if (known == null) {
                names.put(name, group);
            }
            if (size == of.length) {
                of = Arrays.copyOf(of, 2 * size);
            }
            of[size++] = group;
        }

        Grouping grouping(String by) {
            return new Grouping(by, List.copyOf(names.keySet()), Arrays.copyOf(of, size));
        }
    }
}
