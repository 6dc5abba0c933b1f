package dev.sotto.data.csv;

import dev.sotto.data.DataContext;
import dev.sotto.data.DataException;
import dev.sotto.data.DataSet;
import dev.sotto.data.DataSource;
import dev.sotto.data.DistinctFiles;
import dev.sotto.data.Examples;
import dev.sotto.data.Holdout;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A table from one or more CSV files. The examples know their groups by "file", by every categorical and label column,
 * and by ignored columns declared as groupings. A bad row is an error that names file and line.
 *
 * @param train files, relative to the context's root, read in order; none twice, and none that is a test file
 * @param test files with the same columns; if empty, {@code holdout} sets test rows aside
 */
public record CsvSource(
        String name, List<Path> train, List<Path> test, Holdout holdout, CsvSchema schema, CsvFormat format)
        implements DataSource {
    public CsvSource {
        train = List.copyOf(train);
        test = List.copyOf(test);
        if (train.isEmpty()) {
            throw new DataException(name + ": no files are given");
        }
        if (!test.isEmpty() && holdout.fraction() > 0) {
            throw new DataException(name + ": give test files or a test fraction, not both");
        }
    }

    /** Files without test data. */
    public static CsvSource of(String name, CsvSchema schema, CsvFormat format, Path... train) {
        return new CsvSource(name, List.of(train), List.of(), Holdout.none(), schema, format);
    }

    public CsvSource withTest(Path... files) {
        return new CsvSource(name, train, List.of(files), Holdout.none(), schema, format);
    }

    public CsvSource withHoldout(Holdout share) {
        return new CsvSource(name, train, List.of(), share, schema, format);
    }

    @Override
    public DataSet load(DataContext context) {
        DistinctFiles.require(in(train, context), in(test, context));
        String origin = String.join(", ", train.stream().map(Path::toString).toList());
        Examples rows = read(train, context);
        return test.isEmpty()
                ? holdout.split(name, rows, origin)
                : new DataSet(name, rows, Optional.of(read(test, context)), origin);
    }

    private Examples read(List<Path> files, DataContext context) {
        CsvTable table = new CsvTable(schema, format);
        in(files, context).forEach(table::read);
        return table.examples(name);
    }

    private static List<Path> in(List<Path> files, DataContext context) {
        return files.stream().map(context.root()::resolve).toList();
    }
}
