package dev.sotto.coordinator.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.federation.FederationState;
import dev.sotto.federation.Interrupted;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

abstract class ProcessesContract extends StoreContract {
    private static final int KILLS = 6;

    ProcessesContract(Databases kind) {
        super(kind);
    }

    @Test
    @Timeout(300)
    void aProcessKilledInTheMiddleOfCommitsLeavesWholeRounds() throws Exception {
        Lease first = Fixtures.running(database, "one");
        int acknowledged = 0;
        for (int kill = 1; kill <= KILLS; kill++) {
            try (Child child = new Child(CommitsRounds.class, url, home.toString())) {
                for (String line = child.line(); ; line = child.line()) {
                    assertThat(line).as("the process works until it is killed").isNotNull();
                    acknowledged = Integer.parseInt(line);
                    if (acknowledged % 3 == kill % 3) {
                        break;
                    }
                }
                // Each time somewhere else on the way through a round.
                TimeUnit.MICROSECONDS.sleep(kill * 7_919L % 40_000);
                child.kill();
                for (String line = child.line(); line != null && !line.isEmpty(); line = child.line()) {
                    acknowledged = Integer.parseInt(line);
                }
            }
            reopen();
            requireWhole(first.session(), acknowledged);
        }
    }

    private void requireWhole(String session, int acknowledged) {
        assertThat(database.audit().verify()).isEmpty();
        Interrupted found = database.sessions().interrupted(session).orElseThrow();
        FederationState state = found.state();
        int rounds = state.round();
        // What was told to be committed is; one more may be whose telling was cut off.
        assertThat(rounds).isBetween(acknowledged, acknowledged + 1);
        assertThat(state.parameters()).isEqualTo(Fixtures.parameters(rounds));
        assertThat(state.clientLevel()).map(level -> level.ledger().size()).contains(2 * rounds);
        assertThat(state.clientLevel().orElseThrow().noise()[0]).isEqualTo((byte) rounds);
        assertThat(found.history()).hasSize(rounds).last().isEqualTo(Fixtures.record(rounds));
        assertThat(found.begun()).allMatch(begun -> begun.round() == rounds + 1).hasSizeLessThanOrEqualTo(1);
        Session row = database.sessions().find(session).orElseThrow();
        assertThat(row.rounds()).isEqualTo(rounds);
        assertThat(row.standing()).isEqualTo("{\"round\":" + rounds + "}");
        List<Model> lineage = database.models().lineage(row.model());
        assertThat(lineage).hasSize(rounds + 1);
        assertThat(lineage).allSatisfy(model -> assertThat(database.models().parameters(model.sha256()))
                .isEqualTo(Fixtures.parameters(model.round())));
        assertThat(database.log().events(session, 0, Integer.MAX_VALUE).stream()
                        .filter(event -> event.kind().equals("committed")))
                .hasSize(rounds);
        assertThat(database.audit().lines(1, Integer.MAX_VALUE).stream()
                        .filter(line -> line.action().equals("round committed")))
                .hasSize(rounds);
    }

    @Test
    @Timeout(120)
    void twoProcessesThatWriteAtOnceMakeOneAuditChain() throws Exception {
        int lines = 150;
        try (Child one = new Child(CommitsRounds.class, url, home.toString(), "audit", "one", "" + lines);
                Child two = new Child(CommitsRounds.class, url, home.toString(), "audit", "two", "" + lines)) {
            assertThat(one.line()).isEqualTo("ready");
            assertThat(two.line()).isEqualTo("ready");
            assertThat(one.exit()).isZero();
            assertThat(two.exit()).isZero();
        }
        assertThat(database.audit().verify()).isEmpty();
        List<AuditLine> all = database.audit().lines(1, Integer.MAX_VALUE);
        assertThat(all).hasSize(2 * lines);
        assertThat(all.stream().filter(line -> line.actor().equals("one"))).hasSize(lines);
    }
}
