package dev.sotto.cli;

import dev.sotto.experiment.ExperimentFile;
import dev.sotto.experiment.packaging.SessionDraft;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.privacy.random.Randomness;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The experiment that a session is drafted from, and where its initial parameters come from. */
final class DraftOptions {
    @Parameters(
            paramLabel = "EXPERIMENT.yaml",
            description =
                    "What is trained, and how. Its section data tells what clients' data is like; where there is no "
                            + "data to look at, write contract: {features: [1, 28, 28], classes: 10} in its place.")
    private Path file;

    @Option(
            names = "--set",
            paramLabel = "KEY.PATH=VALUE",
            description = "Change a setting of the experiment; may be given many times.")
    private List<String> settings = new ArrayList<>();

    @Option(
            names = "--seed",
            paramLabel = "N",
            description =
                    "Draw the initial parameters from a seed, by default the experiment's: those that 'sotto run' "
                            + "begins with under this seed. Initial parameters are public either way.")
    private Long seed;

    @Option(
            names = "--clients",
            paramLabel = "N",
            defaultValue = "2",
            description = "With contract: for how many clients to check the settings. Default: ${DEFAULT-VALUE}")
    private int clients;

    /** An experiment drafted as a session. */
    record Drafted(SessionDraft draft, Optional<Long> seed) {
        float[] initial() {
            return draft.initial(seed.map(Randomness::seeded).orElseGet(Randomness::secret));
        }
    }

    Drafted read(Console console) {
        if (clients < 1) {
            throw new ConfigException("--clients " + clients + ": it must be at least 1");
        }
        return read(ExperimentFile.read(file).with(settings), clients, Optional.ofNullable(seed), console);
    }

    static Drafted read(ExperimentFile experiment, int clients, Optional<Long> seed, Console console) {
        SessionDraft draft =
                SessionDraft.of(experiment, experiment.context().withProgress(new DownloadProgress(console)), clients);
        Optional<Long> own = Optional.ofNullable(experiment.tree().get("seed"))
                .filter(value -> value.canConvertToLong())
                .map(value -> value.longValue());
        return new Drafted(draft, seed.or(() -> own));
    }

    /** Refuses to write over a file, unless told to. */
    static void requireFree(Path out, boolean force) {
        if (Files.exists(out) && !force) {
            throw new ConfigException(
                    out + ": it is there already; name another file with --out, or replace it with --force");
        }
        Path parent = out.toAbsolutePath().getParent();
        if (parent == null || !Files.isDirectory(parent)) {
            throw new ConfigException(out + ": there is no folder to write it into");
        }
    }
}
