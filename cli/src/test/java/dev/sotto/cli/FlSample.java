package dev.sotto.cli;

import dev.sotto.data.Shape;
import dev.sotto.experiment.run.ModelImport;
import dev.sotto.learning.Initialization;
import dev.sotto.learning.Loss;
import dev.sotto.learning.ModelSpec;
import dev.sotto.learning.Presets;
import dev.sotto.privacy.random.Randomness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** A project as people of SyftBox write it. */
final class FlSample {
    static final String AGGREGATOR = "aggregator@example.org";

    private FlSample() {}

    /** Writes the project's folder: config, weights and an architecture that would leave a trace if it were run. */
    static Path write(Path folder, String name, List<String> participants, int rounds, int epoch, String more)
            throws IOException {
        Files.createDirectories(folder);
        String quoted = participants.stream().map(each -> "\"" + each + "\"").collect(Collectors.joining(", "));
        Files.writeString(
                folder.resolve("fl_config.json"), """
                {
                  "project_name": "%s",
                  "aggregator": "%s",
                  "participants": [%s],
                  "model_arch": "model.py",
                  "model_class_name": "FLModel",
                  "model_weight": "global_model_weight.npz",
                  "test_dataset": "mnist_test_dataset.pt",
                  "rounds": %d,
                  "learning_rate": 0.5,
                  "epoch": %d%s
                }
                """.formatted(name, AGGREGATOR, quoted, rounds, epoch, more));
        Files.writeString(
                folder.resolve("model.py"), "open('%s', 'w').write('ran')\n".formatted(folder.resolve("ran")));
        ModelSpec model = Presets.named("mlp-784-128-10", Shape.of(1, 28, 28), 10, Loss.CROSS_ENTROPY);
        ModelImport.write(
                folder.resolve("global_model_weight.npz"),
                model,
                Initialization.draw(model, Randomness.seeded(3).stream("test")));
        return folder;
    }
}
