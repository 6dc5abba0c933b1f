package dev.sotto.node;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.node.AtHand.Delivered;
import dev.sotto.owner.ledger.LedgerLine;
import dev.sotto.owner.request.Decision;
import dev.sotto.owner.request.Request;
import dev.sotto.privacy.Delta;
import dev.sotto.privacy.accounting.RdpAccountant;
import dev.sotto.privacy.event.Composed;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.event.DpEvents;
import dev.sotto.wire.v1.BoundPart;
import dev.sotto.wire.v1.ClientRelease;
import dev.sotto.wire.v1.Offer;
import dev.sotto.wire.v1.SessionOver;
import dev.sotto.wire.v1.Task;
import dev.sotto.wire.v1.TaskKind;
import dev.sotto.wire.v1.Withdraw;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * An owner approves epsilon 1, and the coordinator lies: after everything that it says, what the ledger holds of the approved
 * session costs at most 1, by an accountant that is told nothing but the lines.
 */
@DisplayName("An approval for epsilon 1")
class LyingCoordinatorTest {
    private static final double APPROVED = 1;
    private static final int ROUNDS = 12;
    private static final Delta DELTA = new Delta(1e-5);
    private static final String SESSION = "s-1";
    private static final List<Integer> ROUND_NUMBERS =
            List.of(0, 1, 2, 3, 5, 7, ROUNDS, ROUNDS + 1, 100, -1, Integer.MAX_VALUE, Integer.MIN_VALUE);

    @TempDir
    private Path folder;

    private Ward ward;
    private final Map<String, byte[]> released = new HashMap<>();

    @AfterEach
    void stop() {
        if (ward != null) {
            ward.close();
        }
    }

    /** Sessions that would spend more than 1 if they were let, and one that fits exactly. */
    private enum Kind {
        /** Calibrated to 1 over all rounds. */
        FITTING("privacy: {example-level: {epsilon: 1, delta: 1e-5, max-grad-norm: 1}}\n"),
        /** Twelve rounds cost 2. */
        LARGE("privacy: {example-level: {epsilon: 2, delta: 1e-5, max-grad-norm: 1}}\n"),
        /** The same without a limit of its own. */
        OPEN("privacy: {example-level: {noise-multiplier: 2.5, delta: 1e-5, max-grad-norm: 1}}\n"),
        /** The same, accounted for by loss distributions. */
        TIGHT("privacy: {example-level: {epsilon: 2, delta: 1e-5, max-grad-norm: 1, accountant: pld}}\n"),
        /** Evaluations cost too. */
        MEASURED("""
                privacy: {example-level: {noise-multiplier: 2.5, delta: 1e-5, max-grad-norm: 1}}
                evaluation: {fraction: 1, validation-fraction: 0.2, private-metrics: {epsilon: 2}}
                """),
        /** Noise for clients, which is booked whole. */
        CLIENTS("privacy: {client-level: {noise-multiplier: 12, delta: 1e-5, clipping-norm: 1, noise: clients}}\n"),
        /** No bound at all. */
        BARE("");

        private final String terms;

        Kind(String more) {
            terms = Ward.terms(ROUNDS, more);
        }
    }

    private void approved(Kind kind, Optional<Double> cap) throws Exception {
        String policy = kind == Kind.BARE ? "policy: {require: none}\n" : "policy: {require: either}\n";
        ward = new Ward(folder, policy);
        assertThat(ward.answer(ward.offer(SESSION, kind.terms, 2)).hasPending()).isTrue();
        ward.approve(ward.request(SESSION), ROUNDS, cap);
        assertThat(ward.nextAnswer().hasAccepted()).isTrue();
    }

    /** What each session's reservations cost, from the lines alone. */
    private Map<String, Double> spent() {
        Map<String, List<DpEvent>> events = new TreeMap<>();
        for (LedgerLine line : ward.owner().ledger().lines()) {
            if (line.kind() == LedgerLine.Kind.RESERVED) {
                events.computeIfAbsent(line.key().session(), session -> new ArrayList<>())
                        .add(DpEvents.fromJson(line.event()));
            }
        }
        Map<String, Double> spent = new TreeMap<>();
        events.forEach((session, all) -> spent.put(session, epsilon(all)));
        return spent;
    }

    private static double epsilon(List<DpEvent> events) {
        try {
            return RdpAccountant.standard().epsilon(new Composed(events), DELTA).orInfinity();
        } catch (RuntimeException e) {
            return Double.POSITIVE_INFINITY;
        }
    }

    /** Nothing above the cap, nothing at all of what nobody approved, and one update for a round, whoever asks how often. */
    private void requireKept(String after) {
        assertThat(spent()).as(after).allSatisfy((session, epsilon) -> {
            assertThat(ward.owner().requests().all().stream()
                            .filter(each -> each.key().session().equals(session))
                            .flatMap(each -> ward.owner().requests().history().stream()
                                    .filter(decided -> decided.request().equals(each))))
                    .as("decisions on " + session)
                    .isNotEmpty();
            assertThat(epsilon).isLessThanOrEqualTo(APPROVED + 1e-9);
        });
        for (Delivered each : ward.coordinator().deliveries()) {
            String round = each.header().getSession() + "/" + each.header().getRound();
            byte[] before = released.putIfAbsent(round, each.bytes());
            assertThat(before == null || Arrays.equals(before, each.bytes()))
                    .as("one update for " + round)
                    .isTrue();
            assertThat(each.header().getRound()).isBetween(1, ROUNDS);
        }
        assertThat(ward.owner().ledger().verify().intact()).isTrue();
    }

    private Task.Builder train(int round, float model) throws IOException {
        return ward.task(SESSION, round, TaskKind.TRAIN, Ward.model(model));
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void holdsWhenMoreRoundsComeThanItPaysFor(Kind kind) throws Exception {
        approved(kind, Optional.of(APPROVED));
        for (int round = 1; round <= ROUNDS + 3; round++) {
            ward.done(released(train(round, round), kind).build());
            ward.done(ward.task(SESSION, round, TaskKind.EVALUATE, Ward.model(round))
                    .build());
            requireKept(kind + ", round " + round);
        }
        double spent = spent().getOrDefault(SESSION, 0.0);
        switch (kind) {
            case BARE, CLIENTS -> assertThat(spent).isZero();
            case FITTING -> assertThat(spent).isBetween(0.99, APPROVED);
            default -> assertThat(spent).isBetween(0.5, APPROVED);
        }
    }

    /** The test would notice: the same sequence under an approval without a cap passes 1. */
    @Test
    void isWhatStopsThem() throws Exception {
        approved(Kind.OPEN, Optional.empty());
        for (int round = 1; round <= ROUNDS; round++) {
            ward.done(train(round, round).build());
        }
        assertThat(spent().get(SESSION)).isGreaterThan(1.4 * APPROVED);
    }

    private static Task.Builder released(Task.Builder task, Kind kind) {
        return kind == Kind.CLIENTS ? task.setRelease(release(1e6)) : task;
    }

    private static ClientRelease release(double noise) {
        return ClientRelease.newBuilder()
                .addParts(
                        BoundPart.newBuilder().setFrom(0).setTo(Ward.PARAMETERS).setNorm(1))
                .setStandardDeviation(noise)
                .build();
    }

    @Test
    void holdsWhenARoundIsAskedForAgainWithOtherModels() throws Exception {
        approved(Kind.OPEN, Optional.of(APPROVED));
        for (int n = 0; n < 30; n++) {
            ward.done(train(1 + n / 10, n).build());
            requireKept("model " + n);
        }
        assertThat(ward.reserved()).isEqualTo(3);
    }

    @Test
    void holdsWhenRoundsAreSkippedNegativeOrHuge() throws Exception {
        approved(Kind.OPEN, Optional.of(APPROVED));
        for (int round : ROUND_NUMBERS) {
            for (TaskKind kind : List.of(TaskKind.TRAIN, TaskKind.EVALUATE)) {
                ward.done(ward.task(SESSION, round, kind, Ward.model(0)).build());
                requireKept(kind + " " + round);
            }
        }
        for (int round = ROUNDS; round > 0; round--) {
            ward.done(train(round, 0).build());
        }
        requireKept("backwards");
    }

    @Test
    void holdsWhenTasksForOneRoundComeAllAtOnce() throws Exception {
        approved(Kind.OPEN, Optional.of(APPROVED));
        for (int round = 1; round <= ROUNDS; round++) {
            List<Task> tasks = new ArrayList<>();
            for (int n = 0; n < 6; n++) {
                tasks.add(train(round, n % 3).build());
                tasks.add(ward.task(SESSION, round, TaskKind.EVALUATE, Ward.model(n))
                        .build());
            }
            tasks.forEach(ward.agent()::task);
            for (Task task : tasks) {
                ward.coordinator().awaitEnd(task.getId());
            }
            requireKept("round " + round);
        }
    }

    @Test
    void holdsWhenThePackageChangesUnderTheSameSession() throws Exception {
        approved(Kind.FITTING, Optional.of(APPROVED));
        ward.done(train(1, 0).build());
        for (Kind other : List.of(Kind.LARGE, Kind.OPEN, Kind.CLIENTS, Kind.MEASURED)) {
            assertThat(ward.answer(ward.offer(SESSION, other.terms, 2)).hasAccepted())
                    .isFalse();
            ward.done(released(train(2, 0), other).build());
            requireKept(other.name());
        }
        assertThat(ward.answer(ward.offer(SESSION, Kind.FITTING.terms, 2)).hasAccepted())
                .isTrue();
    }

    @Test
    void holdsForOtherNumbersOfClients() throws Exception {
        approved(Kind.FITTING, Optional.of(APPROVED));
        ward.done(train(1, 0).build());
        for (int clients : List.of(3, 1, 1000, 0, -1, Integer.MIN_VALUE)) {
            assertThat(ward.answer(ward.offer(SESSION, Kind.FITTING.terms, clients))
                            .hasAccepted())
                    .isFalse();
            ward.done(train(2, 0).build());
            requireKept(clients + " clients");
        }
        assertThat(ward.reserved()).isEqualTo(1);
    }

    @Test
    void isNoApprovalOfTheSameUnderAnotherName() throws Exception {
        approved(Kind.FITTING, Optional.of(APPROVED));
        for (String name : List.of("s-2", "S-1", "s-1 ", " s-1", "s\u00ad-1", "s-1\n")) {
            assertThat(ward.answer(ward.offer(name, Kind.FITTING.terms, 2)).hasAccepted())
                    .isFalse();
            ward.done(ward.task(name, 1, TaskKind.TRAIN, Ward.model(0)).build());
            requireKept("'" + name + "'");
        }
        assertThat(ward.reserved()).isZero();
    }

    @Test
    void holdsWhenTheSessionEndsAndBeginsAgain() throws Exception {
        approved(Kind.OPEN, Optional.of(APPROVED));
        Offer offer = ward.offer(SESSION, Kind.OPEN.terms, 2);
        for (int life = 1; life <= 5; life++) {
            for (int round = 1; round <= ROUNDS; round++) {
                ward.done(train(round, life).build());
            }
            requireKept("life " + life);
            ward.agent()
                    .over(SessionOver.newBuilder()
                            .setSession(SESSION)
                            .setEnding(life < 4 ? "stopped" : "completed")
                            .build());
            if (life % 2 == 0) {
                ward.restart();
            }
            assertThat(ward.answer(offer).hasAccepted()).isEqualTo(life < 4);
        }
    }

    @Test
    void holdsForAnUpdateThatIsAskedToHaveLittleNoise() throws Exception {
        approved(Kind.OPEN, Optional.of(APPROVED));
        for (double noise : new double[] {0, 1e-9, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            ward.done(train(1, 0).setRelease(release(noise)).build());
            requireKept("noise " + noise);
        }
        assertThat(ward.reserved()).isZero();
    }

    @Test
    void holdsWhenConnectionsBreakWhileUpdatesAreSent() throws Exception {
        approved(Kind.OPEN, Optional.of(APPROVED));
        for (int round = 1; round <= ROUNDS; round++) {
            ward.coordinator().breakOff(true);
            ward.done(train(round, 0).build());
            ward.coordinator().breakOff(false);
            ward.done(train(round, 0).build());
            requireKept("round " + round);
        }
    }

    static Stream<Integer> seeds() {
        return IntStream.rangeClosed(1, 10).boxed();
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void holdsWhateverComesInWhateverOrder(int seed) throws Exception {
        SplittableRandom random = new SplittableRandom(seed);
        Kind kind = Kind.values()[seed % Kind.values().length];
        approved(kind, Optional.of(APPROVED));
        Set<String> sessions = new HashSet<>(Set.of(SESSION));
        for (int n = 0; n < 25; n++) {
            String said = hostile(random, kind, List.copyOf(sessions));
            // Now and then the owner approves something else too, and each session keeps its own cap.
            if (random.nextInt(4) == 0) {
                approveSomething(random, sessions);
            }
            requireKept("seed " + seed + ", " + n + ": " + said);
        }
    }

    private void approveSomething(SplittableRandom random, Set<String> sessions) {
        List<Request> all = ward.owner().requests().all();
        Request one = all.get(random.nextInt(all.size()));
        if (ward.owner().requests().decision(one) instanceof Decision.Pending) {
            ward.approve(one, ROUNDS, Optional.of(APPROVED));
            sessions.add(one.key().session());
        }
    }

    private String hostile(SplittableRandom random, Kind kind, List<String> sessions) throws Exception {
        String session = sessions.get(random.nextInt(sessions.size()));
        switch (random.nextInt(10)) {
            case 0 -> {
                Kind other = Kind.values()[random.nextInt(Kind.values().length)];
                int clients = List.of(2, 2, 3, 1, 0, -7).get(random.nextInt(6));
                var answer = ward.answer(ward.offer(session, other.terms, clients));
                return "offer of " + other + " as " + session + " for " + clients + ": " + answer.getDecisionCase();
            }
            case 1 -> {
                String name = "s-" + random.nextInt(4);
                var answer = ward.answer(ward.offer(name, kind.terms, 2));
                return "the same as " + name + ": " + answer.getDecisionCase();
            }
            case 2 -> {
                String ending = random.nextInt(4) == 0 ? "completed" : "stopped";
                ward.agent()
                        .over(SessionOver.newBuilder()
                                .setSession(session)
                                .setEnding(ending)
                                .build());
                var answer = ward.answer(ward.offer(session, kind.terms, 2));
                return session + " " + ending + " and offered again: " + answer.getDecisionCase();
            }
            case 3 -> {
                ward.restart();
                return "restart";
            }
            case 4 -> {
                ward.coordinator().breakOff(random.nextBoolean());
                return "the connection";
            }
            default -> {
                return tasks(random, kind, session);
            }
        }
    }

    private String tasks(SplittableRandom random, Kind kind, String session) throws Exception {
        List<Task> tasks = new ArrayList<>();
        int many = 1 + random.nextInt(4);
        int from = random.nextInt(3) == 0
                ? ROUND_NUMBERS.get(random.nextInt(ROUND_NUMBERS.size()))
                : 1 + random.nextInt(ROUNDS);
        for (int n = 0; n < many; n++) {
            int round = random.nextBoolean() ? from : from + n;
            TaskKind what = random.nextInt(3) == 0 ? TaskKind.EVALUATE : TaskKind.TRAIN;
            float[] model = random.nextInt(12) == 0 ? new float[3] : Ward.model(random.nextInt(3));
            Task.Builder task = ward.task(session, round, what, model);
            tasks.add((random.nextInt(8) == 0 ? task.setRelease(release(random.nextDouble(20))) : released(task, kind))
                    .build());
        }
        tasks.forEach(ward.agent()::task);
        if (random.nextInt(5) == 0) {
            ward.agent()
                    .withdraw(Withdraw.newBuilder()
                            .setTask("task-1")
                            .setReason("late")
                            .build());
            // One that was withdrawn before it began is not answered.
            tasks.removeIf(task -> task.getId().equals("task-1"));
        }
        for (Task task : tasks) {
            ward.coordinator().awaitEnd(task.getId());
        }
        return many + " tasks of " + session + " from round " + from;
    }
}
