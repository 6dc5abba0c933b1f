package dev.sotto.data.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.data.DataContext;
import dev.sotto.data.DataException;
import dev.sotto.data.Examples;
import dev.sotto.data.Holdout;
import dev.sotto.data.csv.Column;
import dev.sotto.data.csv.CsvSchema;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tables from a real PostgreSQL server, which the test starts and stops. */
@Tag("system")
final class PostgresSourceTest {
    private static final CsvSchema SCHEMA = CsvSchema.of(
            Column.Numeric.range("Age", 0, 100).withIndicator(),
            Column.Categorical.of("Smoker", "true", "false"),
            Column.Numeric.standard("dose", 0, 1),
            Column.Numeric.standard("exact", 0, 1),
            Column.Label.of("outcome", "no", "yes"));

    private static PostgresServer server;

    @BeforeAll
    static void fill() throws Exception {
        server = PostgresServer.start();
        try (Connection connection =
                        DriverManager.getConnection(server.url(), PostgresServer.USER, PostgresServer.PASSWORD);
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "create table visits"
                            + " (id serial, age int, smoker boolean, dose double precision, exact numeric(20, 10), outcome text)");
            statement.execute("insert into visits (age, smoker, dose, exact, outcome) values"
                    + " (50, true, 1e-7, 2.5000000000, 'no'), (null, null, 0.1, 1e3, 'yes')");
            statement.execute("insert into visits (age, smoker, dose, exact, outcome)"
                    + " select i % 100, i % 2 = 0, i, i, case when i % 3 = 0 then 'no' else 'yes' end"
                    + " from generate_series(1, 20000) i");
        }
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static Examples load(String query, String password, JdbcLimits limits) {
        Login login = new Login(Optional.of(PostgresServer.USER), Optional.of("CLINIC_PASSWORD"), Optional.empty());
        JdbcSource source = new JdbcSource(
                "clinic",
                "node.yaml: data.",
                server.url(),
                login,
                query,
                SCHEMA,
                Set.of(),
                limits,
                Holdout.none(),
                Map.of("CLINIC_PASSWORD", password)::get);
        return source.load(DataContext.ofSystem()).train();
    }

    private static Examples load(String query) {
        return load(query, PostgresServer.PASSWORD, JdbcLimits.standard());
    }

    @Test
    void declaredColumnsBecomeFeatures() {
        Examples examples = load("select * from visits order by id");
        float[] row = new float[6];
        examples.features(0, row, 0);
        assertThat(row).containsExactly(0.5f, 0, 1, 0, 1e-7f, 2.5f);
        examples.features(1, row, 0);
        assertThat(row).containsExactly(0.5f, 1, 0, 0, 0.1f, 1000);
        assertThat(examples.size()).isEqualTo(20_002);
        assertThat(examples.label(1)).isEqualTo(1);
    }

    @Test
    void nothingIsEverWritten() {
        assertThatThrownBy(() -> load("delete from visits returning *"))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("node.yaml: data.query: the database says: ")
                .hasMessageContaining("read-only");
        assertThat(load("select * from visits").size()).isEqualTo(20_002);
    }

    @Test
    void aWrongPasswordIsOneLineWithoutThePassword() {
        assertThatThrownBy(() -> load("select * from visits", "guessed-wrong", JdbcLimits.standard()))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("node.yaml: data.url: the database says: ")
                .hasMessageNotContaining("guessed-wrong")
                .hasMessageNotContaining("\n");
    }

    @Test
    void aQueryThatTakesTooLongIsCancelled() {
        JdbcLimits second = new JdbcLimits(10, Duration.ofSeconds(1), 10);
        assertThatThrownBy(() -> load("select *, pg_sleep(60) from visits", PostgresServer.PASSWORD, second))
                .isInstanceOf(DataException.class)
                .hasMessage("node.yaml: data.query: it took longer than 1 s; raise timeout, or ask for less");
    }

    @Test
    void errorsOfTheDatabaseAreOneLine() {
        assertThatThrownBy(() -> load("select nothing from visits"))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith("node.yaml: data.query: the database says: ERROR: column \"nothing\"")
                .hasMessageNotContaining("\n");
        assertThatThrownBy(() -> load("select 'NaN'::float8 as age, true smoker, 1 dose, 1 exact, 'no' outcome"))
                .hasMessageStartingWith("node.yaml: data.query: row 1: column Age: 'NaN' is not a finite number");
    }
}
