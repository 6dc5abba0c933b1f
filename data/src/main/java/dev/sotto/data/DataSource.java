package dev.sotto.data;

/**
 * Where a data set comes from. Implement it to bring your own; what is built in is in the sub-packages. Sources are
 * values: loading twice gives the same examples.
 */
@FunctionalInterface
public interface DataSource {
    /**
     * Loads the data set.
     *
     * @throws DataException with one line on what is wrong and what would be valid
     */
    DataSet load(DataContext context);
}
