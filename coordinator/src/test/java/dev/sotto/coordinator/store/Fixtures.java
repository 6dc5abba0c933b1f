package dev.sotto.coordinator.store;

import dev.sotto.coordinator.store.Model.Origin;
import dev.sotto.federation.ClientProfile;
import dev.sotto.federation.ClientReport;
import dev.sotto.federation.ClientReport.Reason;
import dev.sotto.federation.ClientReport.Refusal;
import dev.sotto.federation.FederationState;
import dev.sotto.federation.FederationState.ClientLevel;
import dev.sotto.federation.HeldOutScores;
import dev.sotto.federation.RoundRecord;
import dev.sotto.federation.RoundRecord.ClientLevelRound;
import dev.sotto.learning.Evaluation;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.event.Gaussian;
import dev.sotto.privacy.event.PoissonSampled;
import dev.sotto.privacy.ledger.LedgerEntry;
import dev.sotto.privacy.ledger.LedgerEntry.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Sessions and rounds whose every value follows from the round. */
final class Fixtures {
    static final Duration LEASE = Duration.ofMinutes(1);
    static final int PARAMETERS = 20_000;

    private Fixtures() {}

    static float[] parameters(int round) {
        float[] values = new float[PARAMETERS];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) Math.sin(round * 7919.0 + i);
        }
        return values;
    }

    /** With every kind of value that does not survive a careless way through text. */
    static FederationState state(int round) {
        Map<String, float[]> strategy = new LinkedHashMap<>();
        strategy.put("zeta", parameters(-round));
        strategy.put("alpha", new float[] {-0f, Float.MIN_VALUE, Float.NaN, Float.NEGATIVE_INFINITY, round});
        strategy.put("nothing", new float[0]);
        Map<String, Refusal> exhausted = new LinkedHashMap<>();
        exhausted.put("b", new Refusal(Reason.BUDGET, "spent: \u03b5 of \"3\""));
        exhausted.put("a", new Refusal(Reason.BUDGET, "also"));
        List<LedgerEntry> ledger = new ArrayList<>();
        for (int each = 1; each <= round; each++) {
            PoissonSampled event =
                    new PoissonSampled(1.0 / 3, new Gaussian(0.1 + each, 0.7, NeighbouringRelation.ADD_OR_REMOVE_ONE));
            ledger.add(new LedgerEntry(2L * each - 1, Kind.RESERVED, each, event, "round " + each));
            ledger.add(new LedgerEntry(2L * each, Kind.COMMITTED, each, event, "round " + each));
        }
        byte[] noise = new byte[] {(byte) round, 0, -1, 127, -128};
        return new FederationState(
                round,
                parameters(round),
                strategy,
                exhausted,
                round == 0 ? OptionalDouble.empty() : OptionalDouble.of(Math.nextUp(0.1 * round)),
                Optional.of(new ClientLevel(ledger, 0.1 + 0.2, noise)));
    }

    static RoundRecord record(int round) {
        Map<String, Double> metrics = new LinkedHashMap<>();
        metrics.put("f1", Double.NaN);
        metrics.put("auc", Math.nextDown(0.7));
        metrics.put("zero", -0.0);
        ClientReport counted = new ClientReport(
                "a", 10, 3, OptionalDouble.of(Double.MIN_VALUE), OptionalDouble.of(0.3), metrics, Optional.empty());
        ClientReport dropped = ClientReport.refused(
                "b",
                20,
                OptionalDouble.empty(),
                new Refusal(Reason.DROPPED, "it did not answer\nin time \ud83d\ude00"));
        return new RoundRecord(
                round,
                true,
                Optional.of(new Evaluation(1_000, 123.456 * round, 900)),
                metrics,
                Optional.of(new HeldOutScores(
                        2, OptionalDouble.of(1.0 / 3), OptionalDouble.empty(), OptionalDouble.of(0.01))),
                List.of(counted, dropped),
                OptionalDouble.of(0.1 * round),
                Optional.of(new ClientLevelRound(0.1, 1e-300, OptionalDouble.empty())),
                1.5e-3);
    }

    static String session(Database database) {
        Model seed = database.models().add(parameters(0), Origin.SEED, "tester");
        return database.sessions()
                .create(
                        new Sessions.Draft(
                                "digits",
                                Sha256.of(new byte[] {1}),
                                "{\"clients\":2}",
                                1_000,
                                seed.sha256(),
                                OptionalLong.of(7)),
                        "tester");
    }

    static List<Participant> roster() {
        return List.of(
                new Participant(
                        new ClientProfile("b", 20),
                        OptionalInt.empty(),
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        true),
                new Participant(
                        new ClientProfile("B", 10),
                        OptionalInt.of(5),
                        OptionalDouble.of(3),
                        OptionalDouble.of(1e-5),
                        false));
    }

    /** A session that runs, with nothing committed yet. */
    static Lease running(Database database, String owner) {
        String session = session(database);
        Lease lease = database.leases().claim(session, owner, LEASE).orElseThrow();
        database.sessions().run(lease, roster());
        database.sessions().ready(lease, state(0));
        return lease;
    }

    static void commit(Database database, Lease lease, int round) {
        database.sessions().beginRound(lease, round, List.of("a", "b"));
        database.sessions().commitRound(lease, record(round), state(round), "{\"round\":" + round + "}");
    }
}
