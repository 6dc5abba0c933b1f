package dev.sotto.folders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.federation.RunResult;
import dev.sotto.folders.ProjectStatus.Participant;
import dev.sotto.folders.ProjectStatus.Role;
import dev.sotto.folders.ProjectStatus.RoundAccuracy;
import dev.sotto.folders.ProjectStatus.State;
import dev.sotto.owner.request.ApprovalLimits;
import dev.sotto.wire.sealed.GuardedFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A federation over folders")
class FolderFederationTest {
    static final String TERMS = """
            name: toy
            contract: {features: [8], classes: 2}
            model: logistic
            rounds: 3
            client: {batch-size: 20, optimizer: {name: sgd, learning-rate: 0.2}}
            """;
    static final String PRIVATE = "privacy: {example-level: {epsilon: 2, delta: 1e-5, max-grad-norm: 1}}\n";
    static final String AUTOMATIC = "approval: automatic";
    static final String[] OWNERS = {"ann@a.org", "bob@b.org", "cyd@c.org"};

    @TempDir
    private Path folder;

    private Party.All all;
    private Party aggregator;
    private final List<Party> owners = new ArrayList<>();

    @BeforeEach
    void prepare() {
        all = new Party.All();
    }

    @AfterEach
    void close() {
        all.close();
    }

    private void parties(DatasiteSettings how, String... policies) throws IOException {
        aggregator = all.add(Party.aggregator(folder, how));
        for (int i = 0; i < OWNERS.length; i++) {
            owners.add(all.add(Party.owner(folder, OWNERS[i], i, policies[i % policies.length], how)));
        }
        aggregator.start();
        owners.forEach(Party::start);
    }

    private static DatasiteSettings seeded() {
        return DatasiteSettings.usual().seeded(Party.SEED);
    }

    private RunResult simulated(String project) throws IOException {
        return aggregator.simulated(project, owners);
    }

    static Stream<Arguments> sessions() {
        return Stream.of(
                Arguments.of("plain", TERMS, "approval: automatic, require: none"),
                Arguments.of("example-level privacy", TERMS + PRIVATE, AUTOMATIC),
                Arguments.of(
                        "a strategy that sends more than a model",
                        TERMS + "server: {strategy: scaffold}\n",
                        "approval: automatic, require: none"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("sessions")
    void givesTheSameBytesAsTheSimulation(String name, String terms, String policy) throws Exception {
        parties(seeded(), policy);
        aggregator.drop("toy", terms, 3, "PT10M", "PT10M", OWNERS);
        aggregator.awaitDone("toy");
        RunResult simulated = simulated("toy");
        assertThat(simulated.rounds()).isEqualTo(3);
        assertThat(aggregator.federated("toy")).isEqualTo(simulated.parameters());
        assertThat(aggregator.status(Role.AGGREGATOR, "toy").orElseThrow().accuracies())
                .extracting(RoundAccuracy::round)
                .containsExactly(1, 2, 3);
    }

    @Test
    void asksEachOwnerAndRunsWithoutTheOneWhoNeverApproves() throws Exception {
        parties(DatasiteSettings.usual(), "approval: ask");
        aggregator.drop("toy", TERMS + PRIVATE, 2, "PT25S", "PT10M", OWNERS);
        owners.get(0).approveByMoving("toy");
        Party bob = owners.get(1);
        bob.service()
                .owner()
                .requests()
                .approve(
                        bob.request("toy"),
                        new ApprovalLimits(3, Optional.empty(), Instant.now().plusSeconds(600)),
                        bob.service().owner().key());
        owners.get(2).request("toy");
        aggregator.awaitDone("toy");
        assertThat(owners.get(2).reserved()).isZero();
        assertThat(owners.get(0).reserved()).isEqualTo(3);
        List<Participant> rows =
                aggregator.status(Role.AGGREGATOR, "toy").orElseThrow().participants();
        assertThat(rows).extracting(Participant::approved).containsExactly("yes", "yes", "waiting");
        assertThat(rows).extracting(Participant::round).containsExactly(3, 3, 0);
        assertThat(rows).allMatch(Participant::clientInstalled).allMatch(Participant::addedPrivateData);
        Party.until(() -> owners.get(2)
                .status(Role.OWNER, "toy")
                .orElseThrow()
                .reason()
                .orElse("")
                .equals("it went on without you"));
        Party.until(() -> owners.get(0).is(Role.OWNER, "toy", State.DONE));
        assertThat(owners.get(0).datasite().privateTree().resolve("fl_client/done/toy/model.safetensors"))
                .exists();
    }

    @Test
    void sealsTheRecordAtBothEndsAndLeavesNothingBehind() throws Exception {
        parties(DatasiteSettings.usual(), AUTOMATIC);
        aggregator.drop("toy", TERMS + PRIVATE, 3, "PT10M", "PT10M", OWNERS);
        aggregator.awaitDone("toy");
        Party ann = owners.get(0);
        Party.until(() -> Files.exists(ann.synced("fl_client", "done", "toy", SealedRecord.SIGNATURE)));
        Party.until(() -> Files.exists(aggregator.synced("fl_aggregator", "done", "toy", SealedRecord.SIGNATURE)));
        GuardedFolder record = ann.datasite().own("fl_client", "done", "toy");
        assertThat(SealedRecord.differences(record, ann.datasite().card())).isEmpty();
        assertThat(SealedRecord.differences(
                        aggregator.datasite().own("fl_aggregator", "done", "toy"),
                        aggregator.datasite().card()))
                .isEmpty();
        assertThat(ann.synced("fl_client", "done", "toy", "state", "state.json"))
                .content()
                .contains("\"dataset_added\" : true", "\"model_train_progress\" : \"trained round 3 of 3\"");
        assertThat(aggregator.synced("fl_aggregator", "done", "toy", "state", "accuracy.json"))
                .content()
                .contains("\"round\" : 3");
        for (String left : List.of("fl_client/request/toy", "fl_client/running/toy")) {
            assertThat(ann.synced(left)).doesNotExist();
        }
        assertThat(aggregator.synced("fl_aggregator/running/toy")).doesNotExist();
        assertThat(ann.refused()).isEmpty();
        assertThat(aggregator.refused()).isEmpty();

        // An owner who says late that the end was heard is no difference, nor is the file that is still being written.
        Files.writeString(ann.synced("fl_client", "done", "toy", "heard.sealed"), "late");
        Files.writeString(ann.synced("fl_client", "done", "toy", ".heard.sealed.7.tmp"), "la");
        assertThat(SealedRecord.differences(record, ann.datasite().card())).isEmpty();

        Files.writeString(ann.synced("fl_client", "done", "toy", "logs", "log.txt"), "nothing happened");
        Files.delete(ann.synced("fl_client", "done", "toy", "round_weights", "trained_model_round_2"));
        Files.writeString(ann.synced("fl_client", "done", "toy", "more"), "");
        assertThat(SealedRecord.differences(record, ann.datasite().card()))
                .containsExactlyInAnyOrder(
                        "logs/log.txt: it was changed",
                        "round_weights/trained_model_round_2: it is missing",
                        "more: it was added");
    }

    @Test
    void goesOnWithoutAnOwnerWhoRevokesAfterTheFirstRound() throws Exception {
        parties(DatasiteSettings.usual(), AUTOMATIC);
        Party cyd = owners.get(2);
        aggregator.drop("toy", TERMS.replace("rounds: 3", "rounds: 12") + PRIVATE, 2, "PT10M", "PT10M", OWNERS);
        Party.until(() -> aggregator
                        .status(Role.AGGREGATOR, "toy")
                        .map(ProjectStatus::rounds)
                        .orElse(0)
                >= 1);
        cyd.service()
                .owner()
                .requests()
                .revoke(
                        cyd.request("toy"),
                        "we changed our mind",
                        cyd.service().owner().key());
        long spent = cyd.reserved();
        aggregator.awaitDone("toy");
        ProjectStatus status = aggregator.status(Role.AGGREGATOR, "toy").orElseThrow();
        assertThat(status.rounds()).isEqualTo(12);
        Participant row = status.participants().get(2);
        assertThat(row.approved()).isEqualTo("revoked");
        assertThat(row.reason().orElseThrow()).contains("we changed our mind");
        // A round that was on when it was revoked may end; no other begins.
        assertThat(cyd.reserved()).isBetween(1L, spent + 1).isLessThan(12);
        assertThat(owners.get(0).reserved()).isEqualTo(12);
    }

    /** What is not counted has left all the same: everybody could read it, and it has cost what it cost. */
    @Test
    void keepsWhatAnOwnerHasSpentWhoseUpdatesAreRefusedForTheirValues() throws Exception {
        aggregator = all.add(Party.aggregator(folder, DatasiteSettings.usual()));
        for (int i = 0; i < OWNERS.length; i++) {
            owners.add(all.add(Party.owner(folder, OWNERS[i], i, AUTOMATIC, DatasiteSettings.usual())));
        }
        // Its steps are far too long, and its epsilon is larger than that of the others.
        Party cyd = owners.get(2)
                .training("{\"epsilon\": 20, \"delta\": 1e-5, \"optimizer\": {\"name\": \"sgd\", \"lr\": 1e25}}");
        aggregator.start();
        owners.forEach(Party::start);
        aggregator.drop("toy", TERMS + PRIVATE, 3, "PT10M", "PT10M", OWNERS);
        aggregator.awaitDone("toy");
        assertThat(aggregator.refused()).anyMatch(line -> line.contains("trained_model_round_1"));
        assertThat(cyd.reserved()).isEqualTo(3);
        double spent = cyd.status(Role.OWNER, "toy").orElseThrow().epsilon().orElseThrow();
        assertThat(spent).isBetween(19.0, 20.0);
        assertThat(owners.get(0)
                        .status(Role.OWNER, "toy")
                        .orElseThrow()
                        .epsilon()
                        .orElseThrow())
                .isLessThanOrEqualTo(2);
        assertThat(aggregator.status(Role.AGGREGATOR, "toy").orElseThrow().epsilon())
                .as("the largest that the aggregator was told")
                .hasValue(spent);
    }

    @Test
    void goesOnWhereItWasWhenEverybodyIsKilledInTheMiddleOfARound() throws Exception {
        parties(seeded(), AUTOMATIC);
        aggregator.drop("toy", TERMS.replace("rounds: 3", "rounds: 8") + PRIVATE, 3, "PT10M", "PT10M", OWNERS);
        Party ann = owners.get(0);
        for (int stop = 1; stop <= 3; stop++) {
            int round = 2 * stop;
            Party.until(() ->
                    ann.status(Role.OWNER, "toy").map(ProjectStatus::rounds).orElse(0) >= round);
            Party killed = stop == 1 ? ann : stop == 2 ? aggregator : owners.get(1);
            killed.stop();
            killed.start();
        }
        aggregator.awaitDone("toy");
        assertThat(aggregator.federated("toy")).isEqualTo(simulated("toy").parameters());
        for (Party owner : owners) {
            assertThat(owner.service().owner().ledger().verify().intact()).isTrue();
            // What was released is sent again and not trained again.
            assertThat(owner.reserved()).isEqualTo(8);
        }
    }

    @Test
    void runsSeveralProjectsOfWhichABadOneHoldsUpNoOther() throws Exception {
        parties(DatasiteSettings.usual(), AUTOMATIC);
        aggregator.drop(
                "waits", TERMS + PRIVATE, 4, "PT1H", "PT10M", "ann@a.org", "bob@b.org", "cyd@c.org", "dan@d.org");
        aggregator.drop(
                "misfit", TERMS.replace("features: [8]", "features: [9]") + PRIVATE, 1, "PT10M", "PT10M", OWNERS);
        aggregator.drop("broken", "rounds: many", 1, "PT10M", "PT10M", OWNERS);
        aggregator.drop("toy", TERMS + PRIVATE, 3, "PT10M", "PT10M", OWNERS);
        aggregator.awaitDone("toy");
        Party.until(() -> aggregator.is(Role.AGGREGATOR, "misfit", State.FAILED));
        assertThat(aggregator
                        .status(Role.AGGREGATOR, "misfit")
                        .orElseThrow()
                        .reason()
                        .orElseThrow())
                .contains("only 0 of 1 participants");
        Party.until(() -> aggregator
                .status(Role.AGGREGATOR, "broken")
                .filter(each -> each.state() == State.LAUNCH)
                .flatMap(ProjectStatus::reason)
                .filter(why -> why.contains("rounds"))
                .isPresent());
        Party.until(() -> aggregator
                .status(Role.AGGREGATOR, "waits")
                .filter(each -> each.participants().stream()
                                .filter(Participant::clientInstalled)
                                .count()
                        == 3)
                .isPresent());
        ProjectStatus waits = aggregator.status(Role.AGGREGATOR, "waits").orElseThrow();
        assertThat(waits.state()).isEqualTo(State.REQUEST);
        assertThat(waits.participants())
                .extracting(Participant::clientInstalled)
                .containsExactly(true, true, true, false);
    }

    @Test
    void takesPartInClientLevelPrivacyWhereFewerApproveThanWereAsked() throws Exception {
        parties(DatasiteSettings.usual(), AUTOMATIC, AUTOMATIC, "approval: ask");
        aggregator.drop(
                "toy",
                TERMS + "privacy: {client-level: {epsilon: 8, delta: 1e-3, clipping-norm: 0.5}}\n",
                2,
                "PT20S",
                "PT10M",
                OWNERS);
        aggregator.awaitDone("toy");
        assertThat(owners.get(0).request("toy").clients()).isEqualTo(2);
        assertThat(owners.get(2).reserved()).isZero();
    }

    @Test
    void doesNotPromiseWhatRestsOnNobodySeeingWhoIsDrawn() throws Exception {
        parties(DatasiteSettings.usual(), AUTOMATIC);
        aggregator.drop(
                "toy",
                TERMS + "cohort: {rate: 0.5}\n"
                        + "privacy: {client-level: {epsilon: 8, delta: 1e-3, clipping-norm: 0.5}}\n",
                2,
                "PT20S",
                "PT10M",
                OWNERS);
        Party.until(() -> aggregator.is(Role.AGGREGATOR, "toy", State.FAILED));
        assertThat(aggregator
                        .status(Role.AGGREGATOR, "toy")
                        .orElseThrow()
                        .reason()
                        .orElseThrow())
                .contains("everybody sees who gets a task");
        assertThat(owners).allMatch(owner -> owner.reserved() == 0);
    }

    @Test
    void waitsForDataThatIsAddedLater() throws Exception {
        aggregator = all.add(Party.aggregator(folder, DatasiteSettings.usual())).start();
        Party ann = all.add(new Party(folder, "ann@a.org", DatasiteSettings.usual(), Optional.empty()))
                .start();
        aggregator.drop("toy", TERMS + PRIVATE, 1, "PT10M", "PT10M", "ann@a.org");
        Party.until(() -> aggregator
                .status(Role.AGGREGATOR, "toy")
                .filter(each -> each.participants().get(0).approved().equals("waiting")
                        && each.participants().get(0).clientInstalled())
                .isPresent());
        assertThat(aggregator
                        .status(Role.AGGREGATOR, "toy")
                        .orElseThrow()
                        .participants()
                        .get(0)
                        .addedPrivateData())
                .isFalse();
        Files.writeString(ann.datasite().data().resolve("node.yaml"), Party.node(0, AUTOMATIC));
        aggregator.awaitDone("toy");
        assertThat(ann.reserved()).isEqualTo(3);
    }
}
