package dev.sotto.experiment.run;

import dev.sotto.experiment.ExperimentFile;
import dev.sotto.federation.ClientState;
import dev.sotto.federation.FederationState;
import dev.sotto.federation.Interrupted;
import dev.sotto.federation.Interrupted.Begun;
import dev.sotto.federation.RoundRecord;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.privacy.ledger.LedgerEntry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * An interrupted run as its directory keeps it.
 *
 * @param directory the run's
 * @param identity which run it is
 * @param run the federation's part
 * @param clients what each client knew
 * @param arrays files that hold, by name of the array
 * @param seconds that the run had taken
 */
public record SavedRun(
        RunDirectory directory,
        RunIdentity identity,
        Interrupted run,
        Map<String, ClientState> clients,
        Map<String, String> arrays,
        double seconds) {

    /**
     * Reads what an interruption left.
     *
     * @throws ConfigException in one line, if the run is over, was never begun, or its files are damaged
     */
    public static SavedRun read(Path path) {
        RunDirectory directory = RunDirectory.open(path);
        CheckpointFolder folder = new CheckpointFolder(path);
        if (!folder.usable()) {
            String why = Files.exists(directory.file(RunDirectory.RESULT))
                    ? "the run is over, there is nothing to go on with"
                    : "it keeps no checkpoint to go on from; run the experiment anew in another directory";
            throw new ConfigException("run directory " + path + ": " + why);
        }
        RunIdentity identity = folder.read(CheckpointFolder.IDENTITY, RunIdentity.class);
        if (identity.format() != RunIdentity.FORMAT) {
            throw new ConfigException(
                    "run directory " + path + ": its checkpoint is of another version of Sotto (format "
                            + identity.format() + "); go on with that one");
        }
        directory.experiment().ifPresent(now -> identity.requireExperiment(path, now));
        return new Reading(folder).of(directory, identity);
    }

    /** Whether a directory holds a run that can be gone on with. */
    public static boolean exists(Path directory) {
        return new CheckpointFolder(directory).usable();
    }

    /** After which round a run would go on; empty if it cannot. */
    public static OptionalInt round(Path directory) {
        CheckpointFolder folder = new CheckpointFolder(directory);
        return folder.usable()
                ? OptionalInt.of(folder.read(CheckpointFolder.CHECKPOINT, Checkpoint.class)
                        .round())
                : OptionalInt.empty();
    }

    /**
     * Rounds that were begun and came to no safe end, each as often: what was reserved in them is spent besides what the history
     * tells. None with a seed, which draws them again bit by bit.
     */
    List<Integer> spentBesides() {
        return identity.experiment().hasNonNull("seed")
                ? List.of()
                : Stream.concat(run.doneAgain().stream(), run.begun().stream().map(Begun::round))
                        .toList();
    }

    /** The experiment, to be loaded again. */
    public ExperimentFile file() {
        Path written = directory.file(RunDirectory.EXPERIMENT);
        return ExperimentFile.of(written.toString(), Path.of(identity.folder()), identity.experiment());
    }

    /** Folds the journal up to the checkpoint's round. */
    private static final class Reading {
        private final CheckpointFolder folder;
        private final Checkpoint checkpoint;
        /** The line of each round that is over: of two, the later one, which began after an interruption. */
        private final Map<Integer, JournalLine> over = new TreeMap<>();

        private final List<Begun> begun = new ArrayList<>();

        Reading(CheckpointFolder folder) {
            this.folder = folder;
            this.checkpoint = folder.read(CheckpointFolder.CHECKPOINT, Checkpoint.class);
            for (JournalLine line : folder.journal()) {
                if (line.record() == null) {
                    begun.add(new Begun(line.begun(), line.cohort()));
                } else if (line.record().round() <= checkpoint.round()) {
                    over.put(line.record().round(), line);
                    begun.clear();
                }
            }
            if (over.size() != checkpoint.round()) {
                throw folder.damaged(CheckpointFolder.JOURNAL);
            }
        }

        SavedRun of(RunDirectory directory, RunIdentity identity) {
            List<RoundRecord> history =
                    over.values().stream().map(JournalLine::record).toList();
            return new SavedRun(
                    directory,
                    identity,
                    new Interrupted(federation(), history, begun),
                    clients(),
                    checkpoint.arrays(),
                    checkpoint.seconds());
        }

        private FederationState federation() {
            List<LedgerEntry> ledger = new ArrayList<>();
            over.values().forEach(line -> ledger.addAll(line.federation()));
            Optional<FederationState.ClientLevel> clientLevel = Optional.ofNullable(checkpoint.clippingNorm())
                    .map(norm -> new FederationState.ClientLevel(ledger, norm, noise()));
            return new FederationState(
                    checkpoint.round(),
                    floats(Checkpoint.PARAMETERS),
                    below(Checkpoint.STRATEGY),
                    checkpoint.exhausted(),
                    checkpoint.epsilon(),
                    clientLevel);
        }

        private byte[] noise() {
            String file = checkpoint.arrays().get(Checkpoint.NOISE);
            return file == null ? new byte[0] : Values.read(folder.files().file(file));
        }

        private Map<String, ClientState> clients() {
            Map<String, Integer> steps = new LinkedHashMap<>();
            Map<String, List<LedgerEntry>> entries = new LinkedHashMap<>();
            for (JournalLine line : over.values()) {
                line.clients().forEach((id, part) -> {
                    steps.put(id, part.steps());
                    entries.computeIfAbsent(id, none -> new ArrayList<>()).addAll(part.entries());
                });
            }
            Map<String, ClientState> states = new LinkedHashMap<>();
            steps.forEach((id, taken) ->
                    states.put(id, new ClientState(taken, entries.get(id), below(Checkpoint.client(id)))));
            return states;
        }

        private Map<String, float[]> below(String prefix) {
            Map<String, float[]> found = new LinkedHashMap<>();
            checkpoint.arrays().keySet().stream()
                    .filter(name -> name.startsWith(prefix))
                    .forEach(name -> found.put(name.substring(prefix.length()), floats(name)));
            return found;
        }

        private float[] floats(String name) {
            return Values.floats(folder.files().file(checkpoint.arrays().get(name)));
        }
    }
}
