package dev.sotto.coordinator.store;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

final class AuditLogTest {
    @Nested
    class OnSqlite extends AuditLogContract {
        OnSqlite() {
            super(Databases.SQLITE);
        }
    }

    @Nested
    @Tag("system")
    class OnPostgresql extends AuditLogContract {
        OnPostgresql() {
            super(Databases.POSTGRESQL);
        }
    }
}
