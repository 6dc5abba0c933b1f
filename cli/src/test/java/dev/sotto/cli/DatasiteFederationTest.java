package dev.sotto.cli;

import static dev.sotto.cli.Processes.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.folders.ProjectStatus;
import dev.sotto.folders.ProjectStatus.Participant;
import dev.sotto.folders.ProjectStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Three datasites and an aggregator in four folders, each a process of its own, with a fifth that all share: each owner holds
 * digits that no other has. MNIST where it is there, else digits drawn here.
 */
@Tag("system")
final class DatasiteFederationTest {
    private static final int ROUNDS = 3;
    private static final List<String> OWNERS = List.of("a@example.org", "b@example.org", "c@example.org");
    private static final List<String> DIGITS = List.of("0,1,2", "3,4,5", "6,7,8,9");

    @TempDir
    private static Path folder;

    private static final List<LiveDatasite> OWN = new ArrayList<>();
    private static LiveDatasite aggregator;

    /** Once: the projects of all tests run in the same processes. */
    @BeforeAll
    static void start() throws IOException, InterruptedException {
        aggregator = new LiveDatasite(folder, FlSample.AGGREGATOR);
        sample(aggregator.data().resolve("private/fl_aggregator"), "--test", "2000", "--examples", "1");
        aggregator.start();
        for (int i = 0; i < OWNERS.size(); i++) {
            LiveDatasite owner = new LiveDatasite(folder, OWNERS.get(i));
            OWN.add(owner);
            sample(owner.data().resolve("private/fl_client"), "--digits", DIGITS.get(i));
            owner.start();
        }
        await(() -> Stream.concat(Stream.of(aggregator), OWN.stream()).allMatch(LiveDatasite::runs), 180);
    }

    @AfterAll
    static void stop() {
        OWN.forEach(LiveDatasite::close);
        aggregator.close();
    }

    private static void sample(Path into, String... what) {
        List<String> words = new ArrayList<>(List.of("datasite", "sample", into.toString()));
        words.addAll(List.of(what));
        mnist().ifPresent(path -> words.addAll(List.of("--source", "mnist", "--path", path.toString())));
        LiveDatasite.sotto(words.toArray(String[]::new));
    }

    private static Optional<Path> mnist() {
        Path beside =
                Path.of(System.getProperty("sotto.root", "..")).toAbsolutePath().normalize();
        Path shared = Optional.ofNullable(System.getenv("SOTTO_SHARED"))
                .map(Path::of)
                .orElse(beside.resolveSibling("shared"));
        return Optional.of(shared.resolve("data/mnist")).filter(Files::isDirectory);
    }

    /** Launches a project and waits until every owner is asked. */
    private static Path launch(String name, int epoch, String more) throws IOException, InterruptedException {
        Path project = FlSample.write(folder.resolve(name), name, OWNERS, ROUNDS, epoch, more);
        LiveDatasite.sotto(
                "datasite",
                "launch",
                project.toString(),
                "--yes",
                "--data-dir",
                aggregator.data().toString());
        await(() -> OWN.stream().allMatch(owner -> owner.isAsked(name)), 180);
        return project;
    }

    private ProjectStatus ended(String name) throws InterruptedException {
        await(() -> aggregator.is(name, State.DONE) || aggregator.is(name, State.FAILED), 240);
        ProjectStatus status = aggregator.project(name).orElseThrow();
        assertThat(status.state()).as(status.toString()).isEqualTo(State.DONE);
        System.out.println(name + ": accuracy by round "
                + status.accuracies().stream()
                        .map(each -> each.round() + ": " + Console.percent(each.accuracy()))
                        .collect(Collectors.joining(", "))
                + ", epsilon " + status.epsilon());
        return status;
    }

    private static Map<String, Participant> byEmail(ProjectStatus status) {
        return status.participants().stream().collect(Collectors.toMap(Participant::email, Function.identity()));
    }

    @Test
    void digitsThatNobodyHasAllOfAreLearnedByAllThroughFolders() throws Exception {
        Path project = launch("everybody", 1, ", \"privacy\": {\"example_level\": {\"epsilon\": 8}}");
        OWN.get(0).approveByMoving("everybody");
        OWN.get(1).approve("everybody");
        OWN.get(2).approve("everybody");
        ProjectStatus status = ended("everybody");
        assertThat(status.rounds()).isEqualTo(ROUNDS);
        assertThat(status.accuracies()).hasSize(ROUNDS);
        // One owner's digits alone would be three or four in ten.
        assertThat(status.accuracies().get(ROUNDS - 1).accuracy()).isGreaterThan(0.5);
        assertThat(status.epsilon().getAsDouble()).isGreaterThan(7.5).isLessThanOrEqualTo(8);
        assertThat(status.participants()).hasSize(3).allSatisfy(each -> {
            assertThat(each.clientInstalled()).isTrue();
            assertThat(each.approved()).isEqualTo("yes");
            assertThat(each.addedPrivateData()).isTrue();
            assertThat(each.round()).isEqualTo(ROUNDS);
        });
        OWN.forEach(owner -> assertThat(owner.reserved("everybody")).isEqualTo(ROUNDS));
        assertThat(project.resolve("ran")).doesNotExist();
        String shown = LiveDatasite.sotto(
                        "datasite", "status", "--data-dir", aggregator.data().toString())
                .out();
        assertThat(shown)
                .contains("Email", "Client Installed", "Project Approved", "Added Private Data", "Round")
                .contains("Training Progress", "accuracy by round: 1: ");
    }

    @Test
    void oneNeverApprovesOneRevokesOneIsKilledAndTheOthersGoOn() throws Exception {
        LiveDatasite revokes = OWN.get(1);
        LiveDatasite killed = OWN.get(2);
        // Long enough rounds to be killed in.
        launch(
                "stubborn",
                20,
                ", \"privacy\": {\"example_level\": {\"noise_multiplier\": 2.0}},"
                        + " \"min_clients\": 1, \"gather_timeout\": \"40s\", \"round_timeout\": \"2m\"");
        revokes.approve("stubborn");
        // A round that is cut short is paid for again, so this one leaves room for it.
        killed.approve("stubborn", "--epsilon", "6");
        await(() -> aggregator.hasDone("stubborn", 1), 240);
        revokes.revoke("stubborn");
        await(() -> killed.trains("stubborn", 2), 120);
        killed.kill();
        killed.start();
        ProjectStatus status = ended("stubborn");
        assertThat(status.rounds()).isEqualTo(ROUNDS);
        assertThat(status.accuracies()).hasSize(ROUNDS);
        Map<String, Participant> by = byEmail(status);
        assertThat(by.get(OWNERS.get(0)).approved()).isNotEqualTo("yes");
        assertThat(OWN.get(0).reserved("stubborn")).isZero();
        assertThat(by.get(OWNERS.get(1)).approved()).isEqualTo("revoked");
        assertThat(revokes.reserved("stubborn")).isLessThan(ROUNDS);
        assertThat(by.get(OWNERS.get(2)).round()).isEqualTo(ROUNDS);
        // The round that was interrupted is paid for twice.
        assertThat(killed.reserved("stubborn")).isGreaterThan(ROUNDS);
    }
}
