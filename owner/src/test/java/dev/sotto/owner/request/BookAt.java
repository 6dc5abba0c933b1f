package dev.sotto.owner.request;

import dev.sotto.owner.ledger.OwnerDatabase;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;

/** The requests of an owner whose clock stands still. */
public final class BookAt {
    private BookAt() {}

    /** At that time. */
    public static RequestBook time(OwnerDatabase database, Path home, Instant now) {
        return new RequestBook(database, home, Clock.fixed(now, ZoneOffset.UTC));
    }
}
