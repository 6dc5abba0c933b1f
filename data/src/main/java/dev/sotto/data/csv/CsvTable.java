package dev.sotto.data.csv;

import dev.sotto.data.DataException;
import dev.sotto.data.Grouping;
import dev.sotto.data.TableExamples;
import dev.sotto.data.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows of several files, encoded one after the other into growing arrays. */
final class CsvTable {
    private final CsvSchema schema;
    private final CsvFormat format;
    private final int width;
    private final int valueWidth;
    private final List<ColumnEncoder> encoders = new ArrayList<>();
    private final Map<String, Groups> groups = new LinkedHashMap<>();
    private final Groups files = new Groups();
    private float[] features = new float[1024];
    private float[] values = new float[0];
    private int[] labels = new int[16];
    private int rows;

    CsvTable(CsvSchema schema, CsvFormat format) {
        this.schema = schema;
        this.format = format;
        this.width = schema.shape().size();
        this.valueWidth = schema.target() instanceof Target.Values v ? v.size() : 0;
        for (Column column : schema.columns()) {
            encoders.add(new ColumnEncoder(column, format.missing()));
            if (column instanceof Column.Categorical
                    || column instanceof Column.Label
                    || (column instanceof Column.Ignored ignored && ignored.grouping())) {
                groups.put(column.name(), new Groups());
            }
        }
    }

    void read(Path path) {
        try (CsvReader reader = new CsvReader(path, format)) {
            int[] positions = positions(path, reader);
            int before = rows;
            for (List<String> row = reader.row(); row != null; row = reader.row()) {
                add(reader, row, positions);
                files.add(String.valueOf(path.getFileName()));
            }
            if (rows == before) {
                throw new DataException(path + ": no rows");
            }
        } catch (IOException e) {
            throw DataException.reading(path, e);
        }
    }

    /** For each schema column its position in the file; the last number is how many fields a row must have. */
    private int[] positions(Path path, CsvReader reader) throws IOException {
        int columns = schema.columns().size();
        int[] positions = new int[columns + 1];
        if (!format.header()) {
            Arrays.setAll(positions, i -> i);
            return positions;
        }
        List<String> header = reader.row();
        if (header == null) {
            throw new DataException(path + ": empty; a header line was expected");
        }
        for (int c = 0; c < columns; c++) {
            String name = schema.columns().get(c).name();
            positions[c] = header.indexOf(name);
            if (positions[c] < 0) {
                throw reader.fail("the header has no column '" + name + "'; it has " + String.join(", ", header));
            }
            if (header.lastIndexOf(name) != positions[c]) {
                throw reader.fail("the header has column '" + name + "' twice");
            }
        }
        positions[columns] = header.size();
        return positions;
    }

    private void add(CsvReader reader, List<String> row, int[] positions) {
        int columns = encoders.size();
        if (row.size() != positions[columns]) {
            throw reader.fail(row.size() + " fields; " + positions[columns] + " columns are expected");
        }
        if ((rows + 1L) * width > Integer.MAX_VALUE - 8) {
            throw reader.fail("too many rows of " + width + " features to hold in memory");
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
        int feature = rows * width;
        int value = rows * valueWidth;
        for (int c = 0; c < columns; c++) {
            ColumnEncoder encoder = encoders.get(c);
            Column column = encoder.column();
            String cell = row.get(positions[c]);
            if (column instanceof Column.Label) {
                labels[rows] = encoder.label(cell, reader);
            } else if (column instanceof Column.Value) {
                values[value++] = encoder.value(cell, reader);
            } else {
                encoder.features(cell, features, feature, reader);
                feature += column.width();
            }
            Groups group = groups.get(column.name());
            if (group != null) {
                group.add(Categories.normal(cell));
            }
        }
        rows++;
    }

    TableExamples examples(String origin) {
        float[] used = Arrays.copyOf(features, rows * width);
        TableExamples table = schema.target() instanceof Target.Classes classes
                ? TableExamples.classified(origin, schema.shape(), classes, used, Arrays.copyOf(labels, rows))
                : TableExamples.valued(
                        origin,
                        schema.shape(),
                        (Target.Values) schema.target(),
                        used,
                        Arrays.copyOf(values, rows * valueWidth));
        List<Grouping> groupings = new ArrayList<>();
        groupings.add(files.grouping("file"));
        groups.forEach((name, group) -> groupings.add(group.grouping(name)));
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
