package dev.sotto.experiment.run;

import dev.sotto.experiment.run.JournalLine.Part;
import dev.sotto.federation.Client;
import dev.sotto.federation.FederationState;
import dev.sotto.federation.RoundRecord;
import dev.sotto.federation.RunJournal;
import dev.sotto.privacy.ledger.LedgerEntry;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Writes checkpoints as a run goes. A round's own part goes to the end of a journal, so its cost does not grow with the
 * rounds; arrays that changed go to new files; {@code checkpoint.json}, replaced as a whole, says which of them hold.
 *
 * <p>Where secret randomness protects something, every round is on disk before it begins and before anybody learns of it:
 * a round that was lost would be paid for twice. Elsewhere a lost round costs only time, so that checkpoints are left out
 * while they would take more than a twentieth of it.
 */
public final class Checkpoints implements RunJournal, AutoCloseable {
    private static final int WORTH = 20;

    private final CheckpointFolder folder;
    private final Closeable lock;
    private final List<Client> clients;
    private final boolean eachRound;
    private final boolean cohorts;
    private final double secondsBefore;
    private final long start = System.nanoTime();
    /** Steps and length of the ledger of each client, as the journal tells them. */
    private final Map<String, Told> told = new HashMap<>();

    private final Set<String> unsaved = new HashSet<>();
    private Map<String, String> arrays = new LinkedHashMap<>();
    private int federationTold;
    private long cost;
    private long saved = start;

    private record Told(int steps, int entries) {
        static final Told NOTHING = new Told(0, 0);
    }

    private Checkpoints(CheckpointFolder folder, List<Client> clients, boolean eachRound, double secondsBefore) {
        this.folder = folder;
        this.lock = folder.lock();
        this.clients = List.copyOf(clients);
        this.eachRound = eachRound;
        this.cohorts = clients.stream().anyMatch(client -> client.privacy().isPresent());
        this.secondsBefore = secondsBefore;
    }

    /**
     * For a run that is about to begin.
     *
     * @param eachRound whether no round may be lost: where secret randomness protects anything
     */
    public static Checkpoints begin(
            RunDirectory directory, RunIdentity identity, List<Client> clients, boolean eachRound) {
        CheckpointFolder folder = new CheckpointFolder(directory.path());
        folder.begin(identity);
        return new Checkpoints(folder, clients, eachRound, 0);
    }

    /** For a run that goes on: likewise. */
    public static Checkpoints after(SavedRun run, List<Client> clients, boolean eachRound) {
        CheckpointFolder folder = new CheckpointFolder(run.directory().path());
        Checkpoints next = new Checkpoints(folder, clients, eachRound, run.seconds());
        folder.mendJournal();
        next.arrays = new LinkedHashMap<>(run.arrays());
        run.clients()
                .forEach((id, state) -> next.told.put(
                        id, new Told(state.stepsTaken(), state.ledger().size())));
        next.federationTold = run.run()
                .state()
                .clientLevel()
                .map(level -> level.ledger().size())
                .orElse(0);
        return next;
    }

    /** What a run that is over leaves: nothing. */
    public static void discard(RunDirectory directory) {
        new CheckpointFolder(directory.path()).files().delete();
    }

    @Override
    public void ready(FederationState state) {
        if (state.round() == 0) {
            save(state);
        }
    }

    @Override
    public void begins(int round, List<String> cohort) {
        if (eachRound) {
            append(JournalLine.begun(round, cohorts ? cohort : List.of()), true);
        }
    }

    @Override
    public void finished(RoundRecord record, FederationState state) {
        Map<String, Part> changed = new LinkedHashMap<>();
        clients.forEach(client -> change(client, changed));
        List<LedgerEntry> ledger =
                state.clientLevel().map(FederationState.ClientLevel::ledger).orElse(List.of());
        List<LedgerEntry> fresh = List.copyOf(ledger.subList(federationTold, ledger.size()));
        boolean due = eachRound || System.nanoTime() - saved > WORTH * cost;
        append(JournalLine.finished(record, changed, fresh), due);
        federationTold = ledger.size();
        unsaved.addAll(changed.keySet());
        if (due) {
            save(state);
        }
    }

    private void change(Client client, Map<String, Part> changed) {
        String id = client.profile().id();
        List<LedgerEntry> entries = client.entries();
        Told before = told.getOrDefault(id, Told.NOTHING);
        Told now = new Told(client.stepsTaken(), entries.size());
        if (!now.equals(before)) {
            changed.put(id, new Part(now.steps(), List.copyOf(entries.subList(before.entries(), now.entries()))));
            told.put(id, now);
        }
    }

    private void append(JournalLine line, boolean force) {
        folder.files().append(CheckpointFolder.JOURNAL, force, CheckpointJson.line(line));
    }

    private void save(FederationState state) {
        long begun = System.nanoTime();
        Map<String, String> next = new LinkedHashMap<>();
        arrays.forEach((name, file) -> {
            if (name.startsWith(Checkpoint.CLIENT)) {
                next.put(name, file);
            }
        });
        next.put(Checkpoint.PARAMETERS, write(Values.bytes(state.parameters())));
        state.strategy().forEach((name, values) -> next.put(Checkpoint.STRATEGY + name, write(Values.bytes(values))));
        state.clientLevel()
                .filter(level -> level.noise().length > 0)
                .ifPresent(level -> next.put(Checkpoint.NOISE, write(Values.bytes(level.noise()))));
        clients.stream()
                .filter(client -> unsaved.contains(client.profile().id()))
                .forEach(client -> saveArrays(client, next));
        unsaved.clear();
        folder.files()
                .replace(
                        CheckpointFolder.CHECKPOINT,
                        CheckpointJson.line(new Checkpoint(
                                state.round(),
                                next,
                                state.clientLevel()
                                        .map(FederationState.ClientLevel::clippingNorm)
                                        .orElse(null),
                                state.exhausted(),
                                state.epsilon(),
                                seconds())));
        arrays = next;
        folder.keepOnly(arrays.values());
        saved = System.nanoTime();
        cost = saved - begun;
    }

    private void saveArrays(Client client, Map<String, String> into) {
        String prefix = Checkpoint.client(client.profile().id());
        client.state().forEach((name, values) -> into.put(prefix + name, write(Values.bytes(values))));
    }

    private String write(ByteBuffer... bytes) {
        return folder.writeArray(bytes);
    }

    /** Lets others go on with the run. */
    @Override
    public void close() {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** How long the run has taken, in all its processes. */
    public double seconds() {
        return secondsBefore + (System.nanoTime() - start) / 1e9;
    }
}
