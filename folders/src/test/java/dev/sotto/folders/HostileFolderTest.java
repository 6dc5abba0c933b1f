package dev.sotto.folders;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.folders.ProjectStatus.Role;
import dev.sotto.folders.ProjectStatus.State;
import dev.sotto.owner.ledger.LedgerLine;
import dev.sotto.owner.request.Decision;
import dev.sotto.owner.request.Request;
import dev.sotto.wire.sealed.KeyCard;
import dev.sotto.wire.sealed.SealedEnvelope;
import dev.sotto.wire.sealed.SealedEnvelope.Header;
import dev.sotto.wire.sealed.SealingKeys;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Somebody may read, write, move and delete everything in the synced tree, and has keys of their own. The model must come out
 * as if nobody had, nothing may be approved or read, nobody held up, and each attempt leaves a line.
 */
@Execution(ExecutionMode.SAME_THREAD)
@DisplayName("A third party with write access to every folder")
class HostileFolderTest {
    private static final int ROUNDS = 8;
    private static final String TERMS =
            FolderFederationTest.TERMS.replace("rounds: 3", "rounds: " + ROUNDS) + FolderFederationTest.PRIVATE;
    private static final SealingKeys MALLORY = SealingKeys.generate();

    @TempDir
    private Path folder;

    private Party.All all;
    private Party aggregator;
    private Party ann;
    private Party bob;
    private Party cyd;
    private final List<Party> owners = new ArrayList<>();

    @BeforeEach
    void prepare() {
        all = new Party.All();
    }

    @AfterEach
    void close() {
        all.close();
    }

    private void parties(String policy) throws IOException {
        DatasiteSettings how = DatasiteSettings.usual().seeded(Party.SEED);
        aggregator = all.add(Party.aggregator(folder, how)).start();
        for (int i = 0; i < FolderFederationTest.OWNERS.length; i++) {
            owners.add(all.add(Party.owner(folder, FolderFederationTest.OWNERS[i], i, policy, how))
                    .start());
        }
        ann = owners.get(0);
        bob = owners.get(1);
        cyd = owners.get(2);
    }

    private int rounds() {
        return aggregator
                .status(Role.AGGREGATOR, "toy")
                .map(ProjectStatus::rounds)
                .orElse(0);
    }

    private Path update(Party owner, int round) {
        return aggregator.synced(
                "fl_aggregator",
                "running",
                "toy",
                "fl_clients",
                owner.datasite().email().text(),
                "trained_model_round_" + round);
    }

    /** The round in which everybody waits for somebody who is away, and has placed nothing in it. */
    private int roundWithout(Party away) {
        Party.until(() -> rounds() >= 1);
        away.stop(); // what it had begun it has placed by now
        int first = 1;
        while (Files.exists(update(away, first))) {
            first++;
        }
        int round = first;
        assertThat(round).as("it waits").isBetween(2, ROUNDS);
        Party.until(() -> rounds() == round - 1
                && owners.stream().allMatch(owner -> owner == away || Files.exists(update(owner, round))));
        return round;
    }

    private void endsAsIfNothingHadHappened() throws Exception {
        aggregator.awaitDone("toy");
        assertThat(aggregator.federated("toy"))
                .isEqualTo(aggregator.simulated("toy", owners).parameters());
        for (Party owner : owners) {
            assertThat(owner.reserved()).isEqualTo(ROUNDS);
        }
    }

    private String session() {
        return aggregator.status(Role.AGGREGATOR, "toy").orElseThrow().session();
    }

    private byte[] forged(String kind, int round, String author, Party reader, byte[] content) {
        Header header = new Header(
                session(),
                kind,
                round,
                author,
                reader.datasite().email().text(),
                System.currentTimeMillis() + 1_000_000);
        return SealedEnvelope.seal(header, content, MALLORY, reader.datasite().card());
    }

    private String letter(String kind) {
        return kind + "-" + aggregator.datasite().card().authority().substring(0, 16) + ".sealed";
    }

    /** Its reader refuses it, or its author has replaced it before that: whoever comes first leaves the line. */
    private void eitherSays(String name) {
        Party.until(() -> Stream.concat(aggregator.refused().stream(), bob.refused().stream())
                .anyMatch(line -> line.contains(name)
                        && (line.contains("whose signature it does not bear") || line.contains("written again"))));
    }

    private static void put(Path file, byte[] content) throws IOException {
        clear(file);
        Path temporary = file.resolveSibling("mallory.tmp");
        Files.write(temporary, content);
        Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }

    private static void clear(Path place) throws IOException {
        if (Files.isSymbolicLink(place) || Files.isRegularFile(place)) {
            Files.deleteIfExists(place);
        } else if (Files.isDirectory(place)) {
            try (Stream<Path> inside = Files.walk(place)) {
                for (Path each : inside.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(each);
                }
            } catch (DirectoryNotEmptyException | NoSuchFileException | java.io.UncheckedIOException e) {
                clear(place); // somebody has written there meanwhile, or taken something away
            }
        }
    }

    @Test
    void cannotPutAnUpdateInSomebodysName() throws Exception {
        parties(FolderFederationTest.AUTOMATIC);
        aggregator.drop("toy", TERMS, 3, "PT10M", "PT10M", FolderFederationTest.OWNERS);
        int round = roundWithout(cyd);
        String name = "trained_model_round_" + round;
        Path box = aggregator.synced("fl_aggregator", "running", "toy", "fl_clients");
        Path file = box.resolve("cyd@c.org").resolve(name);
        byte[] anns = Files.readAllBytes(box.resolve("ann@a.org").resolve(name));
        byte[] earlier = Files.readAllBytes(file.resolveSibling("trained_model_round_" + (round - 1)));

        put(file, "junk".getBytes(StandardCharsets.UTF_8));
        aggregator.awaitRefusal(name, "no sealed message");
        put(file, Arrays.copyOf(earlier, 100));
        aggregator.awaitRefusal(name, "cut short");
        put(file, anns);
        aggregator.awaitRefusal(name, "by ann@a.org, and not by cyd@c.org");
        put(file, earlier);
        aggregator.awaitRefusal(name, "put here from elsewhere");
        byte[] edited = earlier.clone();
        edited[edited.length - 1] ^= 1;
        put(file, edited);
        aggregator.awaitRefusal(name, "damaged");
        put(file, forged("update", round, "cyd@c.org", aggregator, new byte[400]));
        aggregator.awaitRefusal(name, "whose signature it does not bear");
        clear(file);
        try (RandomAccessFile large = new RandomAccessFile(file.toFile(), "rw")) {
            large.setLength(3L << 30);
        }
        aggregator.awaitRefusal(name, "at most", "are read");
        clear(file);
        Files.createSymbolicLink(file, aggregator.datasite().home().resolve("keys/signing-key.pem"));
        aggregator.awaitRefusal(name, "links are not followed", "signing-key.pem");
        clear(file);
        Files.createDirectories(file.resolve("deep/down"));
        aggregator.awaitRefusal(name, "a folder in the place of a file");
        Files.move(box.resolve("cyd@c.org"), folder.resolve("taken"));
        Files.createSymbolicLink(box.resolve("cyd@c.org"), folder.resolve("taken"));
        aggregator.awaitRefusal("cyd@c.org", "a link in the place of a folder");
        for (int i = 0; i < 3000; i++) {
            Files.writeString(Files.createDirectories(box.resolve("cyd@c.org")).resolve("junk-" + i), "junk");
        }

        Path done = aggregator.synced("fl_aggregator", "done", "toy");
        Files.move(aggregator.synced("fl_aggregator", "running", "toy"), done);
        Party.until(() -> aggregator.refused().stream().anyMatch(line -> line.startsWith(done + ": it")));

        assertThat(rounds()).isEqualTo(round - 1);
        assertThat(aggregator.quarantine().stream().filter(line -> !line.kept().isEmpty()))
                .hasSizeGreaterThanOrEqualTo(5)
                .allMatch(line -> Files.exists(
                        aggregator.datasite().home().resolve("quarantine").resolve(line.kept())));
        cyd.start();
        endsAsIfNothingHadHappened();
    }

    @Test
    void cannotHaveAnOwnerTrainAnotherModel() throws Exception {
        parties(FolderFederationTest.AUTOMATIC);
        aggregator.drop("toy", TERMS, 3, "PT10M", "PT10M", FolderFederationTest.OWNERS);
        int round = roundWithout(cyd);
        aggregator.stop();
        Path models = bob.synced("fl_client", "running", "toy", "agg_weights");
        Path next = models.resolve("agg_model_round_" + round);
        Path first = models.resolve("agg_model_round_0");
        long spent = bob.reserved();

        put(next, Files.readAllBytes(first));
        bob.awaitRefusal(next.getFileName().toString(), "put here from elsewhere");
        put(
                next,
                Files.readAllBytes(cyd.synced("fl_client", "running", "toy", "agg_weights")
                        .resolve("agg_model_round_" + (round - 1))));
        bob.awaitRefusal(next.getFileName().toString(), "it is for cyd@c.org, and not for bob@b.org");
        put(next, forged("task", round + 1, Party.AGGREGATOR, bob, new byte[300]));
        bob.awaitRefusal(next.getFileName().toString(), "whose signature it does not bear");
        put(
                bob.synced("fl_client", "running", "toy", letter("over")),
                forged("over", 1, Party.AGGREGATOR, bob, new byte[0]));
        bob.awaitRefusal(letter("over"), "whose signature it does not bear");
        KeyCard mallorys = KeyCard.of(Party.AGGREGATOR, Datasite.APP_DATA, MALLORY);
        put(aggregator.synced(Datasite.KEY_CARD), mallorys.bytes());
        bob.awaitRefusal(Datasite.KEY_CARD, "it alone is trusted");
        put(models.resolve("agg_model_round_" + (round - 1)), Files.readAllBytes(first));
        bob.awaitRefusal("agg_model_round_" + (round - 1), "put here from elsewhere");
        // Moved away, then deleted: who wrote it writes it again.
        Files.move(bob.synced("fl_client", "running", "toy"), bob.synced("fl_client", "done", "toy"));
        clear(bob.synced("fl_client", "running", "toy"));
        clear(aggregator.synced("fl_aggregator", "running", "toy", "fl_clients", "bob@b.org"));

        assertThat(bob.reserved()).isEqualTo(spent);
        aggregator.start();
        cyd.start();
        endsAsIfNothingHadHappened();
        assertThat(KeyCard.parse(Files.readAllBytes(aggregator.synced(Datasite.KEY_CARD)))
                        .sameAs(aggregator.datasite().card()))
                .isTrue();
    }

    @Test
    void cannotApproveOrChangeWhatIsAsked() throws Exception {
        parties("approval: ask");
        aggregator.drop("toy", TERMS, 3, "PT10M", "PT10M", FolderFederationTest.OWNERS);
        Request request = bob.request("toy");
        Path waiting = bob.synced("fl_client", "request", "toy");
        Path running = bob.synced("fl_client", "running", "toy");

        Files.move(waiting, running);
        bob.awaitRefusal("that is no approval", "sotto request approve " + request.shortId());
        Files.writeString(running.resolve("package.sotto"), "swapped");
        aggregator.awaitRefusal("package.sotto", "written again");
        put(running.resolve(letter("offer")), forged("offer", 0, Party.AGGREGATOR, bob, new byte[10]));
        eitherSays(letter("offer"));
        // An answer in an owner's name.
        Path answer = aggregator.synced("fl_aggregator", "running", "toy", "fl_clients", "bob@b.org", "answer.sealed");
        Party.until(() -> Files.exists(answer));
        put(answer, forged("answer", 0, "bob@b.org", aggregator, new byte[10]));
        eitherSays("answer.sealed");
        for (int i = 0; i < 2000; i++) {
            Path junk = Files.createDirectories(bob.synced("fl_client", "request", "junk" + i));
            Files.writeString(junk.resolve(letter("offer")), "junk");
        }
        assertThat(bob.service().owner().requests().decision(request)).isInstanceOf(Decision.Pending.class);
        assertThat(bob.reserved()).isZero();
        assertThat(bob.service().owner().requests().all()).hasSize(1);

        for (Party owner : owners) {
            owner.approveByMoving("toy");
        }
        endsAsIfNothingHadHappened();
    }

    @Test
    void cannotSwapThePackageBeforeItIsSeen() throws Exception {
        parties("approval: ask");
        cyd.stop();
        aggregator.drop("toy", TERMS, 3, "PT10M", "PT10M", FolderFederationTest.OWNERS);
        Path pack = cyd.synced("fl_client", "request", "toy", "package.sotto");
        Party.until(() -> Files.exists(cyd.synced("fl_client", "request", "toy", letter("offer"))));
        aggregator.stop();
        put(pack, "swapped".getBytes(StandardCharsets.UTF_8));
        cyd.start();
        cyd.awaitRefusal("package.sotto", "not what was signed");
        assertThat(cyd.service().owner().requests().all()).isEmpty();
        aggregator.start();
        for (Party owner : owners) {
            owner.approveByMoving("toy");
        }
        endsAsIfNothingHadHappened();
    }

    @Test
    void cannotLaunchInTheAggregatorsName() throws Exception {
        parties(FolderFederationTest.AUTOMATIC);
        Path dropped = Files.createDirectories(aggregator.synced("fl_aggregator", "launch", "evil"));
        Party.fill(dropped, TERMS, 1, "PT10M", "PT10M", FolderFederationTest.OWNERS);
        aggregator.awaitRefusal("evil", "where others can write, so it is not launched");
        aggregator.drop("toy", TERMS, 3, "PT10M", "PT10M", FolderFederationTest.OWNERS);
        endsAsIfNothingHadHappened();
        assertThat(aggregator.status(Role.AGGREGATOR, "evil")).isEmpty();
        assertThat(bob.synced("fl_client", "request", "evil")).doesNotExist();
    }

    @Test
    void cannotReadAnUpdate() throws Exception {
        parties(FolderFederationTest.AUTOMATIC);
        aggregator.drop("toy", TERMS, 3, "PT10M", "PT10M", FolderFederationTest.OWNERS);
        roundWithout(cyd);
        // So that no file comes or goes while they are read; the synced tree stays as it is.
        List<Party> others = List.of(aggregator, ann, bob);
        others.forEach(Party::stop);
        List<byte[]> secrets = new ArrayList<>();
        for (Party owner : List.of(ann, bob)) {
            try (Stream<Path> released = Files.walk(owner.datasite().home().resolve("releases"))) {
                for (Path each : released.filter(Files::isRegularFile).toList()) {
                    secrets.add(Arrays.copyOf(Files.readAllBytes(each), 12));
                }
            }
        }
        assertThat(secrets).isNotEmpty();
        try (Stream<Path> synced = Files.walk(folder.resolve("synced"))) {
            for (Path file : synced.filter(Files::isRegularFile).toList()) {
                String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                for (byte[] secret : secrets) {
                    assertThat(text.contains(new String(secret, StandardCharsets.ISO_8859_1)))
                            .as("%s shows an update", file)
                            .isFalse();
                }
            }
        }
        others.forEach(Party::start);
        cyd.start();
        endsAsIfNothingHadHappened();
    }

    @Test
    void canAskInTheirOwnNameAndNoMore() throws Exception {
        parties("approval: ask");
        Party mallory = all.add(new Party(
                        folder,
                        "mallory@m.org",
                        DatasiteSettings.usual().seeded(Party.SEED),
                        java.util.Optional.empty()))
                .start();
        aggregator.drop("toy", TERMS, 3, "PT10M", "PT10M", FolderFederationTest.OWNERS);
        mallory.drop("toy", TERMS, 3, "PT10M", "PT10M", FolderFederationTest.OWNERS);
        for (Party owner : owners) {
            Party.until(() -> owner.service().owner().requests().all().size() == 2);
            for (Request each : owner.service().owner().requests().all()) {
                if (each.key().coordinator().equals("mallory@m.org")) {
                    owner.service()
                            .owner()
                            .requests()
                            .reject(
                                    each,
                                    "who are you?",
                                    owner.service().owner().key());
                } else {
                    owner.service()
                            .owner()
                            .requests()
                            .approve(
                                    each,
                                    new dev.sotto.owner.request.ApprovalLimits(
                                            ROUNDS,
                                            java.util.Optional.empty(),
                                            java.time.Instant.now().plusSeconds(600)),
                                    owner.service().owner().key());
                }
            }
        }
        endsAsIfNothingHadHappened();
        Party.until(() -> mallory.is(Role.AGGREGATOR, "toy", State.FAILED));
        assertThat(bob.service().owner().ledger().lines())
                .filteredOn(line -> line.kind() == LedgerLine.Kind.RESERVED)
                .allMatch(line -> line.toString().contains(Party.AGGREGATOR));
    }
}
