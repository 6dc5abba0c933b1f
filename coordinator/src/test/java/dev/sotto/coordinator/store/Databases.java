package dev.sotto.coordinator.store;

import dev.sotto.coordinator.PostgresServer;
import java.nio.file.Path;

/** The kinds of databases that everything is tested on. */
enum Databases {
    SQLITE {
        @Override
        String fresh(Path home) {
            return Database.inHome(home);
        }
    },
    POSTGRESQL {
        @Override
        String fresh(Path home) {
            return PostgresServer.shared().database();
        }
    };

    /** Address of a database with nothing in it. */
    abstract String fresh(Path home);
}
