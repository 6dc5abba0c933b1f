package dev.sotto.cli;

import dev.sotto.formats.ShellWord;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.owner.Owner;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** Where the ledger is that a command looks at. */
final class LedgerHome {
    /** Where a datasite keeps it, in its data folder. */
    private static final Path DATASITE = Path.of("private", "sotto");

    @Option(
            names = "--home",
            paramLabel = "DIR",
            defaultValue = "node",
            description = "The node's folder, or a datasite's data folder; by default ${DEFAULT-VALUE}.")
    private Path home;

    /** Opens it; a node may run there at the same time. */
    Owner open() {
        return open(home);
    }

    /** Opens what an owner keeps in a node's folder, or in the data folder of a datasite. */
    static Owner open(Path home) {
        Path folder = Stream.of(home, home.resolve(DATASITE))
                .filter(each -> Files.exists(Owner.ledgerFile(each)))
                .findFirst()
                .orElseThrow(() ->
                        new ConfigException(home + ": there is no ledger; it is written by 'sotto node start --home "
                                + ShellWord.of(home) + "' once it has loaded its data, or --home is another folder"));
        return Owner.open(folder);
    }
}
