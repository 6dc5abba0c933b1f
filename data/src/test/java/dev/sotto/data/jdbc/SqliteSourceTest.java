package dev.sotto.data.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.data.DataContext;
import dev.sotto.data.DataException;
import dev.sotto.data.DataSet;
import dev.sotto.data.Examples;
import dev.sotto.data.Holdout;
import dev.sotto.data.Target;
import dev.sotto.data.csv.Column;
import dev.sotto.data.csv.CsvFormat;
import dev.sotto.data.csv.CsvSchema;
import dev.sotto.data.csv.CsvSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tables from a real SQLite file. */
final class SqliteSourceTest {
    private static final CsvSchema SCHEMA = CsvSchema.of(
            Column.Numeric.range("age", 0, 100).withIndicator(),
            Column.Categorical.of("sex", "f", "m"),
            Column.Numeric.standard("dose", 1, 2),
            new Column.Ignored("site", true),
            Column.Label.of("outcome", "0", "1"));

    @TempDir
    Path folder;

    @BeforeEach
    void fill() throws SQLException {
        execute(
                "create table visits (age integer, sex text, dose real, site text, outcome integer)",
                "insert into visits values (50, 'f', 1.5, 'north', 0), (null, 'm', 0.1234567890123456789, 'south', 1),"
                        + " (25, null, -3e-2, 'north', 1)");
    }

    private void execute(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + folder.resolve("clinic.db"));
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        }
    }

    private static JdbcSource source(String query, JdbcLimits limits) {
        return new JdbcSource(
                "clinic",
                "node.yaml: data.",
                "jdbc:sqlite:clinic.db",
                Login.none(),
                query,
                SCHEMA,
                Set.of("?"),
                limits,
                Holdout.none(),
                name -> null);
    }

    private DataSet load(String query) {
        return source(query, JdbcLimits.standard()).load(context());
    }

    private DataContext context() {
        return DataContext.ofSystem().withRoot(folder);
    }

    private static float[] features(Examples examples, int index) {
        float[] row = new float[examples.shape().size()];
        examples.features(index, row, 0);
        return row;
    }

    @Test
    void declaredColumnsBecomeFeatures() {
        Examples examples = load("select * from visits order by rowid").train();
        assertThat(examples.size()).isEqualTo(3);
        assertThat(examples.target()).isEqualTo(Target.Classes.named("0", "1"));
        assertThat(features(examples, 0)).containsExactly(0.5f, 0, 1, 0, 0.25f);
        assertThat(features(examples, 1)).containsExactly(0.5f, 1, 0, 1, (float) ((0.1234567890123456789 - 1) / 2));
        assertThat(features(examples, 2)).containsExactly(0.25f, 0, 0, 0, (float) ((-0.03 - 1) / 2));
        assertThat(examples.label(2)).isEqualTo(1);
        assertThat(examples.grouping("site").orElseThrow().names()).containsExactly("north", "south");
        assertThat(examples.grouping("file")).isEmpty();
    }

    @Test
    void theSameRowsMeanTheSameFromAFile() throws Exception {
        Files.writeString(
                folder.resolve("visits.csv"),
                "age,sex,dose,site,outcome\n50,f,1.5,north,0\n,m,0.1234567890123456789,south,1\n25,,-3e-2,north,1\n");
        Examples file = CsvSource.of("visits", SCHEMA, CsvFormat.standard(), Path.of("visits.csv"))
                .load(context())
                .train();
        Examples rows = load("select * from visits order by rowid").train();
        for (int i = 0; i < 3; i++) {
            assertThat(features(rows, i)).isEqualTo(features(file, i));
        }
    }

    @Test
    void columnsAreFoundByNameWhateverTheirCase() {
        Examples examples = load("select outcome as OUTCOME, site, dose as \"Dose\", sex, age from visits")
                .train();
        assertThat(features(examples, 0)).containsExactly(0.5f, 0, 1, 0, 0.25f);
        refused(
                "node.yaml: data.query: it gives no column 'dose'; it gives age, sex, site, outcome",
                "select age, sex, site, outcome from visits");
        refused(
                "node.yaml: data.query: it gives column 'age' twice",
                "select 1 as Age, 2 as AGE, 'f' sex, 1 dose, 'a' site, 1 outcome");
    }

    @Test
    void badCellsAreNamedByRowAndColumn() throws SQLException {
        execute("insert into visits values ('old', 'f', 1, 'x', 1)");
        refused(
                "node.yaml: data.query: row 4: column age: 'old' is not a finite number",
                "select * from visits order by rowid");
        refused(
                "node.yaml: data.query: row 1: column sex: 'x' is not a declared category",
                "select 1 age, 'x' sex, 1 dose, 'a' site, 1 outcome");
        refused(
                "node.yaml: data.query: row 1: column outcome: label '7' is outside the classes",
                "select 1 age, 'f' sex, 1 dose, 'a' site, 7 outcome");
        refused(
                "node.yaml: data.query: row 1: column dose: it is binary",
                "select 1 age, 'f' sex, x'00ff' dose, 'a' site, 1 outcome");
        refused("node.yaml: data.query: it gives no rows", "select * from visits where outcome = 9");
        refused("node.yaml: data.query: the database says: ", "select * from nowhere");
    }

    @Test
    void moreRowsThanTheLimitAreAnErrorAndNotCutOff() {
        JdbcLimits two = new JdbcLimits(2, Duration.ofSeconds(60), 1);
        assertThatThrownBy(() -> source("select * from visits", two).load(context()))
                .isInstanceOf(DataException.class)
                .hasMessage("node.yaml: data.query: it gives more than 2 rows; raise row-limit, or ask for fewer");
        JdbcLimits three = new JdbcLimits(3, Duration.ofSeconds(60), 1);
        assertThat(source("select * from visits", three).load(context()).train().size())
                .isEqualTo(3);
    }

    @Test
    void aQueryThatTakesTooLongIsCancelled() {
        JdbcLimits second = new JdbcLimits(10, Duration.ofSeconds(1), 1);
        String endless = "with recursive n(i) as (select 1 union all select i + 1 from n) "
                + "select count(*) age, 'f' sex, 1 dose, 'a' site, 1 outcome from n";
        assertThatThrownBy(() -> source(endless, second).load(context()))
                .isInstanceOf(DataException.class)
                .hasMessage("node.yaml: data.query: it took longer than 1 s; raise timeout, or ask for less");
    }

    @Test
    void nothingIsEverWritten() throws SQLException {
        refused(
                "node.yaml: data.query: the database says: ",
                "insert into visits values (1, 'f', 1, 'x', 1) returning *");
        assertThat(load("select * from visits").train().size()).isEqualTo(3);
        JdbcSource elsewhere = new JdbcSource(
                "clinic",
                "node.yaml: data.",
                "jdbc:sqlite:none.db",
                Login.none(),
                "select 1",
                SCHEMA,
                Set.of(),
                JdbcLimits.standard(),
                Holdout.none(),
                name -> null);
        assertThatThrownBy(() -> elsewhere.load(context())).hasMessageStartingWith("node.yaml: data.url: ");
        assertThat(folder.resolve("none.db")).doesNotExist();
    }

    @Test
    void aMissingDriverIsNamed() {
        JdbcSource strange = new JdbcSource(
                "x",
                "node.yaml: data.",
                "jdbc:strange:x",
                Login.none(),
                "select 1",
                SCHEMA,
                Set.of(),
                JdbcLimits.standard(),
                Holdout.none(),
                name -> null);
        assertThatThrownBy(() -> strange.load(context()))
                .hasMessageStartingWith("node.yaml: data.url: there is no driver for jdbc:strange:x");
    }

    @Test
    void passwordsComeFromTheEnvironmentOrAFile() throws Exception {
        Path file = Files.writeString(folder.resolve("pw"), "secret\n");
        Login fromFile = new Login(Optional.of("me"), Optional.empty(), Optional.of(file));
        Login fromVariable = new Login(Optional.of("me"), Optional.of("PW"), Optional.empty());
        assertThat(fromFile.password(name -> null, folder, "x: ")).contains("secret");
        assertThat(fromVariable.password(Map.of("PW", "s")::get, folder, "x: ")).contains("s");
        assertThatThrownBy(() -> fromVariable.password(name -> null, folder, "node.yaml: data."))
                .hasMessage("node.yaml: data.password-env: the environment variable PW is not set");
        assertThat(fromVariable.toString() + fromFile).doesNotContain("secret");
    }

    private void refused(String message, String query) {
        assertThatThrownBy(() -> load(query))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(message)
                .hasMessageNotContaining("\n");
    }
}
