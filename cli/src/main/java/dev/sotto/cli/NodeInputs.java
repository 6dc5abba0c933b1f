package dev.sotto.cli;

import dev.sotto.experiment.ExperimentFile;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.owner.desk.OwnedExamples;
import dev.sotto.owner.desk.OwnerFile;
import dev.sotto.owner.settings.ClientSettings;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The files that describe a node. */
final class NodeInputs {
    @Option(
            names = "--data",
            paramLabel = "FILE",
            required = true,
            description = "node.yaml: which data, what its owner allows, what the node may take of this machine.")
    private Path data;

    @Option(
            names = "--settings",
            paramLabel = "FILE",
            description =
                    "client_settings.yaml with FEDn's keys: this client's own epochs, epsilon and so on, in place of"
                            + " the session's.")
    private Path settings;

    @Option(
            names = "--insecure-test-seed",
            paramLabel = "N",
            description =
                    "Draw everything from a seed, so that nothing is private; only for data marked test-data: true.")
    private Long seed;

    OwnedExamples load() {
        OwnerFile file = OwnerFile.read(data);
        if (seed != null && !file.testData()) {
            throw new ConfigException(file.name()
                    + ": test-data: it must be true with --insecure-test-seed, which takes" + " all privacy away");
        }
        return OwnedExamples.load(file);
    }

    Optional<ClientSettings> settings() {
        return Optional.ofNullable(settings).map(file -> {
            ExperimentFile yaml = ExperimentFile.read(file);
            return ClientSettings.read(yaml.name(), yaml.tree());
        });
    }

    Optional<Long> seed() {
        return Optional.ofNullable(seed);
    }
}
