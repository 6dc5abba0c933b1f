package dev.sotto.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where an owner's ledger and requests are: a node's folder itself, or inside a datasite's data folder. */
final class OwnersHome {
    private OwnersHome() {}

    static Path of(Path home) {
        Path datasite = home.resolve("private").resolve("sotto");
        return Files.isDirectory(datasite) ? datasite : home;
    }
}
