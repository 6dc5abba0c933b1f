package dev.sotto.folders.aggregator;

import dev.sotto.data.DataSet;
import dev.sotto.experiment.SessionTerms;
import dev.sotto.experiment.packaging.SessionPackage;
import dev.sotto.experiment.report.Report;
import dev.sotto.experiment.run.Checkpoints;
import dev.sotto.experiment.run.DataSplit;
import dev.sotto.experiment.run.Provenance;
import dev.sotto.experiment.run.RunDirectory;
import dev.sotto.experiment.run.RunIdentity;
import dev.sotto.experiment.run.RunRecorder;
import dev.sotto.experiment.run.SavedRun;
import dev.sotto.federation.ClientPrivacy;
import dev.sotto.federation.Federation;
import dev.sotto.federation.RemoteClient;
import dev.sotto.federation.RoundRecord;
import dev.sotto.federation.RunListener;
import dev.sotto.federation.RunResult;
import dev.sotto.federation.TestData;
import dev.sotto.folders.DatasiteSettings;
import dev.sotto.privacy.random.Randomness;
import dev.sotto.wire.sealed.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** The rounds of a project, with the files of a run, a checkpoint after each round, and the way back to the last of them. */
final class ProjectRounds {
    private static final int EVALUATION_THREADS = 2;
    private static final List<String> FILES = List.of(
            RunDirectory.EXPERIMENT,
            RunDirectory.HISTORY,
            RunDirectory.SAFETENSORS,
            RunDirectory.NPZ,
            RunDirectory.PRIVACY,
            RunDirectory.RESULT,
            RunDirectory.REPORT,
            RunDirectory.ACCURACY);

    private final RoundContext context;
    private final Path folder;
    private final SessionPackage pack;
    private final SessionTerms terms;
    private final Optional<DataSet> central;
    private final DatasiteSettings how;
    private final ProjectBoard board;
    private final FolderFleet fleet;
    private final Provenance provenance;

    ProjectRounds(
            RoundContext context,
            Path folder,
            SessionPackage pack,
            SessionTerms terms,
            Optional<DataSet> central,
            DatasiteSettings how,
            ProjectBoard board) {
        this.context = context;
        this.folder = folder;
        this.pack = pack;
        this.terms = terms;
        this.central = central;
        this.how = how;
        this.board = board;
        this.fleet = new FolderFleet(context);
        this.provenance = Provenance.of(terms.engine(), how.testSeed());
    }

    /**
     * How the rounds ended.
     *
     * @param reason in one line, or empty
     * @param told what participants are told
     * @param rounds that were done
     */
    record End(boolean failed, String reason, String told, int rounds) {}

    /** Runs all rounds, or those that are left. */
    End run() throws IOException {
        Optional<SavedRun> saved = SavedRun.exists(folder) ? Optional.of(SavedRun.read(folder)) : Optional.empty();
        RunIdentity identity = RunIdentity.of(
                terms.resolved(), "", fleet.clients(), terms.engine().description());
        saved.ifPresent(run -> run.identity().requireSame(folder, identity));
        if (saved.isEmpty()) {
            PrivateFile.folder(folder);
        }
        RunRecorder recorder = saved.map(run -> new RunRecorder(run, terms.plan(), split()))
                .orElseGet(
                        () -> new RunRecorder(RunDirectory.replace(folder), terms.resolved(), terms.plan(), split()));
        saved.ifPresent(run -> run.run().history().forEach(this::show));
        // No round may be lost: it would be paid for twice, here or at the owners.
        try (Checkpoints journal = saved.map(run -> Checkpoints.after(run, List.of(), true))
                        .orElseGet(() -> Checkpoints.begin(recorder.directory(), identity, List.of(), true));
                fleet) {
            return ended(result(saved, recorder, journal), recorder);
        }
    }

    private RunResult result(Optional<SavedRun> saved, RunRecorder recorder, Checkpoints journal) {
        Randomness randomness =
                how.testSeed().isPresent() ? Randomness.seeded(how.testSeed().getAsLong()) : Randomness.secret();
        Optional<TestData> tests = central.flatMap(DataSet::test)
                .map(examples ->
                        new TestData(examples, terms.engine(), terms.plan().model(), List.of(), EVALUATION_THREADS));
        try {
            Federation federation = new Federation(
                    terms.plan(),
                    terms.strategy(),
                    fleet,
                    tests,
                    randomness,
                    RunListener.all(List.of(recorder, watcher())),
                    journal);
            return saved.map(run -> federation.resume(run.run())).orElseGet(() -> federation.run(pack.seed()));
        } finally {
            tests.ifPresent(TestData::close);
        }
    }

    private RunListener watcher() {
        return new RunListener() {
            @Override
            public void roundFinished(RoundRecord record, float[] parameters) {
                show(record);
                context.changed().run();
            }
        };
    }

    private void show(RoundRecord record) {
        board.add(context.project(), record, terms.plan().model().loss());
    }

    private End ended(RunResult result, RunRecorder recorder) {
        recorder.finish(result, clients(result), provenance);
        Report.write(recorder.directory());
        String reason = result.reason().orElse("");
        int rounds = result.history().size();
        return switch (result.ending()) {
            case COMPLETED -> new End(false, reason, "completed", rounds);
            case BUDGET -> new End(result.rounds() == 0, reason, "budget: " + reason, rounds);
            case DIVERGED, FAILED, CANCELLED -> new End(true, reason, "failed: " + reason, rounds);
        };
    }

    private List<RemoteClient> clients(RunResult result) {
        Map<Integer, Optional<ClientPrivacy>> plans = new HashMap<>();
        return fleet.clients().stream()
                .map(profile -> RemoteClient.after(
                        result.history(),
                        profile,
                        plans.computeIfAbsent(profile.examples(), terms.plan()::clientPrivacy),
                        terms.plan(),
                        how.testSeed().isPresent()))
                .toList();
    }

    private DataSplit split() {
        List<DataSplit.Share> shares = fleet.clients().stream()
                .map(own -> new DataSplit.Share(own.id(), OptionalInt.of(own.examples()), List.of()))
                .toList();
        OptionalInt tested = central.flatMap(DataSet::test)
                .map(examples -> OptionalInt.of(examples.size()))
                .orElse(OptionalInt.empty());
        return new DataSplit(
                "the participants' own",
                "the participants' own data, which never left them",
                tested,
                List.of(),
                shares);
    }

    /** The last released model as a file, if there is one. */
    Optional<byte[]> model() throws IOException {
        Path file = folder.resolve(RunDirectory.SAFETENSORS);
        return Files.exists(file) ? Optional.of(Files.readAllBytes(file)) : Optional.empty();
    }

    /** Copies what a run writes to where the user looks for it. */
    void copyTo(Path target) throws IOException {
        PrivateFile.folder(target);
        for (String name : FILES) {
            if (Files.exists(folder.resolve(name))) {
                Files.copy(folder.resolve(name), target.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** Once the end is noted, there is nothing to go on with. */
    void discardCheckpoints() {
        Checkpoints.discard(RunDirectory.open(folder));
    }
}
