package dev.sotto.cli;

import dev.sotto.formats.config.ConfigException;
import dev.sotto.owner.Owner;
import dev.sotto.owner.request.Request;
import dev.sotto.owner.request.RequestException;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Where the requests are that a command looks at, and how it answers. */
final class RequestHome {
    @Option(
            names = "--home",
            paramLabel = "DIR",
            defaultValue = "node",
            description = "The node's folder, or a datasite's data folder; by default ${DEFAULT-VALUE}.")
    private Path home;

    @Option(names = "--json", description = "Print exactly one JSON object on standard output.")
    private boolean json;

    boolean json() {
        return json;
    }

    /** Opens it; a node may run there at the same time. */
    Owner open() {
        return LedgerHome.open(home);
    }

    /** One of them. */
    static Request find(Owner owner, String id) {
        try {
            return owner.requests().find(id);
        } catch (RequestException e) {
            throw new ConfigException(e.getMessage());
        }
    }
}
