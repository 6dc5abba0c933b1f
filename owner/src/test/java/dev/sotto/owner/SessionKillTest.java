package dev.sotto.owner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.federation.ExamplePrivacy;
import dev.sotto.federation.LocalMethod;
import dev.sotto.federation.Plan;
import dev.sotto.owner.ledger.LedgerLine;
import dev.sotto.privacy.random.Randomness;
import java.io.BufferedReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A session whose process is killed in the middle")
class SessionKillTest {
    private static final int ROUNDS = 1000;
    private static final Plan PLAN = Toys.plan(ROUNDS, Optional.of(ExamplePrivacy.withNoise(1, 1)));

    @TempDir
    private Path home;

    /** The process that is killed: trains until then and says each digest before it could be sent. */
    static final class Trainer {
        private Trainer() {}

        public static void main(String[] arguments) {
            try (Owner owner = Owner.open(Path.of(arguments[0]))) {
                OwnerSession session = session(owner);
                int from = Integer.parseInt(arguments[1]);
                for (int round = from; round <= ROUNDS; round++) {
                    Release release = session.train(Toys.round(round, 0), Toys.digest(0), Toys.training());
                    System.out.println(round + " " + HexFormat.of().formatHex(release.sha256()));
                }
            }
        }
    }

    private static OwnerSession session(Owner owner) {
        owner.ledger().declare("scans", List.of(), Optional.empty());
        AgreedTerms terms = Toys.terms(Toys.KEY, PLAN, new LocalMethod.Plain(), 200);
        return Toys.open(owner, terms, Toys.clouds(200, 1), Optional.empty(), Randomness.secret());
    }

    @Test
    void sendsWhatItReleasedAgainAndKeepsWhatItReserved() throws Exception {
        int next = 1;
        for (int life = 1; life <= 3; life++) {
            String last = "";
            Process trainer = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx256m",
                            "--add-modules",
                            "jdk.incubator.vector",
                            "-cp",
                            System.getProperty("java.class.path"),
                            Trainer.class.getName(),
                            home.toString(),
                            Integer.toString(next))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (BufferedReader said = trainer.inputReader()) {
                for (int n = 0; n < 5 + 3 * life; n++) {
                    last = said.readLine();
                }
                trainer.toHandle().destroyForcibly(); // SIGKILL
                for (String line = said.readLine(); line != null; line = said.readLine()) {
                    last = line.matches("\\d+ [0-9a-f]{64}") ? line : last;
                }
            }
            assertThat(trainer.waitFor(30, TimeUnit.SECONDS)).isTrue();
            int round = Integer.parseInt(last.substring(0, last.indexOf(' ')));
            try (Owner owner = Owner.open(home)) {
                owner.sweep();
                assertThat(owner.ledger().verify().intact()).isTrue();
                OwnerSession session = session(owner);
                Release again = session.train(Toys.round(round, 0), Toys.digest(0), Toys.training());
                assertThat(again.again()).isTrue();
                byte[] bytes = Files.readAllBytes(again.vector());
                assertThat(HexFormat.of()
                                .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)))
                        .isEqualTo(last.substring(last.indexOf(' ') + 1));
                // One line a round that was released, and one for each that was not and may have touched data.
                long reserved = count(owner, LedgerLine.Kind.RESERVED);
                long committed = count(owner, LedgerLine.Kind.COMMITTED);
                long released = session.released(round + 1, Toys.digest(0)).isPresent() ? round + 1 : round;
                assertThat(committed).isEqualTo(released);
                assertThat(reserved - committed).isBetween(0L, (long) life);
                next = (int) released + 1;
            }
        }
    }

    private static long count(Owner owner, LedgerLine.Kind kind) {
        return owner.ledger().lines().stream()
                .filter(line -> line.kind() == kind)
                .count();
    }
}
