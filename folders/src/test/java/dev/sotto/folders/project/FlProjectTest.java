package dev.sotto.folders.project;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.data.Shape;
import dev.sotto.experiment.packaging.SessionPackage;
import dev.sotto.experiment.run.ModelImport;
import dev.sotto.folders.Email;
import dev.sotto.folders.Launch;
import dev.sotto.folders.LaunchRules;
import dev.sotto.formats.TorchExamples;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.learning.Initialization;
import dev.sotto.learning.Loss;
import dev.sotto.learning.ModelSpec;
import dev.sotto.learning.OptimizerSpec;
import dev.sotto.learning.Presets;
import dev.sotto.privacy.random.Randomness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Projects as people of SyftBox write them become sessions, or one line says why not. */
final class FlProjectTest {
    private static final ModelSpec MODEL = Presets.named("mlp-784-128-10", Shape.of(1, 28, 28), 10, Loss.CROSS_ENTROPY);
    private static final float[] PARAMETERS = Initialization.draw(MODEL, Randomness.seeded(3).stream("test"));
    private static final LaunchRules USUAL = LaunchRules.usual(2);
    private static final String CONFIG = """
            {
              "project_name": "My Cool Fl Project",
              "aggregator": "Aggregator@OpenMined.org",
              "participants": ["a@openmined.org", "b@openmined.org", "c@openmined.org"],
              "model_arch": "model.py",
              "model_class_name": "FLModel",
              "model_weight": "global_model_weight.npz",
              "test_dataset": "mnist_test_dataset.pt",
              "rounds": 3,
              "epoch": 10,
              "learning_rate": 0.1,
              "privacy": {"example_level": {"epsilon": 3, "max_grad_norm": 1.5}}
            }
            """;

    @TempDir
    Path folder;

    @BeforeEach
    void project() throws IOException {
        write(CONFIG);
        Files.writeString(folder.resolve("model.py"), "import os; os.system('touch ran')");
        ModelImport.write(folder.resolve("global_model_weight.npz"), MODEL, PARAMETERS);
        new TorchExamples(List.of(2, 1, 28, 28), new float[2 * 784], new int[] {0, 9}, false)
                .write(folder.resolve("mnist_test_dataset.pt"));
    }

    private void write(String config) throws IOException {
        Files.writeString(folder.resolve(FlConfig.NAME), config);
    }

    private Launch launched(boolean confirmed) throws IOException {
        return new FlLaunchReader(Email.of("aggregator@openmined.org"), USUAL, folder, confirmed)
                .read("My-Cool-Fl-Project", folder);
    }

    private void refused(String message) {
        assertThatThrownBy(() -> launched(true))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(folder + "/fl_config.json: ")
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    @Test
    void theirConfigBecomesASession() throws Exception {
        Launch launch = launched(true);
        assertThat(launch.participants())
                .extracting(Email::text)
                .containsExactly("a@openmined.org", "b@openmined.org", "c@openmined.org");
        assertThat(launch.initial()).isEqualTo(PARAMETERS);
        assertThat(launch.shown())
                .extracting(path -> path.getFileName().toString())
                .containsExactly("fl_config.json", "global_model_weight.npz", "model.py");
        assertThat(launch.testData()).isPresent();
        assertThat(launch.rules().minClients()).isEqualTo(2);
        byte[] bytes = SessionPackage.create(
                launch.draft(),
                launch.initial(),
                KeyPairGenerator.getInstance("Ed25519").generateKeyPair());
        var plan = SessionPackage.open(bytes).terms(3).plan();
        assertThat(plan.name()).isEqualTo("My Cool Fl Project");
        assertThat(plan.rounds()).isEqualTo(3);
        var training = plan.training().first();
        assertThat(training.epochs()).isEqualTo(10);
        assertThat(training.batchSize()).isEqualTo(64);
        assertThat(training.optimizer()).isEqualTo(new OptimizerSpec.Sgd(0.1, 0, 0));
        assertThat(plan.model().loss()).isEqualTo(Loss.CROSS_ENTROPY);
        assertThat(plan.privacy().orElseThrow().epsilon().orElseThrow().value()).isEqualTo(3);
        assertThat(folder.resolve("ran")).doesNotExist();
    }

    @Test
    void anArchitectureFromWeightsAloneMustBeConfirmed() throws IOException {
        assertThatThrownBy(() -> launched(false))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(
                        "model: it is not stated; the weights fit preset mlp-784-128-10: 1x28x28 -> flatten ->"
                                + " linear 128 -> relu -> linear 10, 101770 parameters")
                .hasMessageContaining("or add \"model\": \"mlp-784-128-10\"");
        FlProject project = FlProject.read(folder);
        write(project.stating(MODEL, Optional.of("mlp-784-128-10")).toString());
        assertThat(launched(false).draft().model()).isEqualTo(MODEL);
        write(project.stating(MODEL, Optional.empty()).toString());
        assertThat(launched(false).draft().model().layers()).isEqualTo(MODEL.layers());
    }

    @Test
    void withoutPrivacyItIsSaidWhatOwnersMind() throws IOException {
        assertThat(FlProject.read(folder).warning()).isEmpty();
        write(CONFIG.replaceFirst("(?s),\\s*\"privacy\".*\\}\\}", ""));
        assertThat(FlProject.read(folder).warning().orElseThrow())
                .contains("privacy: it is not set")
                .contains("require: none")
                .contains("{\"example_level\": {\"epsilon\": 3}}");
        assertThat(launched(true).draft().terms().has("privacy")).isFalse();
    }

    @Test
    void howLongToWaitMayBeSaid() throws IOException {
        write(CONFIG.replace(
                "\"rounds\"", "\"min_clients\": 1, \"round_timeout\": \"5m\", \"gather_timeout\": \"2d\", \"rounds\""));
        assertThat(launched(true).rules()).isEqualTo(new LaunchRules(1, Duration.ofDays(2), Duration.ofMinutes(5), 0));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            "rounds": 3         | "rouns": 3                   | rounds: it is required: how many rounds to train
            "epoch"             | "epochs"                     | epoch: it is required
            "rounds": 3         | "rounds": 0                  | rounds: 0 is out of range; it must be at least 1
            "rounds": 3         | "rounds": 3, "rounds": 4     | not JSON: Duplicate field 'rounds'
            "rounds": 3         | "rounds": 3, "foo": 4        | foo: unknown key; valid here: project_name, aggregator
            "rounds": 3         | "rounds": 3, "lr": 4         | lr: unknown key; did you mean 'learning_rate'?
            "rounds": 3         | "rounds": 3, "batch-size": 4 | batch-size: unknown key; did you mean 'batch_size'?
            0.1                 | -1                           | learning_rate: -1 is out of range
            "b@openmined.org"   | "A@openmined.org"            | participants: a@openmined.org is there twice
            "b@openmined.org"   | "../etc"                     | participants: '../etc' is no email address
            ["a@openmined.org", "b@openmined.org", "c@openmined.org"] | [] | participants: 0 are named
            "Aggregator@OpenMined.org" | "other@openmined.org" | aggregator: it is other@openmined.org, and this datasite is aggregator@openmined.org
            "model.py"          | "../model.py"                | model_arch: '../model.py' is not valid; it must be the name of a file
            "model.py"          | "other.py"                   | model_arch: there is no file
            global_model_weight.npz | absent.pt                | model_weight: there is no file
            mnist_test_dataset.pt | absent.pt                  | test_dataset:
            My Cool Fl Project  | Other                        | project_name: it is 'Other', and the folder is called My-Cool-Fl-Project; call it Other
            "max_grad_norm"     | "max_grad_nrm"               | privacy.example_level.max_grad_nrm: unknown key; did you mean 'max_grad_norm'?
            "max_grad_norm"     | "max-grad-norm"              | privacy.example_level.max-grad-norm: unknown key; did you mean 'max_grad_norm'?
            "epsilon": 3        | "epsilon": 0                 | privacy.example_level.epsilon: 0 is out of range
            "rounds": 3         | "rounds": 3, "model": "lenett" | model: unknown preset 'lenett'; did you mean 'lenet'?
            "rounds": 3         | "rounds": 3, "model": "mnist-cnn" | tensor 0: its shape is 128x784; the model's 0.weight is 16x1x8x8
            "rounds": 3         | "rounds": 3, "min_clients": 4 | min_clients: 4 is out of range
            "rounds": 3         | "rounds": 3, "round_timeout": "soon" | round_timeout: expected a time such as 30s
            "rounds": 3         | "rounds": 3, "contract": {"features": [28, 28], "classes": 10} | data contract: an example has the shape 1x28x28, and the session needs 28x28
            """)
    void whatCannotBeIsSaidInOneLine(String before, String after, String message) throws IOException {
        write(CONFIG.replace(before, after));
        refused(message);
    }

    @Test
    void whatIsNoConfigIsRefused() throws IOException {
        write("not json");
        refused("not JSON");
        write("[]");
        refused("expected one JSON object");
        write(" ".repeat((1 << 20) + 1));
        refused("it has more than 1048576 bytes");
        Files.delete(folder.resolve(FlConfig.NAME));
        refused("there is no such file");
    }

    @Test
    void testDataOfAnotherShapeIsRefusedBeforeAnybodyTrains() throws IOException {
        new TorchExamples(List.of(2, 3), new float[6], new int[] {0, 9}, false)
                .write(folder.resolve("mnist_test_dataset.pt"));
        refused("test_dataset: data contract: an example has the shape 3, and the session needs 1x28x28");
    }
}
