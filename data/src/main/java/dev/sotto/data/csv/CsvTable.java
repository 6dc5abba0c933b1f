package dev.sotto.data.csv;

import dev.sotto.data.DataException;
import dev.sotto.data.TableExamples;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Rows of several files, one after the other. */
final class CsvTable {
    private final CsvSchema schema;
    private final CsvFormat format;
    private final TableBuilder table;

    CsvTable(CsvSchema schema, CsvFormat format) {
        this.schema = schema;
        this.format = format;
        this.table = new TableBuilder(schema, format.missing());
    }

    void read(Path path) {
        try (CsvReader reader = new CsvReader(path, format)) {
            int[] positions = positions(path, reader);
            Optional<String> file = Optional.of(String.valueOf(path.getFileName()));
            int before = table.rows();
            for (List<String> row = reader.row(); row != null; row = reader.row()) {
                add(reader, row, positions, file);
            }
            if (table.rows() == before) {
                throw new DataException(path + ": no rows");
            }
        } catch (IOException e) {
            throw DataException.reading(path, e);
        }
    }

    private void add(CsvReader reader, List<String> row, int[] positions, Optional<String> file) {
        int expected = positions[schema.columns().size()];
        if (row.size() != expected) {
            throw reader.fail(row.size() + " fields; " + expected + " columns are expected");
        }
        table.add(column -> row.get(positions[column]), file, reader::fail);
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

    TableExamples examples(String origin) {
        return table.examples(origin);
    }
}
