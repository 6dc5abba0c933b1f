package dev.sotto.folders.owner;

import dev.sotto.folders.Email;
import dev.sotto.owner.ledger.SessionKey;

/**
 * A project that the owner was asked for, as the private tree keeps it.
 *
 * @param session id of this run of it, given by the aggregator
 * @param project name of its folders
 * @param aggregator who asks
 * @param authority SHA-256 of the aggregator's signing key, in hexadecimal
 * @param clients that it is planned for
 * @param packageDigest in hexadecimal
 * @param packageBytes how many
 * @param round of the last task that was taken; 0 before the first
 * @param evaluated round of the last evaluation that was taken
 * @param ending as the aggregator told it; empty while it is not over
 * @param rounds after which there is a model; 0 for none
 * @param overAt when it was heard that it is over, in milliseconds of the epoch
 * @param sealed whether its record is
 */
record AskedProject(
        String session,
        String project,
        String aggregator,
        String authority,
        int clients,
        String packageDigest,
        long packageBytes,
        int round,
        int evaluated,
        String ending,
        int rounds,
        long overAt,
        boolean sealed) {

    /** AskedProject for the first time. */
    static AskedProject of(
            String session,
            String project,
            Email aggregator,
            String authority,
            int clients,
            String packageDigest,
            long packageBytes) {
        return new AskedProject(
                session,
                project,
                aggregator.text(),
                authority,
                clients,
                packageDigest,
                packageBytes,
                0,
                0,
                "",
                0,
                0,
                false);
    }

    /** Names the project among all that were asked: another aggregator's may be called the same. */
    String id() {
        return authority.substring(0, 16) + "-" + session;
    }

    Email by() {
        return new Email(aggregator);
    }

    SessionKey key() {
        return new SessionKey(aggregator, session);
    }

    boolean over() {
        return !ending.isEmpty();
    }

    /** Whether an offer asks for the same. */
    boolean asksFor(AskedProject other) {
        return clients == other.clients
                && packageBytes == other.packageBytes
                && packageDigest.equals(other.packageDigest);
    }

    AskedProject asking(AskedProject other) {
        return new AskedProject(
                session,
                project,
                aggregator,
                authority,
                other.clients,
                other.packageDigest,
                other.packageBytes,
                round,
                evaluated,
                ending,
                rounds,
                overAt,
                sealed);
    }

    AskedProject at(int trained, int found) {
        return with(trained, found, ending, rounds, overAt, sealed);
    }

    AskedProject over(String how, int released, long when) {
        return with(round, evaluated, how, released, when, sealed);
    }

    AskedProject withSeal() {
        return with(round, evaluated, ending, rounds, overAt, true);
    }

    private AskedProject with(int trained, int found, String how, int released, long when, boolean withSeal) {
        return new AskedProject(
                session,
                project,
                aggregator,
                authority,
                clients,
                packageDigest,
                packageBytes,
                trained,
                found,
                how,
                released,
                when,
                withSeal);
    }
}
