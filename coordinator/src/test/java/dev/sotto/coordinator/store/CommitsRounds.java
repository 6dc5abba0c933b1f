package dev.sotto.coordinator.store;

import java.nio.file.Path;
import java.util.List;

/**
 * A process to be killed: goes on with the one session of a database, as a coordinator does after a restart, and says of each
 * round that it is committed when it is.
 */
final class CommitsRounds {
    private CommitsRounds() {}

    /**
     * Works until it is killed, or has written all lines.
     *
     * @param args address of the database and home; with {@code audit}, a name and a number, it writes audit lines only
     */
    public static void main(String[] args) {
        try (Database database = Database.open(args[0], Path.of(args[1]))) {
            if (args.length > 2) {
                audit(database, args[3], Integer.parseInt(args[4]));
            } else {
                rounds(database);
            }
        }
    }

    private static void audit(Database database, String name, int lines) {
        System.out.println("ready");
        for (int line = 1; line <= lines; line++) {
            database.audit().append(name, "wrote", "line " + line, "");
        }
    }

    private static void rounds(Database database) {
        List<String> unfinished = database.sessions().unfinished();
        Lease lease = database.leases()
                .claim(unfinished.get(0), "one", Fixtures.LEASE)
                .orElseThrow();
        int last = database.sessions()
                .interrupted(lease.session())
                .orElseThrow()
                .state()
                .round();
        for (int round = last + 1; ; round++) {
            Fixtures.commit(database, lease, round);
            database.log().say(lease.session(), "a", List.of("round " + round));
            System.out.println(round);
            System.out.flush();
        }
    }
}
