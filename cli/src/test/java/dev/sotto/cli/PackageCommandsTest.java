package dev.sotto.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sotto.experiment.packaging.SessionPackage;
import dev.sotto.experiment.packaging.SigningKey;
import dev.sotto.experiment.run.ModelImport;
import dev.sotto.formats.Npz;
import dev.sotto.formats.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** sotto model seed and import, and sotto package, on files. */
final class PackageCommandsTest {
    @TempDir
    private Path folder;

    private String experiment;

    @BeforeEach
    void write() throws IOException {
        experiment = path("trial.yaml");
        Files.writeString(Path.of(experiment), """
                name: trial
                seed: 5
                data: {source: digits, train: 40, test: 10}
                model: mnist-cnn
                rounds: 3
                client: {batch-size: 8}
                privacy: {example-level: {epsilon: 3}}
                """);
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    private static Sotto good(String... arguments) {
        Sotto said = Sotto.run(arguments);
        assertThat(said.status()).as(said.err()).isZero();
        return said;
    }

    private static void refused(int status, String message, String... arguments) {
        Sotto said = Sotto.run(arguments);
        assertThat(said.err().lines()).hasSize(1);
        assertThat(said.err()).startsWith("sotto: ").contains(message);
        assertThat(said.status()).isEqualTo(status);
        assertThat(said.out()).isEmpty();
    }

    private Sotto create(String out, String... more) {
        return good(Stream.concat(
                        Stream.of(
                                "package",
                                "create",
                                experiment,
                                "--key",
                                path("key.pem"),
                                "--out",
                                path(out),
                                "--json"),
                        Arrays.stream(more))
                .toArray(String[]::new));
    }

    @Test
    void aSeedModelIsWhatASimulationBeginsWith() throws IOException {
        JsonNode said = good("model", "seed", experiment, "--out", path("seed.npz"), "--json")
                .json();
        assertThat(said.path("parameters").asInt()).isEqualTo(26_010);
        assertThat(said.path("seed").asInt()).isEqualTo(5);
        assertThat(Npz.read(folder.resolve("seed.npz")))
                .extracting(Tensor::name)
                .containsExactly("0", "1", "2", "3", "4", "5", "6", "7");
        good("model", "seed", experiment, "--out", path("other.npz"), "--seed", "6");
        assertThat(Files.readAllBytes(folder.resolve("other.npz")))
                .isNotEqualTo(Files.readAllBytes(folder.resolve("seed.npz")));
        refused(2, "seed.npz: it is there already", "model", "seed", experiment, "--out", path("seed.npz"));
        String first = good("model", "seed", experiment, "--out", path("seed.npz"), "--force")
                .out();
        assertThat(first)
                .isEqualTo("wrote " + path("seed.npz") + ": mnist-cnn on 1x28x28, 26,010 parameters in 8 arrays"
                        + System.lineSeparator());
    }

    @Test
    void modelsFromElsewhereAreTakenOver() throws IOException {
        good("model", "seed", experiment, "--out", path("seed.npz"));
        refused(
                2,
                "it has the shapes of mnist-cnn and mnist-cnn-tanh; choose one with --model",
                "model",
                "import",
                path("seed.npz"),
                "--out",
                path("a.npz"));
        JsonNode said = good(
                        "model",
                        "import",
                        path("seed.npz"),
                        "--model",
                        "mnist-cnn-tanh",
                        "--out",
                        path("a.safetensors"),
                        "--json")
                .json();
        assertThat(said.path("model").asText()).isEqualTo("mnist-cnn-tanh");
        assertThat(said.path("input").asText()).isEqualTo("1x28x28");
        good("model", "import", path("a.safetensors"), "--out", path("b.npz"));
        good("model", "import", path("b.npz"), "--model", experiment, "--out", path("c.npz"));
        assertThat(Files.readAllBytes(folder.resolve("c.npz")))
                .isEqualTo(Files.readAllBytes(folder.resolve("seed.npz")));
        refused(
                2,
                "tensor 0: its shape is 16x1x8x8; the model's 1.weight is 10x784",
                "model",
                "import",
                path("seed.npz"),
                "--model",
                "logistic",
                "--out",
                path("d.npz"));
        refused(
                2,
                "unknown preset 'mnist-cn'; did you mean 'mnist-cnn'?",
                "model",
                "import",
                path("seed.npz"),
                "--model",
                "mnist-cn",
                "--out",
                path("d.npz"));
        Files.writeString(folder.resolve("bad.pt"), "no archive");
        refused(2, "bad.pt: archive: not a ZIP archive", "model", "import", path("bad.pt"), "--out", path("d.npz"));
        assertThat(folder.resolve("d.npz")).doesNotExist();
    }

    @Test
    void aPackageIsTheSameEachTime() throws IOException {
        JsonNode first = create("a.zip").json();
        JsonNode second = create("b.zip").json();
        assertThat(first.path("keyCreated").asBoolean()).isTrue();
        assertThat(second.path("keyCreated").asBoolean()).isFalse();
        assertThat(Files.readAllBytes(folder.resolve("a.zip"))).isEqualTo(Files.readAllBytes(folder.resolve("b.zip")));
        assertThat(first.path("sha256")).isEqualTo(second.path("sha256"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("key.pem"))))
                .isEqualTo("rw-------");
        SessionPackage opened = SessionPackage.open(folder.resolve("a.zip"));
        assertThat(opened.terms(2).plan().rounds()).isEqualTo(3);
        assertThat(opened.seed()).isEqualTo(seedOfRun());
    }

    /** The model that a simulation starts from, seen where it ends if nothing is learned. */
    private float[] seedOfRun() throws IOException {
        good(Sotto.with(
                List.of("run", experiment, "--out", path("run")),
                "rounds=1",
                "privacy={}",
                "server.learning-rate=1e-30"));
        return ModelImport.read(folder.resolve("run/model.safetensors"))
                .parameters(SessionPackage.open(folder.resolve("a.zip")).model());
    }

    @Test
    void aPackageCanBeginWithAModelFromElsewhere() throws IOException {
        good("model", "seed", experiment, "--out", path("seed.npz"), "--seed", "77");
        JsonNode said = create("a.zip", "--initial", path("seed.npz")).json();
        assertThat(said.path("seed").isNull()).isTrue();
        SessionPackage opened = SessionPackage.open(folder.resolve("a.zip"));
        assertThat(opened.seed())
                .isEqualTo(ModelImport.read(folder.resolve("seed.npz")).parameters(opened.model()));
    }

    @Test
    void aPackageShowsWhatItAsksFor() {
        create("a.zip");
        Sotto said = good("package", "inspect", path("a.zip"));
        assertThat(said.out()).contains("26,010 parameters", "signed by  ", "1x28x28, 10 classes", "epsilon: 3");
        JsonNode json = good("package", "inspect", path("a.zip"), "--json").json();
        assertThat(json.path("terms").path("rounds").asInt()).isEqualTo(3);
        assertThat(json.path("terms").has("data")).isFalse();
        assertThat(json.path("contract").path("features").toString()).isEqualTo("[1,28,28]");
    }

    @Test
    void aPackageIsVerified() throws IOException {
        String signer = create("a.zip").json().path("signer").asText();
        assertThat(good("package", "verify", path("a.zip")).out()).contains("valid; whose key that is, only you");
        JsonNode said = good("package", "verify", path("a.zip"), "--key", path("key.pem"), "--signer", signer, "--json")
                .json();
        assertThat(said.path("valid").asBoolean()).isTrue();
        assertThat(said.path("trusted").asBoolean()).isTrue();
        SigningKey.create(folder.resolve("other.pem"));
        refused(1, "the key that is trusted is", "package", "verify", path("a.zip"), "--key", path("other.pem"));
        refused(1, "signed with the key " + signer, "package", "verify", path("a.zip"), "--signer", "0".repeat(64));
        refused(2, "a fingerprint is 64 hexadecimal digits", "package", "verify", path("a.zip"), "--signer", "xyz");
        byte[] bytes = Files.readAllBytes(folder.resolve("a.zip"));
        bytes[bytes.length / 2] ^= 1;
        Files.write(folder.resolve("bad.zip"), bytes);
        refused(1, "bad.zip: ", "package", "verify", path("bad.zip"));
        refused(1, "there is no such file", "package", "inspect", path("none.zip"));
    }

    @Test
    void aContractTakesThePlaceOfData() throws IOException {
        Files.writeString(folder.resolve("terms.yaml"), """
                name: hospital
                contract: {features: [12], classes: [well, ill]}
                rounds: 4
                cohort: {min-clients: 5}
                """);
        refused(
                2,
                "cohort.min-clients: 5 is out of range",
                "package",
                "create",
                path("terms.yaml"),
                "--key",
                path("key.pem"),
                "--out",
                path("a.zip"));
        good(
                "package",
                "create",
                path("terms.yaml"),
                "--clients",
                "5",
                "--key",
                path("key.pem"),
                "--out",
                path("a.zip"));
        assertThat(SessionPackage.open(folder.resolve("a.zip")).contract().toString())
                .isEqualTo("12, 2 classes (well, ill)");
    }
}
