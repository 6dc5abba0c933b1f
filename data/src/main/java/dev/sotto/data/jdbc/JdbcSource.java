package dev.sotto.data.jdbc;

import dev.sotto.data.DataContext;
import dev.sotto.data.DataException;
import dev.sotto.data.DataSet;
import dev.sotto.data.DataSource;
import dev.sotto.data.Examples;
import dev.sotto.data.Holdout;
import dev.sotto.data.csv.CsvSchema;
import dev.sotto.data.csv.TableBuilder;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A table from a database: the rows of one query, whose columns are declared as those of a CSV file are. SQL's NULL is a
 * missing value. The connection can only read, rows are streamed, and the driver is whichever is on the class path.
 *
 * @param name what the data set is called
 * @param place what precedes a key in messages, such as {@code node.yaml: data.}
 * @param url for JDBC, without a password in it
 * @param query one statement that gives rows; order it, if the order of examples matters
 * @param limits how long and how much
 * @param missing texts that mean a missing value, beside NULL
 * @param holdout what is set aside for testing
 * @param environment values of environment variables by name, null where there is none
 */
public record JdbcSource(
        String name,
        String place,
        String url,
        Login login,
        String query,
        CsvSchema schema,
        Set<String> missing,
        JdbcLimits limits,
        Holdout holdout,
        UnaryOperator<String> environment)
        implements DataSource {
    private static final String SQLITE = "jdbc:sqlite:";

    public JdbcSource {
        Set<String> withNull = new HashSet<>(missing);
        withNull.add(JdbcRows.NULL);
        missing = Set.copyOf(withNull);
    }

    @Override
    public DataSet load(DataContext context) {
        try (Connection connection = connect(context.root())) {
            return holdout.split(name, read(connection), url);
        } catch (SQLException e) {
            throw failed("url", e);
        }
    }

    private Connection connect(Path root) throws SQLException {
        Properties properties = new Properties();
        login.user().ifPresent(user -> properties.setProperty("user", user));
        login.password(environment, root, place).ifPresent(password -> properties.setProperty("password", password));
        if (url.startsWith(SQLITE)) {
            // SQLite's driver takes it before opening only; and so no file comes to be where none was.
            properties.setProperty("open_mode", "1");
        }
        Connection connection;
        try {
            connection = DriverManager.getConnection(url(root), properties);
        } catch (SQLException e) {
            if (e.getMessage() != null && e.getMessage().startsWith("No suitable driver")) {
                throw new DataException(
                        place + "url: there is no driver for " + url
                                + "; SQLite and PostgreSQL are known here, others are found on the class path",
                        e);
            }
            throw failed("url", e);
        }
        if (!connection.isReadOnly()) {
            connection.setReadOnly(true);
        }
        connection.setAutoCommit(false);
        return connection;
    }

    /** A database file lies where the experiment's relative paths start. */
    private String url(Path root) {
        String file = url.startsWith(SQLITE) ? url.substring(SQLITE.length()) : "";
        return file.isEmpty() || file.startsWith(":") || file.startsWith("file:") ? url : SQLITE + root.resolve(file);
    }

    private Examples read(Connection connection) throws SQLException {
        TableBuilder table = new TableBuilder(schema, missing);
        try (Statement statement =
                connection.createStatement(ResultSet.TYPE_FORWARD_ONLY, ResultSet.CONCUR_READ_ONLY)) {
            statement.setFetchSize(limits.fetchSize());
            read(statement, table);
        }
        if (table.rows() == 0) {
            throw new DataException(place + "query: it gives no rows");
        }
        return table.examples(name);
    }

    private void read(Statement statement, TableBuilder table) throws SQLException {
        try (Watchdog watchdog = Watchdog.over(statement, limits.timeout())) {
            try (ResultSet rows = statement.executeQuery(query)) {
                JdbcRows cells = new JdbcRows(rows, schema, place + "query: ");
                while (rows.next()) {
                    if (table.rows() == limits.rows()) {
                        throw new DataException(place + "query: it gives more than " + limits.rows()
                                + " rows; raise row-limit, or ask for fewer");
                    }
                    cells.next();
                    table.add(cells::cell, Optional.empty(), cells::fail);
                }
            } catch (SQLException e) {
                throw watchdog.barked() ? late(e) : failed("query", e);
            }
        }
    }

    private DataException late(SQLException cause) {
        return new DataException(
                place + "query: it took longer than " + limits.timeout().toSeconds()
                        + " s; raise timeout, or ask for less",
                cause);
    }

    private DataException failed(String key, SQLException cause) {
        String message = String.valueOf(cause.getMessage()).strip().replaceAll("\\s*[\\r\\n]+\\s*", "; ");
        return new DataException(place + key + ": the database says: " + message, cause);
    }
}
