package dev.sotto.cli;

import dev.sotto.formats.config.ConfigException;
import dev.sotto.page.OwnersPage;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Whether the owner's page is shown, and where. */
final class PageOptions {
    private static final int LAST_PORT = 65_535;

    @Option(
            names = "--ui",
            description = "Show the owner's page to a browser on this machine: requests to decide on, the ledger as a"
                    + " picture, what trains now. Its address is printed; it lets in once.")
    private boolean ui;

    @Option(names = "--ui-port", paramLabel = "N", description = "The page's port; by default any that is free.")
    private Integer port;

    /** The page while it is shown, or nothing. */
    record Shown(Optional<OwnersPage> page) implements AutoCloseable {
        /** Where its owner comes in, once. */
        Optional<String> address() {
            return page.map(OwnersPage::address);
        }

        @Override
        public void close() throws IOException {
            if (page.isPresent()) {
                page.get().close();
            }
        }
    }

    /** Says what cannot be, before anything is opened. */
    void check() {
        if (port != null && !ui) {
            throw new ConfigException("--ui-port " + port + ": there is no page without --ui; give both");
        }
        if (port != null && (port < 0 || port > LAST_PORT)) {
            throw new ConfigException(
                    "--ui-port " + port + ": it must be from 0, for any that is free, to " + LAST_PORT);
        }
    }

    /** Shows the page, if it is asked for. */
    Shown show(OwnersPage.Subject subject) {
        return show(subject, Optional.empty());
    }

    /**
     * The same.
     *
     * @param usual port, if no other is asked for
     */
    Shown show(OwnersPage.Subject subject, Optional<Integer> usual) {
        int chosen = Optional.ofNullable(port).or(() -> usual).orElse(0);
        return new Shown(ui ? Optional.of(OwnersPage.open(subject, chosen)) : Optional.empty());
    }
}
