package dev.sotto.coordinator.identity;

import dev.sotto.coordinator.PostgresServer;
import dev.sotto.coordinator.store.Database;
import java.nio.file.Path;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

final class IdentitiesTest {
    @Nested
    class OnSqlite extends IdentitiesContract {
        @Override
        String url(Path home) {
            return Database.inHome(home);
        }
    }

    @Nested
    @Tag("system")
    class OnPostgresql extends IdentitiesContract {
        private String url;

        @Override
        String url(Path home) {
            if (url == null) {
                url = PostgresServer.shared().database();
            }
            return url;
        }
    }
}
