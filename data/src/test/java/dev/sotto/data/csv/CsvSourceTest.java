package dev.sotto.data.csv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.data.DataContext;
import dev.sotto.data.DataException;
import dev.sotto.data.DataSet;
import dev.sotto.data.Examples;
import dev.sotto.data.Holdout;
import dev.sotto.data.Shape;
import dev.sotto.data.Target;
import dev.sotto.data.csv.Column.Categorical;
import dev.sotto.data.csv.Column.Ignored;
import dev.sotto.data.csv.Column.Label;
import dev.sotto.data.csv.Column.Numeric;
import dev.sotto.data.csv.Column.Value;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CsvSourceTest {
    private static final CsvSchema SCHEMA = CsvSchema.of(
            Numeric.range("age", 0, 100).withIndicator(),
            Categorical.of("sex", "f", "m").withIndicator(),
            new Ignored("site", true),
            Label.of("ill", "0", "1"));

    private static final CsvFormat HEADERLESS = CsvFormat.standard().withHeader(false);

    @TempDir
    Path folder;

    /** By whatever name: what protects one example does not protect it twice. */
    @Test
    void readsNoFileTwiceNorTestsOnWhatItTrainsOn() throws IOException {
        Path rows = Files.writeString(folder.resolve("d.csv"), "25,f,a,0\n");
        Path link = Files.createSymbolicLink(folder.resolve("link.csv"), rows);
        Path other = folder.resolve("sub/../d.csv");
        Files.createDirectory(folder.resolve("sub"));
        Path hard = Files.createLink(folder.resolve("hard.csv"), rows);
        for (Path again : new Path[] {rows, link, hard, other}) {
            CsvSource twice = CsvSource.of("t", SCHEMA, HEADERLESS, rows, again);
            assertThatThrownBy(() -> twice.load(DataContext.ofSystem()))
                    .isInstanceOf(DataException.class)
                    .hasMessageStartingWith(again + " is read twice, by this or another name: ");
            CsvSource both = CsvSource.of("t", SCHEMA, HEADERLESS, rows).withTest(again);
            assertThatThrownBy(() -> both.load(DataContext.ofSystem()))
                    .isInstanceOf(DataException.class)
                    .hasMessageStartingWith(again + " is among the training files too, by this or another name: ");
        }
        Path copy = Files.copy(rows, folder.resolve("copy.csv"));
        assertThat(CsvSource.of("t", SCHEMA, HEADERLESS, rows, copy)
                        .load(DataContext.ofSystem())
                        .train()
                        .size())
                .isEqualTo(2);
    }

    @Test
    void encodesEachColumnWithItsDeclaredConstants() throws IOException {
        Examples rows = load("25,f,a,0\n?,m,b,1\n200,?,a,1.0\n-5, m ,a,0\n").train();
        assertThat(rows.shape()).isEqualTo(Shape.of(5));
        assertThat(rows.target()).isEqualTo(Target.Classes.named("0", "1"));
        assertThat(features(rows, 0)).containsExactly(0.25f, 0, 1, 0, 0);
        assertThat(features(rows, 1)).containsExactly(0.5f, 1, 0, 1, 0);
        assertThat(features(rows, 2)).containsExactly(1, 0, 0, 0, 1);
        assertThat(features(rows, 3)).containsExactly(0, 0, 0, 1, 0);
        assertThat(new int[] {rows.label(0), rows.label(1), rows.label(2)}).containsExactly(0, 1, 1);
    }

    @Test
    void standardColumnsAreNotClampedAndImputeWhatIsDeclared() throws IOException {
        CsvSchema schema = CsvSchema.of(
                Numeric.standard("x", 10, 2), Numeric.standard("y", 0, 1).imputing(3), new Value("t", 100, 50));
        Examples rows = load(schema, HEADERLESS, "20,?,150\n?,1,-1e2\n").train();
        assertThat(features(rows, 0)).containsExactly(5, 3);
        assertThat(features(rows, 1)).containsExactly(0, 1);
        assertThat(rows.target()).isEqualTo(new Target.Values(1));
        float[] value = new float[1];
        rows.values(0, value, 0);
        assertThat(value).containsExactly(1);
        rows.values(1, value, 0);
        assertThat(value).containsExactly(-4);
    }

    @Test
    void picksColumnsByNameWhereThereIsAHeader() throws IOException {
        Examples rows = load(SCHEMA, CsvFormat.standard(), "other,ill,sex,\"age\",site\r\nx,1,m,50,a\r\n")
                .train();
        assertThat(rows.size()).isEqualTo(1);
        assertThat(features(rows, 0)).containsExactly(0.5f, 0, 0, 1, 0);
        refused(SCHEMA, CsvFormat.standard(), "ill,sex,age\n", ":1: the header has no column 'site'; it has ill, sex");
        refused(SCHEMA, CsvFormat.standard(), "ill,sex,age,site,age\n", ":1: the header has column 'age' twice");
    }

    @Test
    void readsQuotesLineEndsCommentsAndGzip() throws IOException {
        Label label = Label.of("l", "a,\"b\"", "two\nlines", "c");
        CsvSchema schema = CsvSchema.of(Numeric.range("x", 0, 1), label);
        CsvFormat format = HEADERLESS.withComment("|").withSkipLines(1).withSeparator(';');
        String text = "skipped; \"\n|1x3\n\n1;\"a,\"\"b\"\"\"\r\n  0 ; \"two\nlines\" \n\n1;c";
        Path plain = Files.writeString(folder.resolve("a.csv"), text);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        }
        Path packed = Files.write(folder.resolve("b.csv.gz"), bytes.toByteArray());
        Examples rows = CsvSource.of("t", schema, format, plain, packed)
                .load(DataContext.ofSystem())
                .train();
        assertThat(rows.size()).isEqualTo(6);
        for (int i = 0; i < 6; i++) {
            assertThat(rows.label(i)).isEqualTo(i % 3);
        }
        assertThat(rows.grouping("file").orElseThrow().names()).containsExactly("a.csv", "b.csv.gz");
        assertThat(rows.grouping("file").orElseThrow().group(4)).isEqualTo(1);
    }

    @Test
    void knowsTheGroupsOfItsRows() throws IOException {
        Examples rows = load("1,f,north,0\n2,m,south,1\n3,f,north,1\n").train();
        assertThat(rows.grouping("site").orElseThrow().names()).containsExactly("north", "south");
        assertThat(rows.select(new int[] {1, 2}).grouping("site").orElseThrow().group(0))
                .isEqualTo(1);
        assertThat(rows.grouping("age")).isEmpty();
    }

    @Test
    void holdsTestRowsOutOrReadsTestFiles() throws IOException {
        Path file = Files.writeString(folder.resolve("a.csv"), "1,f,a,0\n".repeat(10));
        CsvSource source = CsvSource.of("t", SCHEMA, HEADERLESS, file);
        DataSet split = source.withHoldout(new Holdout(0.2, 1)).load(DataContext.ofSystem());
        assertThat(split.train().size()).isEqualTo(8);
        assertThat(split.test().orElseThrow().size()).isEqualTo(2);
        Path other = Files.copy(file, folder.resolve("b.csv"));
        assertThat(source.withTest(other)
                        .load(DataContext.ofSystem())
                        .test()
                        .orElseThrow()
                        .size())
                .isEqualTo(10);
        assertThatThrownBy(() -> source.withHoldout(new Holdout(0.01, 1)).load(DataContext.ofSystem()))
                .hasMessage("t: a test fraction of 0.01 of 10 examples leaves no test examples");
    }

    @Test
    void namesFileLineAndReason() {
        String good = "1,f,a,0\n";
        refused(good + "2,f,a\n", ":2: 3 fields; 4 columns are expected");
        refused(
                good + "\n\"x\ny\",f,a,0\n",
                ":3: column age: 'x?y' is not a finite number; missing values are written");
        refused(good + "NaN,f,a,0\n", ":2: column age: 'NaN' is not a finite number");
        refused("Infinity,f,a,0\n", ":1: column age: 'Infinity' is not a finite number");
        refused("0x1p3,f,a,0\n", ":1: column age: '0x1p3' is not a finite number");
        refused("1,x,a,0\n", ":1: column sex: 'x' is not a declared category; declared are [f, m]");
        refused(good + "1,f,a,2\n", ":2: column ill: label '2' is outside the classes, which are '0', '1'");
        refused("1,f,a,?\n", ":1: column ill: label '?' is outside the classes");
        refused("1,\"f,a,0\n", ":1: a quoted field is not closed");
        refused("1,\"f\"x,a,0\n", ":1: text after a closing quote");
        refused("", ": no rows");
        Path missing = folder.resolve("missing.csv");
        assertThatThrownBy(() -> CsvSource.of("t", SCHEMA, HEADERLESS, missing).load(DataContext.ofSystem()))
                .isInstanceOf(DataException.class)
                .hasMessage(missing + ": no such file");
    }

    @Test
    void refusesBytesThatAreNotText() throws IOException {
        Path file = Files.write(folder.resolve("x.csv"), new byte[] {'1', ',', (byte) 0xff, (byte) 0xfe, '\n'});
        assertThatThrownBy(() -> CsvSource.of("t", SCHEMA, HEADERLESS, file).load(DataContext.ofSystem()))
                .isInstanceOf(DataException.class)
                .hasMessage(file + ":1: not UTF-8 text near this line");
    }

    @Test
    void survivesAnyDamage() throws IOException {
        byte[] valid = "25,f,a,0\n?,\"m\",b,1\n200,?,a,1.0\r\n".repeat(3).getBytes(StandardCharsets.UTF_8);
        byte[] telling = {'"', ',', '\n', '\r', 0, -1, 'e', '-', '?', '|'};
        SplittableRandom random = new SplittableRandom(1);
        int refused = 0;
        for (int round = 0; round < 4000; round++) {
            byte[] bytes = Arrays.copyOf(valid, 1 + random.nextInt(valid.length));
            for (int c = random.nextInt(4); c >= 0; c--) {
                bytes[random.nextInt(bytes.length)] = telling[random.nextInt(telling.length)];
            }
            Path file = Files.write(folder.resolve(round + ".csv"), bytes);
            try {
                CsvSource.of("t", SCHEMA, HEADERLESS, file).load(DataContext.ofSystem());
            } catch (DataException e) {
                refused++;
                assertThat(e.getMessage()).startsWith(file + ":").doesNotContain("\n", "\r");
            }
            Files.delete(file);
        }
        assertThat(refused).isGreaterThan(1000);
    }

    @Test
    void schemasAreChecked() {
        Numeric x = Numeric.range("x", 0, 1);
        assertThatThrownBy(() -> CsvSchema.of(x)).hasMessageContaining("one label column or some value columns");
        assertThatThrownBy(() -> CsvSchema.of(x, x, Label.of("y", "a"))).hasMessage("schema: column x twice");
        assertThatThrownBy(() -> CsvSchema.of(Label.of("y", "a"))).hasMessageContaining("no numeric or categorical");
        assertThatThrownBy(() -> Categorical.of("c", "1", "1.0")).hasMessage("column c: category '1.0' twice");
        assertThatThrownBy(() -> Numeric.range("x", 1, 1)).hasMessageContaining("min below max");
    }

    private DataSet load(String text) throws IOException {
        return load(SCHEMA, HEADERLESS, text);
    }

    private DataSet load(CsvSchema schema, CsvFormat format, String text) throws IOException {
        Path file = Files.writeString(folder.resolve("rows.csv"), text);
        return CsvSource.of("t", schema, format, file).load(DataContext.ofSystem());
    }

    private void refused(String text, String reason) {
        refused(SCHEMA, HEADERLESS, text, reason);
    }

    private void refused(CsvSchema schema, CsvFormat format, String text, String reason) {
        assertThatThrownBy(() -> load(schema, format, text))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(folder.resolve("rows.csv") + ":")
                .hasMessageContaining(reason);
    }

    private static float[] features(Examples examples, int index) {
        float[] features = new float[examples.shape().size()];
        examples.features(index, features, 0);
        return features;
    }
}
