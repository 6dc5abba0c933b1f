package dev.sotto.cli;

import dev.sotto.folders.Datasite;
import dev.sotto.folders.Email;
import dev.sotto.folders.config.DatasiteFile;
import dev.sotto.formats.ShellWord;
import dev.sotto.formats.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** sotto datasite init. */
@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description = {
            "Make a datasite: its folders, its keys, and a datasite.yaml to change. One that is there is kept as it is.",
            "Beside a .env with EMAIL, DATA_DIR, CONFIG_PATH and PORT it needs no flags."
        },
        footer = {
            "",
            "Examples:",
            "  sotto datasite init --email you@example.org --data-dir ~/SyftBox",
            "  sotto datasite init --email you@example.org --data-dir fl --synced /mnt/fl"
        })
final class DatasiteInitCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private DatasiteOptions options;

    @Option(
            names = "--synced",
            paramLabel = "DIR",
            description = "The folder that all datasites share; by default datasites in the data folder.")
    private Path synced;

    @Option(
            names = "--folder",
            paramLabel = "app_data|api_data",
            description =
                    "What the folder of applications is called in the synced tree; by default api_data where that is there"
                            + " already, else app_data.")
    private String folder;

    @Option(names = "--json", description = "Print exactly one JSON object on standard output.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Optional<SyftBoxFile> theirs = options.syftBox();
        Email email = Email.of(options.email()
                .or(() -> theirs.flatMap(SyftBoxFile::email))
                .orElseThrow(() -> new ConfigException("--email: it is required: whose datasite this is")));
        Path dataDir = options.dataDir()
                .or(() -> theirs.flatMap(SyftBoxFile::dataDir))
                .orElseThrow(() -> new ConfigException("--data-dir: it is required: the folder to make it in"));
        Path file = options.config().orElseGet(() -> DatasiteFile.usual(dataDir));
        Optional<DatasiteFile> kept = Files.exists(file) ? Optional.of(DatasiteFile.read(file)) : Optional.empty();
        kept.filter(read -> !read.email().equals(email)).ifPresent(read -> {
            throw new ConfigException(file + ": email: it is " + read.email() + ", and " + email + " was asked for");
        });
        String applications = kept.map(DatasiteFile::folder).orElseGet(() -> folder(email, dataDir));
        Optional<Path> tree = kept.map(DatasiteFile::synced).orElse(Optional.ofNullable(synced));
        Datasite datasite = Datasite.init(dataDir, email, tree, applications);
        if (kept.isEmpty()) {
            DatasiteFile.write(file, email, dataDir, tree, applications, options.port());
        }
        say(datasite, file, kept.isPresent(), applications);
        return 0;
    }

    private String folder(Email email, Path dataDir) {
        Path own =
                Optional.ofNullable(synced).orElse(dataDir.resolve("datasites")).resolve(email.text());
        boolean theirs =
                Files.isDirectory(own.resolve(Datasite.API_DATA)) && !Files.isDirectory(own.resolve(Datasite.APP_DATA));
        return Optional.ofNullable(folder).orElse(theirs ? Datasite.API_DATA : Datasite.APP_DATA);
    }

    private void say(Datasite datasite, Path file, boolean kept, String applications) {
        Path mine = datasite.privateTree().resolve("fl_client");
        Path shown = datasite.synced().resolve(datasite.email().text()).resolve(applications);
        String fingerprint = datasite.card().fingerprint();
        if (json) {
            Console.of(spec)
                    .result(Answers.object()
                            .put("email", datasite.email().text())
                            .put("dataDir", datasite.data().toString())
                            .put("config", file.toString())
                            .put("privateData", mine.toString())
                            .put("synced", shown.toString())
                            .put("fingerprint", fingerprint)
                            .toString());
            return;
        }
        Console.of(spec)
                .result(String.join(
                        System.lineSeparator(),
                        List.of(
                                "datasite      " + datasite.email(),
                                "settings      " + file + (kept ? " (was there, kept)" : ""),
                                "private data  " + mine + ": your .pt files, and the projects that ask for them",
                                "synced        " + shown,
                                "fingerprint   " + fingerprint,
                                "",
                                "Tell the others your fingerprint by telephone, say; they run",
                                "  sotto datasite trust " + datasite.email() + " " + fingerprint,
                                "Then: sotto datasite run --data-dir " + ShellWord.of(datasite.data()))));
    }
}
