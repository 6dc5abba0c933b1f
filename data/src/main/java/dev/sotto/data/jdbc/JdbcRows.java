package dev.sotto.data.jdbc;

import dev.sotto.data.DataException;
import dev.sotto.data.csv.Column;
import dev.sotto.data.csv.CsvSchema;
import java.math.BigDecimal;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** The current row of a result as cells of text, by the schema's columns. */
final class JdbcRows {
    /** The cell for SQL's NULL. */
    static final String NULL = "";

    private static final int LONGEST = 1 << 16;

    private final ResultSet rows;
    private final String place;
    private final CsvSchema schema;
    private final int[] positions;
    private final String[] cells;
    private long number;

    JdbcRows(ResultSet rows, CsvSchema schema, String place) throws SQLException {
        this.rows = rows;
        this.place = place;
        this.schema = schema;
        List<String> labels = labels(rows.getMetaData());
        this.positions = schema.columns().stream()
                .mapToInt(column -> position(column.name(), labels))
                .toArray();
        this.cells = new String[positions.length];
    }

    private static List<String> labels(ResultSetMetaData data) throws SQLException {
        List<String> labels = new ArrayList<>();
        for (int i = 1; i <= data.getColumnCount(); i++) {
            labels.add(data.getColumnLabel(i));
        }
        return labels;
    }

    /** As it is written; else whatever its case, as databases change that. */
    private int position(String name, List<String> labels) {
        int[] exact = matching(labels, name);
        int[] found = exact.length > 0
                ? exact
                : matching(
                        labels.stream()
                                .map(label -> label.toLowerCase(Locale.ROOT))
                                .toList(),
                        name.toLowerCase(Locale.ROOT));
        if (found.length == 0) {
            throw new DataException(place + "it gives no column '" + name + "'; it gives " + String.join(", ", labels));
        }
        if (found.length > 1) {
            throw new DataException(place + "it gives column '" + name + "' twice");
        }
        return found[0] + 1;
    }

    private static int[] matching(List<String> labels, String name) {
        return IntStream.range(0, labels.size())
                .filter(i -> labels.get(i).equals(name))
                .toArray();
    }

    /** Takes the row that the result stands on. */
    void next() throws SQLException {
        number++;
        for (int c = 0; c < positions.length; c++) {
            Column column = schema.columns().get(c);
            boolean unused = column instanceof Column.Ignored ignored && !ignored.grouping();
            cells[c] = unused ? NULL : text(column.name(), rows.getObject(positions[c]), positions[c]);
        }
    }

    private String text(String column, Object value, int position) throws SQLException {
        if (value == null) {
            return NULL;
        }
        if (value instanceof byte[]) {
            throw fail("column " + column + ": it is binary; convert it in the query");
        }
        // Numbers as Java writes them: some drivers' texts of them drop digits.
        String text = value instanceof BigDecimal decimal
                ? (Math.abs((long) decimal.scale()) > 1000 ? decimal.toString() : decimal.toPlainString())
                : value instanceof Number || value instanceof Boolean
                        ? value.toString()
                        : String.valueOf(rows.getString(position)).strip();
        if (text.length() > LONGEST) {
            throw fail("column " + column + ": a text of more than " + LONGEST + " characters");
        }
        return text;
    }

    String cell(int column) {
        return cells[column];
    }

    DataException fail(String reason) {
        return new DataException(place + "row " + number + ": " + reason);
    }
}
