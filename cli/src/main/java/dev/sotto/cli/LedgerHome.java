package dev.sotto.cli;

import dev.sotto.formats.config.ConfigException;
import dev.sotto.owner.Owner;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where the ledger is that a command looks at. */
final class LedgerHome {
    @Option(
            names = "--home",
            paramLabel = "DIR",
            defaultValue = "node",
            description = "The node's folder, or a datasite's data folder; by default ${DEFAULT-VALUE}.")
    private Path home;

    /** Opens it; a node may run there at the same time. */
    Owner open() {
        if (!Files.exists(Owner.ledgerFile(OwnersHome.of(home)))) {
            throw new ConfigException(home + ": there is no ledger; it is written by 'sotto node start --home " + home
                    + "', or --home is another folder");
        }
        return Owner.open(OwnersHome.of(home));
    }
}
