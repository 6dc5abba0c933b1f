package dev.sotto.coordinator.session;

import dev.sotto.coordinator.PostgresServer;
import dev.sotto.coordinator.store.Database;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

final class ClientLevelSessionsTest {
    @Nested
    class OnSqlite extends ClientLevelSessionsContract {
        @Override
        String database(Path home) {
            return Database.inHome(home);
        }
    }

    @Nested
    @Tag("system")
    class OnPostgresql extends ClientLevelSessionsContract {
        @Override
        String database(Path home) {
            return PostgresServer.shared().database();
        }
    }
}
