package dev.sotto.coordinator.store;

import dev.sotto.coordinator.store.Transactions.Writing;
import java.time.Duration;
import java.util.Optional;

/**
 * Who runs which session, so that of several coordinators on one database never two run the same. Whoever has a lease renews
 * it well before it is over; one that is over goes to whoever claims it. Thread-safe, also across processes.
 */
public final class Leases {
    private final Transactions transactions;

    Leases(Transactions transactions) {
        this.transactions = transactions;
    }

    private record Row(String owner, long epoch, long expires) {}

    /**
     * Takes a session; empty while another owner has it. What the same owner had before is over: after its process was killed
     * nobody needs to wait.
     */
    public Optional<Lease> claim(String session, String owner, Duration length) {
        return transactions.write(writing -> {
            Optional<Row> row = writing.handle()
                    .createQuery("SELECT owner, epoch, expires FROM leases WHERE session = :session")
                    .bind("session", session)
                    .map((found, context) ->
                            new Row(found.getString("owner"), found.getLong("epoch"), found.getLong("expires")))
                    .findOne();
            if (row.isPresent() && !row.get().owner().equals(owner) && row.get().expires() > writing.now()) {
                return Optional.empty();
            }
            Lease lease = new Lease(session, owner, row.map(Row::epoch).orElse(0L) + 1);
            String sql = row.isPresent()
                    ? "UPDATE leases SET owner = :owner, epoch = :epoch, expires = :expires WHERE session = :session"
                    : "INSERT INTO leases (session, owner, epoch, expires) VALUES (:session, :owner, :epoch, :expires)";
            writing.handle()
                    .createUpdate(sql)
                    .bind("session", session)
                    .bind("owner", owner)
                    .bind("epoch", lease.epoch())
                    .bind("expires", writing.now() + length.toMillis())
                    .execute();
            AuditLog.append(writing, "coordinator", "session claimed", session, owner);
            return Optional.of(lease);
        });
    }

    /** Makes a lease last that long from now on; false if it is lost. */
    public boolean renew(Lease lease, Duration length) {
        return transactions.write(writing -> holds(writing, lease)
                && writing.handle()
                                .createUpdate("UPDATE leases SET expires = :expires WHERE session = :session")
                                .bind("expires", writing.now() + length.toMillis())
                                .bind("session", lease.session())
                                .execute()
                        == 1);
    }

    /** Lets go of a session, for others to claim at once; nothing happens if it is lost. */
    public void release(Lease lease) {
        renew(lease, Duration.ZERO);
    }

    /** Refuses to go on unless the lease holds; over but not taken by anybody is good enough. */
    static void require(Writing writing, Lease lease) {
        if (!holds(writing, lease)) {
            throw new LeaseLostException(lease.session());
        }
    }

    private static boolean holds(Writing writing, Lease lease) {
        return writing.handle()
                        .createQuery(
                                "SELECT COUNT(*) FROM leases WHERE session = :session AND owner = :owner AND epoch = :epoch")
                        .bind("session", lease.session())
                        .bind("owner", lease.owner())
                        .bind("epoch", lease.epoch())
                        .mapTo(Integer.class)
                        .one()
                == 1;
    }
}
