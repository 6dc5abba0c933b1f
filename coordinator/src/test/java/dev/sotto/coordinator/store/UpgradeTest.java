package dev.sotto.coordinator.store;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

final class UpgradeTest {
    @Nested
    class OnSqlite extends UpgradeContract {
        OnSqlite() {
            super(Databases.SQLITE);
        }
    }

    @Nested
    @Tag("system")
    class OnPostgresql extends UpgradeContract {
        OnPostgresql() {
            super(Databases.POSTGRESQL);
        }
    }
}
