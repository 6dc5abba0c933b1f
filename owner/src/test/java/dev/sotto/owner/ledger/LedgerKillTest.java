package dev.sotto.owner.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.privacy.Delta;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.accounting.AccountantChoice;
import dev.sotto.privacy.accounting.RdpAccountant;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.Gaussian;
import dev.sotto.privacy.event.SelfComposed;
import dev.sotto.privacy.ledger.Budget;
import java.io.BufferedReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A ledger whose process is killed")
class LedgerKillTest {
    private static final DpEvent ROUND = new Gaussian(20, 1, NeighbouringRelation.ZERO_OUT);

    @TempDir
    private Path folder;

    /** The process that is killed: reserves and settles until then, and says each reservation once it is booked. */
    static final class Spender {
        private Spender() {}

        public static void main(String[] arguments) {
            try (OwnerDatabase database = OwnerDatabase.open(Path.of(arguments[0]))) {
                SessionLedger session = session(database);
                for (int round = 1; ; round++) {
                    var reservation = session.reserve("scans", ROUND, "round " + round);
                    System.out.println(round);
                    session.commit(reservation);
                    database.transact(handle -> session.settle(handle, "digest"));
                }
            }
        }
    }

    private static SessionLedger session(OwnerDatabase database) {
        OwnerLedger ledger = new OwnerLedger(database);
        ledger.declare("scans", List.of(), Optional.of(TotalLimit.of(50, 1e-5)));
        Budget budget = Budget.unlimited(new Delta(1e-5), AccountantChoice.RDP);
        return ledger.session(new SessionKey("c", "s"), "scans", budget, ROUND);
    }

    @Test
    void holdsEveryReservationThatWasAnswered() throws Exception {
        Path file = folder.resolve("ledger.db");
        long before = 0;
        for (int life = 1; life <= 3; life++) {
            Process spender = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Spender.class.getName(),
                            file.toString())
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            long answered = 0;
            try (BufferedReader said = spender.inputReader()) {
                for (int n = 0; n < 20 + 7 * life; n++) {
                    answered = Long.parseLong(said.readLine());
                }
                spender.toHandle().destroyForcibly(); // SIGKILL, and what it said before stays readable
                for (String line = said.readLine(); line != null && !line.isEmpty(); line = said.readLine()) {
                    answered = Math.max(answered, Long.parseLong(line));
                }
            }
            assertThat(spender.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(spender.exitValue()).isEqualTo(137);

            try (OwnerDatabase database = OwnerDatabase.open(file)) {
                OwnerLedger ledger = new OwnerLedger(database);
                assertThat(ledger.verify().intact()).isTrue();
                Standing standing = ledger.standing("scans");
                Standing.OfSession session = standing.sessions().get(0);
                // One may have been booked and not yet said.
                assertThat(session.reserved()).isBetween(before + answered, before + answered + 1);
                assertThat(session.reserved() - session.committed()).isBetween(0L, (long) life);
                double recounted = RdpAccountant.standard()
                        .epsilon(new SelfComposed(ROUND, session.reserved()), new Delta(1e-5))
                        .orInfinity();
                assertThat(standing.epsilon().orElseThrow()).isCloseTo(recounted, within(1e-9));
                before = session.reserved();
            }
        }
    }
}
