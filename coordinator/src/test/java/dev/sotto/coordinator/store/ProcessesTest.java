package dev.sotto.coordinator.store;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

@Tag("system")
final class ProcessesTest {
    @Nested
    class OnSqlite extends ProcessesContract {
        OnSqlite() {
            super(Databases.SQLITE);
        }
    }

    @Nested
    class OnPostgresql extends ProcessesContract {
        OnPostgresql() {
            super(Databases.POSTGRESQL);
        }
    }
}
