package dev.sotto.experiment;

import dev.sotto.data.DataSource;
import dev.sotto.data.Holdout;
import dev.sotto.data.csv.Column;
import dev.sotto.data.csv.CsvFormat;
import dev.sotto.data.csv.CsvSchema;
import dev.sotto.data.csv.CsvSource;
import dev.sotto.formats.config.Interval;
import dev.sotto.formats.config.Section;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Reads the keys of a CSV source. Every constant that scales or fills in a value is written down in the experiment: none is
 * computed from the rows, which are private.
 */
final class TableReader {
    private TableReader() {}

    /** The source, for the folder that its files are in. */
    static Function<Path, DataSource> read(Section data, String name, Holdout holdout) {
        List<String> files = data.texts("files");
        List<String> test = data.texts("test-files");
        if (files.isEmpty()) {
            throw data.error("files", "a csv source needs at least one file");
        }
        CsvSchema schema = schema(data);
        CsvFormat format = format(data.section("format"));
        return folder -> {
            CsvSource source = CsvSource.of(name, schema, format, in(folder, files));
            return test.isEmpty() ? source.withHoldout(holdout) : source.withTest(in(folder, test));
        };
    }

    /** The columns, which mean the same wherever rows come from. */
    static CsvSchema schema(Section data) {
        List<Column> columns =
                data.sections("columns").stream().map(TableReader::column).toList();
        try {
            return new CsvSchema(columns);
        } catch (IllegalArgumentException e) {
            throw data.error("columns", e.getMessage());
        }
    }

    private static Path[] in(Path folder, List<String> files) {
        return files.stream().map(folder::resolve).toArray(Path[]::new);
    }

    private static CsvFormat format(Section format) {
        List<String> missing = format.texts("missing");
        String separator = format.text("separator", ",");
        if (separator.length() != 1) {
            throw format.error("separator", "it must be one character, found '" + separator + "'");
        }
        CsvFormat read = new CsvFormat(
                separator.charAt(0),
                format.flag("header", true),
                format.integer("skip-lines", 0, 0, Integer.MAX_VALUE),
                format.text("comment", ""),
                new LinkedHashSet<>(missing.isEmpty() ? List.of("", "?") : missing));
        format.end();
        return read;
    }

    private static Column column(Section column) {
        String name = column.text("name");
        Column read;
        if (column.has("numeric")) {
            read = numeric(name, column.section("numeric"));
        } else if (column.has("categories")) {
            read = new Column.Categorical(name, column.texts("categories"), column.flag("indicator", false));
        } else if (column.has("label")) {
            read = new Column.Label(name, classes(column));
        } else if (column.has("value")) {
            Section value = column.section("value");
            read = new Column.Value(
                    name, value.number("mean", 0, Interval.FINITE), value.number("std", 1, Interval.POSITIVE));
            value.end();
        } else {
            column.has("ignore");
            column.has("group");
            if (!column.flag("ignore", false) && !column.flag("group", false)) {
                throw column.error("say what it is: numeric, categories, label, value, group: true or ignore: true");
            }
            read = new Column.Ignored(name, column.flag("group", false));
        }
        column.end();
        return read;
    }

    private static Column numeric(String name, Section numeric) {
        boolean ranged = numeric.has("min") || numeric.has("max");
        Column.Numeric read = ranged
                ? Column.Numeric.range(
                        name, numeric.number("min", 0, Interval.FINITE), numeric.number("max", 1, Interval.FINITE))
                : Column.Numeric.standard(
                        name, numeric.number("mean", 0, Interval.FINITE), numeric.number("std", 1, Interval.POSITIVE));
        if (numeric.has("missing")) {
            read = read.imputing(numeric.number("missing", 0, Interval.FINITE));
        }
        if (numeric.flag("indicator", false)) {
            read = read.withIndicator();
        }
        numeric.end();
        return read;
    }

    /** A list of cells that are the classes, or classes with the cells that mean each. */
    private static Map<String, List<String>> classes(Section column) {
        Map<String, List<String>> classes = new LinkedHashMap<>();
        if (column.isSection("label")) {
            Section label = column.section("label");
            label.keys().forEach(name -> classes.put(name, label.texts(name)));
        } else {
            column.texts("label").forEach(name -> classes.put(name, List.of(name)));
        }
        return classes;
    }
}
