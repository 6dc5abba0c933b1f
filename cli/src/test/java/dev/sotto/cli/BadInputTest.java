package dev.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each bad input has its one line, which says where it is and what would be valid, and its exit status. */
final class BadInputTest {
    @TempDir
    private Path folder;

    private TinyExperiment tiny;

    @BeforeEach
    void write() {
        tiny = new TinyExperiment(folder);
    }

    /** One line begins with the name of the command; it is the last, nothing was written, and nothing printed. */
    private void refused(Sotto said, int status, String... parts) {
        assertThat(said.errors()).as(said.err()).hasSize(1);
        assertThat(said.last()).startsWith("sotto: ").contains(parts);
        assertThat(said.status()).as(said.err()).isEqualTo(status);
        assertThat(said.out()).isEmpty();
        assertThat(tiny.runs()).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            rouns=3                                  | tiny.yaml: rouns: unknown key; did you mean 'rounds'?
            client.batchsize=3                       | tiny.yaml: client.batchsize: unknown key; did you mean 'batch-size'?
            privacy.example-level.epsilonn=1         | tiny.yaml: privacy.example-level.epsilonn: unknown key; did you mean 'epsilon'?
            server.momentum=1                        | tiny.yaml: server.momentum: unknown key; valid here: strategy, weighting, learning-rate
            rounds=three                             | tiny.yaml: rounds: expected a whole number, found 'three'
            rounds=2.5                               | tiny.yaml: rounds: expected a whole number, found 2.5
            rounds=0                                 | tiny.yaml: rounds: 0 is out of range; it must be at least 1
            client.batch-size=[1]                    | tiny.yaml: client.batch-size: expected a whole number, found a list
            client=7                                 | tiny.yaml: client: expected keys and values, found the number 7
            privacy.example-level.epsilon=0          | tiny.yaml: privacy.example-level.epsilon: 0 is out of range; it must be greater than 0
            privacy.example-level.epsilon=-1         | tiny.yaml: privacy.example-level.epsilon: -1 is out of range; it must be greater than 0
            privacy.example-level.epsilon=null       | tiny.yaml: privacy.example-level: give epsilon
            privacy.example-level.delta=1            | tiny.yaml: privacy.example-level.delta: 1 is out of range; it must be strictly between 0 and 1
            privacy.example-level.delta=1.5          | tiny.yaml: privacy.example-level.delta: 1.5 is out of range; it must be strictly between 0 and 1
            privacy.example-level.relation=add-one   | 'add-one' is not one of add-or-remove-one, replace-one, zero-out
            privacy.example-level.relation=add-or-remove-one | privacy.example-level.sampling-rate: it must be declared
            privacy.example-level.max-grad-norm=1e-36 | tiny.yaml: privacy.example-level.max-grad-norm: 1.0E-36 is out of range; it must be at least 1.0E-12 and at most 1.0E12
            privacy.example-level.max-grad-norm=1e39 | tiny.yaml: privacy.example-level.max-grad-norm: 1.0E39 is out of range
            privacy.example-level={epsilon: 3, clipping: adaptive, clip-per: batch} | tiny.yaml: privacy.example-level.clipping: adaptive sets the norm by itself; it goes with clip-per: example
            privacy.example-level={epsilon: 3, clipping: adaptive, noise-schedule: {kind: linear}} | tiny.yaml: privacy.example-level.clipping: adaptive sets the norm by itself
            privacy.example-level.clipping-schedule={kind: exponential, gamma: 1e6} | tiny.yaml: privacy.example-level.clipping-schedule: by the last of 4 steps the clipping norm is 1.0E18, which is out of range; it must be at least 1.0E-12 and at most 1.0E12
            privacy.example-level.noise-schedule={kind: exponential, gamma: 0.03125} | tiny.yaml: privacy.example-level.noise-schedule: by the last of 4 steps it multiplies the noise by 3.0517578125E-5; it must be at least 1.0E-4 and at most 10000.0: take a gamma or last nearer to 1
            privacy={client-level: {epsilon: 3, delta: 1e-2, clipping-norm: 1e30}} | tiny.yaml: privacy.client-level.clipping-norm: 1.0E30 is out of range; it must be at least 1.0E-20 and at most 1.0E20
            client.batch-size=21                     | tiny.yaml: client.batch-size: 21 is more than the 20 training examples of client-0
            data.clients=41                          | tiny.yaml: data: clients is 41, but there are only 40 examples
            cohort.size=3                            | tiny.yaml: cohort.size: 3 is out of range; it must be at least 1 and at most 2
            cohort.min-clients=3                     | tiny.yaml: cohort.min-clients: 3 is out of range; it must be at least 1 and at most 2
            evaluation.validation-fraction=0.99      | tiny.yaml: evaluation.validation-fraction: 0.99 is out of range; it must be between 0 and 0.9
            model=lenet                              | tiny.yaml: model lenet, layer 0 (conv2d)
            model=lenett                             | tiny.yaml: model: unknown preset 'lenett'; did you mean 'lenet'?
            model={layers: [{linear: 3}]}            | tiny.yaml: model: custom has 3 outputs, but the data has 2 classes
            model={layers: [{liner: 3}]}             | tiny.yaml: model custom, layer 0: unknown layer 'liner'; did you mean 'linear'?
            model={layers: [{linear: 4}, batch-norm, {linear: 2}]} | layer 1 (batch-norm): batch normalisation mixes the examples of a batch
            data.source=mnst                         | tiny.yaml: data.source: 'mnst' is not one of digits, generated, mnist
            data.partition={dirichlet: 0}            | tiny.yaml: data.partition.dirichlet: 0 is out of range; it must be greater than 0
            data.partition={shards: 2, by: file}     | tiny.yaml: data.partition: give one of dirichlet, shards
            data.partition=random                    | tiny.yaml: data.partition: 'random' is not one of iid
            name.x=3                                 | --set name.x=3: name is a value and holds no keys
            rounds                                   | --set rounds: expected key.path=value, such as rounds=5
            engine=cuda                              | cuda
            """)
    void settings(String setting, String message) {
        refused(tiny.run(setting), Failures.USAGE, message);
    }

    @Test
    void anExperimentThatIsNotThere() {
        refused(
                Sotto.run("run", folder.resolve("no.yaml").toString()),
                Failures.USAGE,
                "no.yaml: there is no such file");
    }

    @Test
    void malformedYamlHasItsLine() {
        refused(
                tiny.runText("name: x\ndata: {source: digits\nrounds: 3\n"),
                Failures.USAGE,
                "other.yaml:3: not valid YAML: ",
                "expected ',' or '}'");
        refused(tiny.runText("rounds: 3\nrounds: 4\n"), Failures.USAGE, "other.yaml:2: not valid YAML", "'rounds'");
        refused(tiny.runText("- rounds\n"), Failures.USAGE, "other.yaml: expected keys and values at the top");
    }

    @Test
    void bytesThatAreNoYaml() throws IOException {
        Path binary = Files.write(folder.resolve("bad.yaml"), new byte[] {(byte) 0x89, 'P', 'N', 'G', 0, (byte) 0xff});
        refused(
                Sotto.run("run", binary.toString()),
                Failures.USAGE,
                "bad.yaml: it cannot be read: it is not text in UTF-8");
        refused(
                Sotto.run("run", folder.toString()),
                Failures.USAGE,
                ": it cannot be read: it is a folder; give a file");
    }

    @Test
    void aTableThatIsAFolder() throws IOException {
        Files.createDirectory(folder.resolve("rows.csv"));
        refused(tiny.runText(TABLE), Failures.FAILED, "rows.csv: cannot be read: it is a folder; give a file");
    }

    @Test
    void outputThatCannotBeWritten() {
        Sotto said = tiny.runWith(List.of("--out", tiny.file().toString()));
        assertThat(said.status()).isEqualTo(Failures.USAGE);
        assertThat(said.errors())
                .containsExactly("sotto: run directory " + tiny.file()
                        + ": a file of that name is in the way; give a directory");
        assertThat(said.out()).isEmpty();
    }

    @Test
    void noiseLevelIsBatchOrSample() {
        refused(
                tiny.runWith(List.of("--noise-level", "client")),
                Failures.USAGE,
                "--noise-level client: it must be batch or sample");
    }

    private static final String TABLE = """
            data:
              source: csv
              path: .
              files: [rows.csv]
              test-fraction: 0
              clients: 1
              columns:
                - {name: age, numeric: {min: 0, max: 100}}
                - {name: town, categories: [north, south]}
                - {name: ill, label: [no, yes]}
            rounds: 1
            client: {batch-size: 2}
            """;

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            31,north       | rows.csv:3: | fields
            old,north,no   | rows.csv:3: | age
            NaN,north,no   | rows.csv:3: | age
            31,east,no     | rows.csv:3: | town
            31,south,maybe | rows.csv:3: | label 'maybe' is outside the classes, which are 'no', 'yes'
            """)
    void aRowThatDoesNotFitIsNamedByFileAndLine(String row, String where, String what) {
        TinyExperiment.write(folder.resolve("rows.csv"), "age,town,ill\n30,north,no\n" + row + "\n40,south,yes\n");
        refused(tiny.runText(TABLE), Failures.FAILED, where, what);
    }

    @Test
    void aTableThatIsNotThere() {
        refused(tiny.runText(TABLE), Failures.FAILED, "rows.csv: no such file");
    }

    @Test
    void aTableWithoutFiles() {
        refused(
                tiny.runText(TABLE, "data.files=null"),
                Failures.USAGE,
                "data.files: a csv source needs at least one file");
    }

    @Test
    void aTableThatIsNamedTwice() {
        TinyExperiment.write(folder.resolve("rows.csv"), "age,town,ill\n30,north,no\n40,south,yes\n");
        refused(
                tiny.runText(TABLE, "data.files=[rows.csv, rows.csv]"),
                Failures.USAGE,
                "other.yaml: data.files: ",
                "rows.csv is named twice, by this or another name: each of its examples would be there twice");
        refused(
                tiny.runText(TABLE, "data.test-files=[rows.csv]"),
                Failures.USAGE,
                "other.yaml: data.test-files: ",
                "rows.csv is among data.files too");
    }

    @Test
    void truncatedImages() throws IOException {
        byte[] images = idx(8, 3, 28, 28);
        idxFiles(Arrays.copyOf(images, images.length - 5), idx(8, 3));
        refused(tiny.runText(IDX), Failures.FAILED, "train-images-idx3-ubyte");
    }

    @Test
    void moreLabelsThanImages() throws IOException {
        idxFiles(idx(8, 3, 28, 28), idx(8, 4));
        refused(tiny.runText(IDX), Failures.FAILED, "4", "3");
    }

    @Test
    void aLabelOutsideTheClasses() throws IOException {
        byte[] labels = idx(8, 3);
        labels[labels.length - 2] = 11;
        idxFiles(idx(8, 3, 28, 28), labels);
        refused(tiny.runText(IDX), Failures.FAILED, "11", "train-labels-idx1-ubyte");
    }

    @Test
    void imagesThatAreNotThere() {
        refused(
                tiny.runText(IDX),
                Failures.FAILED,
                "train-images-idx3-ubyte",
                folder.resolve("images").toString());
    }

    private static final String IDX = "data: {source: idx, path: images, clients: 1}\nclient: {batch-size: 1}\n";

    private void idxFiles(byte[] images, byte[] labels) throws IOException {
        Path into = Files.createDirectories(folder.resolve("images"));
        Files.write(into.resolve("train-images-idx3-ubyte"), images);
        Files.write(into.resolve("train-labels-idx1-ubyte"), labels);
    }

    /** A file of zeros in the layout of the MNIST files. */
    private static byte[] idx(int type, int... dims) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeInt(type << 8 | dims.length);
        int size = 1;
        for (int dim : dims) {
            out.writeInt(dim);
            size *= dim;
        }
        out.write(new byte[size]);
        return bytes.toByteArray();
    }
}
