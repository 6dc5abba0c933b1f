package dev.sotto.coordinator.session;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.coordinator.session.Reach.Acceptance;
import dev.sotto.coordinator.store.SessionState;
import dev.sotto.data.DataContext;
import dev.sotto.data.DataSet;
import dev.sotto.data.Examples;
import dev.sotto.experiment.CentralTestData;
import dev.sotto.experiment.SessionTerms;
import dev.sotto.experiment.packaging.SessionPackage;
import dev.sotto.experiment.report.Report;
import dev.sotto.experiment.run.DataSplit;
import dev.sotto.experiment.run.Provenance;
import dev.sotto.experiment.run.RunDirectory;
import dev.sotto.experiment.run.RunRecorder;
import dev.sotto.experiment.run.RunSummary;
import dev.sotto.federation.ClientPrivacy;
import dev.sotto.federation.Interrupted;
import dev.sotto.federation.Plan;
import dev.sotto.federation.RemoteClient;
import dev.sotto.federation.RunResult;
import dev.sotto.federation.RunResult.Ending;
import dev.sotto.federation.TestData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * A session's files, the same that {@code sotto run} writes, made from what is committed and from nothing else: whichever
 * process asks for them gets the same. Thread-safe.
 */
final class SessionFiles {
    private static final int EVALUATION_THREADS = 2;

    private final SessionRecords records;
    private final SessionPackages packages;
    private final DataContext data;
    private final Clock clock;
    private final Map<ObjectNode, DataSet> loaded = new HashMap<>();

    /**
     * Files of the sessions in these records.
     *
     * @param data where central test data lies
     */
    SessionFiles(SessionRecords records, SessionPackages packages, DataContext data, Clock clock) {
        this.records = records;
        this.packages = packages;
        this.data = data;
        this.clock = clock;
    }

    SessionPackages packages() {
        return packages;
    }

    /** Loaded once for all sessions that name it. */
    private synchronized DataSet central(ObjectNode section) {
        // Not computeIfAbsent: loading may fail.
        DataSet known = loaded.get(section);
        if (known == null) {
            known = CentralTestData.load("test data", section, data);
            loaded.put(section, known);
        }
        return known;
    }

    /** Central test data that fits the terms; closed by the caller. */
    Optional<TestData> testData(SessionSettings settings, SessionTerms terms) {
        return settings.testData().map(section -> {
            Examples examples = central(section).test().orElseThrow();
            terms.contract().misfit(examples).ifPresent(reason -> {
                throw new IllegalArgumentException("test data: " + reason);
            });
            return new TestData(examples, terms.engine(), terms.plan().model(), List.of(), EVALUATION_THREADS);
        });
    }

    /** What a run prints as JSON, and nothing if no round was begun; the path of the model is that of an export. */
    Optional<String> result(String id, SessionState state, Optional<String> reason) {
        SavedSession saved = records.load(id).ended(state, reason, clock.instant());
        if (saved.interrupted().isEmpty()) {
            return Optional.empty();
        }
        try {
            Path folder = Files.createTempDirectory("sotto-session-");
            try {
                return write(saved, folder).map(summary -> summary.json().toString());
            } finally {
                delete(folder);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no room for the session's files: " + e.getMessage(), e);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(folder);
    }

    /**
     * Writes a session's files into an empty directory.
     *
     * @throws IllegalArgumentException if no round has begun, so that there is nothing to write
     */
    void write(String id, Path into) {
        SavedSession saved = records.load(id);
        if (saved.interrupted().isEmpty()) {
            throw new IllegalArgumentException("session " + id + " is "
                    + saved.state().word() + " and has begun no round: there is nothing to export");
        }
        write(saved, into);
    }

    private Optional<RunSummary> write(SavedSession saved, Path into) {
        SessionPackage pack = packages.open(saved.packageDigest());
        SessionTerms terms = pack.terms(saved.roster().size());
        Interrupted run = saved.interrupted().orElseThrow();
        RunResult result =
                run.left(terms.plan(), terms.strategy(), saved.roster().size(), ending(saved.state()), saved.reason());
        List<RemoteClient> clients = clients(saved, terms.plan(), run);
        Provenance provenance = Provenance.of(terms.engine(), saved.settings().seed());
        Duration taken = Duration.between(saved.created(), saved.ended().orElseGet(clock::instant));
        RunDirectory directory = RunDirectory.create(into);
        RunRecorder recorder = RunRecorder.of(
                directory,
                terms.resolved(),
                terms.plan(),
                split(saved),
                run.history(),
                spentBesides(saved, run),
                taken.toMillis() / 1e3);
        if (!saved.state().over()) {
            recorder.brokeOff(result, clients, provenance);
            Report.write(directory);
            return Optional.empty();
        }
        RunSummary summary = recorder.finish(result, clients, provenance);
        Report.write(directory);
        return Optional.of(summary);
    }

    /** A round that is on, or broke off last, counts anyway; what a seed draws again is nothing new. */
    private static List<Integer> spentBesides(SavedSession saved, Interrupted run) {
        return saved.settings().seed().isPresent()
                ? List.of()
                : Stream.concat(
                                run.doneAgain().stream(),
                                run.begun().stream().skip(1).map(Interrupted.Begun::round))
                        .toList();
    }

    private static Ending ending(SessionState state) {
        return switch (state) {
            case COMPLETED -> Ending.COMPLETED;
            case BUDGET -> Ending.BUDGET;
            case STOPPED, STOPPING, GATHERING, RUNNING -> Ending.CANCELLED;
            case FAILED -> Ending.FAILED;
        };
    }

    private static List<RemoteClient> clients(SavedSession saved, Plan plan, Interrupted run) {
        Map<Integer, Optional<ClientPrivacy>> plans = new HashMap<>();
        boolean seeded = saved.settings().seed().isPresent();
        return saved.roster().stream()
                .map(Acceptance::profile)
                .map(profile -> RemoteClient.after(
                        run.history(),
                        profile,
                        plans.computeIfAbsent(profile.examples(), plan::clientPrivacy),
                        plan,
                        seeded))
                .toList();
    }

    private DataSplit split(SavedSession saved) {
        List<DataSplit.Share> shares = saved.roster().stream()
                .map(Acceptance::profile)
                .map(own -> new DataSplit.Share(own.id(), OptionalInt.of(own.examples()), List.of()))
                .toList();
        Optional<DataSet> central = saved.settings().testData().map(this::central);
        OptionalInt tested = central.flatMap(DataSet::test)
                .map(examples -> OptionalInt.of(examples.size()))
                .orElse(OptionalInt.empty());
        return new DataSplit("the clients' own data", "which never left them", tested, List.of(), shares);
    }
}
