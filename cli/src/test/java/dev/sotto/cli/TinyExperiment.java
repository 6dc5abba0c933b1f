package dev.sotto.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An experiment that runs in a blink: two clients with twenty rows each, ten parameters, two rounds. */
final class TinyExperiment {
    static final String YAML = """
            name: tiny
            data: {source: generated, train: 40, test: 20, clients: 2, features: 4}
            model: logistic
            rounds: 2
            client: {batch-size: 10}
            privacy:
              example-level: {epsilon: 3, delta: 1e-3}
            """;

    private final Path folder;
    private final Path file;

    TinyExperiment(Path folder) {
        this.folder = folder;
        this.file = write(folder.resolve("tiny.yaml"), YAML);
    }

    static Path write(Path file, String text) {
        try {
            return Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it lies. */
    Path file() {
        return file;
    }

    /** Where its runs go. */
    Path runs() {
        return folder.resolve("run");
    }

    /** {@code sotto run} on it. */
    Sotto run(String... settings) {
        return runWith(List.of(), settings);
    }

    /** {@code sotto run} on it with further arguments. */
    Sotto runWith(List<String> arguments, String... settings) {
        return run(file, arguments, settings);
    }

    /** {@code sotto run} on another file beside it. */
    Sotto runText(String yaml, String... settings) {
        return run(write(folder.resolve("other.yaml"), yaml), List.of(), settings);
    }

    private Sotto run(Path experiment, List<String> arguments, String... settings) {
        List<String> all = new ArrayList<>(List.of("run", experiment.toString()));
        if (!arguments.contains("--out")) {
            all.addAll(List.of("--out", runs().toString()));
        }
        all.addAll(arguments);
        return Sotto.run(Sotto.with(all, settings));
    }
}
