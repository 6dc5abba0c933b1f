package dev.sotto.coordinator.store;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

final class SessionsTest {
    @Nested
    class OnSqlite extends SessionsContract {
        OnSqlite() {
            super(Databases.SQLITE);
        }
    }

    @Nested
    @Tag("system")
    class OnPostgresql extends SessionsContract {
        OnPostgresql() {
            super(Databases.POSTGRESQL);
        }
    }
}
