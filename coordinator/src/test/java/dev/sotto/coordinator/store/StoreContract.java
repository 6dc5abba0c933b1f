package dev.sotto.coordinator.store;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A database with nothing in it, of one kind or the other. */
abstract class StoreContract {
    @TempDir
    Path home;

    private final Databases kind;
    String url;
    Database database;

    StoreContract(Databases kind) {
        this.kind = kind;
    }

    @BeforeEach
    void openDatabase() {
        url = kind.fresh(home);
        database = Database.open(url, home);
    }

    @AfterEach
    void closeDatabase() {
        database.close();
    }

    /** As after a restart. */
    void reopen() {
        database.close();
        database = Database.open(url, home);
    }

    /** Changes a table behind everybody's back. */
    void tamper(String sql) {
        Transactions transactions = new Transactions(Dialect.of(url));
        transactions.write(writing -> writing.handle().execute(sql));
        transactions.close();
    }
}
