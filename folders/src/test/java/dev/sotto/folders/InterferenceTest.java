package dev.sotto.folders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.folders.ProjectStatus.Role;
import dev.sotto.folders.ProjectStatus.State;
import dev.sotto.folders.mail.Names;
import dev.sotto.owner.request.ApprovalLimits;
import dev.sotto.owner.request.Request;
import dev.sotto.privacy.Epsilon;
import dev.sotto.wire.Blobs;
import dev.sotto.wire.sealed.KeyCard;
import dev.sotto.wire.sealed.SealedEnvelope;
import dev.sotto.wire.sealed.SealingKeys;
import dev.sotto.wire.v1.Offer;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

@Execution(ExecutionMode.SAME_THREAD)
@DisplayName("A third party that puts things in the way")
class InterferenceTest {
    private static final String ANN = "ann@a.org";
    private static final String TERMS = FolderFederationTest.TERMS + FolderFederationTest.PRIVATE;

    @TempDir
    private Path folder;

    private Party.All all;
    private Party aggregator;
    private Party ann;

    @BeforeEach
    void prepare() {
        all = new Party.All();
    }

    @AfterEach
    void close() {
        all.close();
    }

    private void parties(String policy) throws IOException {
        aggregator = all.add(Party.aggregator(folder, DatasiteSettings.usual()));
        ann = all.add(Party.owner(folder, ANN, 0, policy, DatasiteSettings.usual()));
    }

    private void launch() throws IOException {
        aggregator.drop("toy", TERMS, 1, "PT10M", "PT10M", ANN);
    }

    private boolean closed() {
        try {
            return aggregator.projects().stream().anyMatch(each -> Files.exists(each.resolve("closed")));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static void sparse(Path file, long bytes) throws IOException {
        Files.createDirectories(file.getParent());
        try (RandomAccessFile out = new RandomAccessFile(file.toFile(), "rw")) {
            out.setLength(bytes);
        }
    }

    @Test
    void keepsNobodyFromLaunchingWithANameThatCannotBe() throws Exception {
        parties("approval: automatic");
        Files.writeString(aggregator.synced("fl_aggregator", "launch", "a\\b"), "");
        aggregator.start();
        ann.start();
        launch();
        aggregator.awaitDone("toy");
    }

    @Test
    void endsNoProjectWithAFileInThePlaceOfAMailbox() throws Exception {
        parties("approval: automatic");
        Path box = aggregator.synced("fl_aggregator", "running", "toy", "fl_clients", ANN);
        Files.createDirectories(box.getParent());
        Files.writeString(box, "in the way");
        aggregator.start();
        ann.start();
        launch();
        aggregator.awaitDone("toy");
        aggregator.awaitRefusal(ANN, "in the place of a folder");
    }

    @Test
    void keepsNoRecordFromBeingSealed() throws Exception {
        parties("approval: automatic");
        for (Path running : new Path[] {
            aggregator.synced("fl_aggregator", "running", "toy"), ann.synced("fl_client", "running", "toy")
        }) {
            Files.createDirectories(running.resolve("manifest.json"));
            Files.createDirectories(running.resolve("manifest.signature"));
            Files.writeString(running.resolve("a\\b"), "");
            for (int i = 0; i < 60; i++) {
                sparse(running.resolve("large-" + i), 1L << 30);
            }
        }
        aggregator.start();
        ann.start();
        launch();
        aggregator.awaitDone("toy");
        Party.until(this::closed);
        for (Party each : new Party[] {aggregator, ann}) {
            String role = each == ann ? "fl_client" : "fl_aggregator";
            Party.until(() -> Files.isRegularFile(each.synced(role, "done", "toy", SealedRecord.SIGNATURE)));
            each.awaitRefusal("manifest.json", "in the place of a file");
        }
    }

    @Test
    void hidesNoAnswerByMovingAProjectToDone() throws Exception {
        parties("approval: ask");
        aggregator.start();
        ann.start();
        launch();
        ann.request("toy");
        aggregator.stop();
        ann.approveByMoving("toy");
        Path running = aggregator.synced("fl_aggregator", "running", "toy");
        Party.until(() -> ann.is(Role.OWNER, "toy", State.RUNNING)); // which it says after its answer
        Files.move(running, aggregator.synced("fl_aggregator", "done", "toy"));
        aggregator.start();
        aggregator.awaitDone("toy");
        aggregator.awaitRefusal("done", "the project is not over");
    }

    @Test
    void hidesNoRequestByMovingItToDone() throws Exception {
        parties("approval: automatic");
        aggregator.start();
        ann.datasite();
        launch();
        Path request = ann.synced("fl_client", "request", "toy");
        Party.until(() -> Files.exists(
                request.resolve(Names.offer(aggregator.datasite().card().authority()))));
        Files.move(request, ann.synced("fl_client", "done", "toy"));
        ann.start();
        aggregator.awaitDone("toy");
        ann.awaitRefusal("done", "the project is not over");
    }

    @Test
    void hidesNoTaskBehindOthers() throws Exception {
        parties("approval: automatic");
        Path models = Files.createDirectories(ann.synced("fl_client", "running", "toy", "agg_weights"));
        for (int i = 0; i < 60_000; i++) {
            Files.createFile(models.resolve("junk-" + i));
        }
        aggregator.start();
        ann.start();
        launch();
        aggregator.awaitDone("toy");
        assertThat(ann.reserved()).isEqualTo(3);
    }

    @Test
    void movesNoOthersProjectByGivingItsOwnThatName() throws Exception {
        aggregator = all.add(Party.aggregator(folder, DatasiteSettings.usual()));
        ann = all.add(Party.owner(folder, ANN, 0, "approval: ask", DatasiteSettings.usual()));
        Party bob = all.add(Party.owner(folder, "bob@b.org", 1, "approval: ask", DatasiteSettings.usual()));
        Party eve = all.add(new Party(folder, "eve@e.org", DatasiteSettings.usual(), java.util.Optional.empty()));
        for (Party each : new Party[] {aggregator, ann, bob}) {
            each.start();
        }
        aggregator.drop("toy", TERMS, 2, "PT10M", "PT10M", ANN, "bob@b.org");
        ann.request("toy");
        ann.approveByMoving("toy");
        Party.until(() -> ann.is(Role.OWNER, "toy", State.RUNNING));
        eve.start();
        eve.drop("toy", TERMS, 1, "PT1S", "PT10M", ANN);
        Party.until(() -> eve.is(Role.AGGREGATOR, "toy", State.FAILED));
        Party.until(() -> ProjectStatus.all(ann.datasite()).stream()
                .anyMatch(each -> each.aggregator().equals("eve@e.org") && each.state() == State.FAILED));
        Thread.sleep(500);
        assertThat(ann.synced("fl_client", "done", "toy")).doesNotExist();
        assertThat(ann.synced(
                        "fl_client",
                        "running",
                        "toy",
                        Names.offer(aggregator.datasite().card().authority())))
                .exists();
        bob.request("toy");
        bob.approveByMoving("toy");
        aggregator.awaitDone("toy");
    }

    @Test
    void fillsNoMemoryWithWhatItSaysIsAPackage() throws Exception {
        parties("approval: automatic");
        Datasite eve = Datasite.init(
                folder.resolve("eve"), Email.of("eve@e.org"), Optional.of(folder.resolve("synced")), Datasite.APP_DATA);
        long bytes = Integer.MAX_VALUE - 8L;
        Path request = ann.synced("fl_client", "request", "huge");
        sparse(request.resolve("package.sotto"), bytes);
        String session = "huge.0123456789abcdef";
        Offer offer = Offer.newBuilder()
                .setSession(session)
                .setPackage(Blobs.named(new byte[32], bytes))
                .setClients(1)
                .build();
        Files.write(
                request.resolve(Names.offer(eve.card().authority())),
                SealedEnvelope.seal(
                        new SealedEnvelope.Header(session, "offer", 0, "eve@e.org", ANN, 1),
                        offer.toByteArray(),
                        eve.keys(),
                        ann.datasite().card()));
        ann.start();
        Party.until(() -> ann.status(Role.OWNER, "huge")
                .flatMap(ProjectStatus::reason)
                .filter(why -> why.contains("the package has"))
                .isPresent());
        assertThat(request.resolve("package.sotto")).exists();
    }

    @Test
    void isNotMetUnderANameWhoseKeysItDoesNotHave() throws Exception {
        parties("approval: automatic");
        String victim = "victim@v.org";
        SealingKeys shown = SealingKeys.generate();
        KeyCard card = KeyCard.of(victim, Datasite.APP_DATA, shown);
        Path place =
                Files.createDirectories(folder.resolve("synced").resolve(victim).resolve(Datasite.APP_DATA));
        Files.write(place.resolve(Datasite.KEY_CARD), card.bytes());
        String session = "theirs.0123456789abcdef";
        Path request = Files.createDirectories(ann.synced("fl_client", "request", "theirs"));
        SealedEnvelope.Header header = new SealedEnvelope.Header(session, "offer", 0, victim, ANN, 1);
        Files.write(
                request.resolve(Names.offer(card.authority())),
                SealedEnvelope.seal(
                        header,
                        new byte[10],
                        SealingKeys.generate(),
                        ann.datasite().card()));
        ann.start();
        ann.awaitRefusal("victim@v.org", "whose signature it does not bear");
        assertThat(ann.datasite().pins().of(victim)).isEmpty();
        Offer offer = Offer.newBuilder()
                .setSession(session)
                .setPackage(Blobs.named(new byte[32], 10))
                .setClients(1)
                .build();
        Files.write(
                request.resolve(Names.offer(card.authority())),
                SealedEnvelope.seal(
                        header, offer.toByteArray(), shown, ann.datasite().card()));
        Party.until(() -> ann.status(Role.OWNER, "theirs").isPresent());
        assertThat(ann.datasite().pins().of(victim).orElseThrow().sameAs(card)).isTrue();
    }

    @Test
    void keepsNoKeyCardFromBeingShownWithAFolderInItsPlace() throws Exception {
        parties("approval: automatic");
        ann.start();
        Path card = ann.synced(Datasite.KEY_CARD);
        Party.until(() -> Files.isRegularFile(card));
        Files.delete(card);
        Files.createDirectories(card.resolve("deep/down"));
        ann.awaitRefusal(Datasite.KEY_CARD, "a folder in the place of a file");
        Party.until(() -> Files.isRegularFile(card));
        assertThat(card).hasBinaryContent(ann.datasite().card().bytes());
    }

    @Test
    void learnsNothingOfWhatAnOwnerAllowsFromItsFolder() throws Exception {
        parties("approval: ask");
        aggregator.start();
        ann.start();
        launch();
        Request request = ann.request("toy");
        ann.service()
                .owner()
                .requests()
                .approve(
                        request,
                        new ApprovalLimits(
                                3,
                                Optional.of(new Epsilon(0.123)),
                                Instant.now().plusSeconds(600)),
                        ann.service().owner().key());
        Party.until(() -> aggregator.is(Role.AGGREGATOR, "toy", State.FAILED));
        Party.until(() -> Files.exists(ann.synced("fl_client", "done", "toy", "logs", "log.txt")));
        assertThat(ann.synced("fl_client", "done", "toy", "logs", "log.txt"))
                .content()
                .contains("round 1: refused: the owner's limits do not cover it")
                .doesNotContain("0.123", "epsilon");
        try (Stream<Path> projects = Files.list(ann.datasite().home().resolve("asked"))) {
            Path only = projects.findFirst().orElseThrow();
            assertThat(only.resolve("log.txt")).content().contains("the owner approved epsilon 0.123");
        }
    }

    @Test
    void findsNoTwoProjectsWhoseNamesDifferInCaseAlone() throws Exception {
        parties("approval: automatic");
        aggregator.start();
        ann.start();
        launch();
        aggregator.awaitDone("toy");
        aggregator.drop("TOY", TERMS, 1, "PT10M", "PT10M", ANN);
        Party.until(() -> aggregator
                .status(Role.AGGREGATOR, "TOY")
                .flatMap(ProjectStatus::reason)
                .filter(why -> why.contains("called toy, and not every file system tells cases apart"))
                .isPresent());
    }

    @Test
    void keepsNoProjectOutForGoodWithOneThatHadTheRoom() throws Exception {
        aggregator = all.add(Party.aggregator(folder, DatasiteSettings.usual())).start();
        ann = all.add(new Party(
                        folder,
                        ANN,
                        DatasiteSettings.usual(),
                        Optional.of(Party.node(0, "approval: automatic") + "limits: {sessions: 1}\n")))
                .start();
        Party bob = all.add(Party.owner(folder, "bob@b.org", 1, "approval: automatic", DatasiteSettings.usual()));
        // The first waits for somebody who comes late.
        aggregator.drop("first", TERMS, 2, "PT10M", "PT10M", ANN, "bob@b.org");
        Party.until(() -> ann.is(Role.OWNER, "first", State.RUNNING));
        aggregator.drop("second", TERMS, 1, "PT10M", "PT10M", ANN);
        Party.until(() -> ann.status(Role.OWNER, "second")
                .flatMap(ProjectStatus::reason)
                .filter(why -> why.contains("as many sessions as may be"))
                .isPresent());
        bob.start();
        aggregator.awaitDone("first");
        aggregator.awaitDone("second");
    }
}
