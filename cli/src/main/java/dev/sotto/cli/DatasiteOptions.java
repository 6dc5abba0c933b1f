package dev.sotto.cli;

import dev.sotto.folders.Datasite;
import dev.sotto.folders.Email;
import dev.sotto.folders.config.DatasiteFile;
import dev.sotto.folders.config.DotEnv;
import dev.sotto.formats.config.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Which datasite a command is about: by flags, else by a {@code .env} in the working directory. */
final class DatasiteOptions {
    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description =
                    "The data folder: private/ is in it and, usually, the synced tree datasites/. Else DATA_DIR in .env.")
    private Path dataDir;

    @Option(
            names = {"--config", "--config-path", "--config_path"},
            paramLabel = "FILE",
            description = "Its datasite.yaml; by default DIR/private/datasite.yaml. Else CONFIG_PATH in .env.")
    private Path config;

    @Option(names = "--email", paramLabel = "EMAIL", description = "Whose datasite it is. Else EMAIL in .env.")
    private String email;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description =
                    "Of the owner's page, which 'sotto datasite run --ui' shows on this machine only; federation over"
                            + " folders opens no port. Else PORT in .env.")
    private Integer port;

    private DotEnv environment;

    /** Read when it is asked for: other commands must not mind what is in it. */
    private DotEnv environment() {
        if (environment == null) {
            environment = DotEnv.in(Path.of(""));
        }
        return environment;
    }

    Optional<String> email() {
        return Optional.ofNullable(email).or(() -> environment().email());
    }

    Optional<Integer> port() {
        if (port != null && (port < 0 || port > 65_535)) {
            throw new ConfigException("--port " + port + ": it must be 0 to 65535");
        }
        return Optional.ofNullable(port).or(() -> environment().port());
    }

    Optional<Path> dataDir() {
        return Optional.ofNullable(dataDir).or(() -> environment().dataDir());
    }

    /** The settings file that was named; SyftBox's own client has a JSON file, which is not ours. */
    Optional<Path> config() {
        return Optional.ofNullable(config)
                .or(() -> Optional.ofNullable(dataDir).map(DatasiteFile::usual))
                .or(() -> environment().config())
                .filter(file -> !SyftBoxFile.is(file));
    }

    /** SyftBox's own settings, if those were named. */
    Optional<SyftBoxFile> syftBox() {
        return Optional.ofNullable(config)
                .or(() -> environment().config())
                .filter(SyftBoxFile::is)
                .map(SyftBoxFile::read);
    }

    /** The settings of a datasite that was made. */
    DatasiteFile file() {
        Path file = config().or(() -> dataDir()
                        .or(() -> syftBox().flatMap(SyftBoxFile::dataDir))
                        .map(DatasiteFile::usual))
                .orElseThrow(() ->
                        new ConfigException("which datasite? give --data-dir DIR or --config datasite.yaml, or run"
                                + " this beside a .env that has DATA_DIR"));
        if (!Files.exists(file)) {
            throw new ConfigException(
                    file + ": there is no such file; make a datasite with 'sotto datasite init --email EMAIL"
                            + " --data-dir DIR'");
        }
        DatasiteFile read = DatasiteFile.read(file);
        email().map(Email::of).filter(own -> !own.equals(read.email())).ifPresent(other -> {
            throw new ConfigException(file + ": email: it is " + read.email() + ", and " + other
                    + " was asked for; name that one's data folder");
        });
        return read;
    }

    /** The datasite that a file is about. */
    static Datasite open(DatasiteFile file) {
        Datasite datasite = Datasite.open(file.dataDir());
        if (!datasite.email().equals(file.email())) {
            throw new ConfigException(file.name() + ": email: it is " + file.email() + ", and the datasite in "
                    + file.dataDir() + " is that of " + datasite.email());
        }
        return datasite;
    }
}
