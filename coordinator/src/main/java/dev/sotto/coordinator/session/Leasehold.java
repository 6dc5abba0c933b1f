package dev.sotto.coordinator.session;

import dev.sotto.coordinator.store.Lease;
import dev.sotto.coordinator.store.Leases;
import java.time.Duration;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/** This process's rights to run sessions, where several may work on one database. */
final class Leasehold {
    /** How long another process waits before it takes over from one that died. */
    static final Duration LENGTH = Duration.ofMinutes(1);

    private static final Logger LOG = Logger.getLogger(Leasehold.class.getName());

    private final Leases leases;
    private final String owner;

    /**
     * Nothing yet.
     *
     * @param owner the same for every start of this coordinator, and another's for nobody
     */
    Leasehold(Leases leases, String owner) {
        this.leases = leases;
        this.owner = owner;
    }

    /** The right to run a session; empty while another process has it. */
    Optional<Lease> claim(String session) {
        return leases.claim(session, owner, LENGTH);
    }

    /** Whether a right still holds; a database that does not answer takes none away. */
    boolean keep(Lease lease) {
        try {
            return leases.renew(lease, LENGTH);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "session " + lease.session() + ": its lease could not be renewed", e);
            return true;
        }
    }

    void release(Lease lease) {
        try {
            leases.release(lease);
        } catch (RuntimeException e) {
            LOG.log(Level.FINE, "a lease could not be released: it will be over by itself", e);
        }
    }
}
