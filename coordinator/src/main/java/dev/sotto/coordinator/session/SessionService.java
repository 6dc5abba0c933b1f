package dev.sotto.coordinator.session;

import dev.sotto.coordinator.store.Database;
import dev.sotto.coordinator.store.Lease;
import dev.sotto.data.DataContext;
import dev.sotto.formats.config.ConfigException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * All sessions of a coordinator: starts, stops and shows them, and goes on with those that an earlier process left.
 * Thread-safe.
 */
public final class SessionService implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(SessionService.class.getName());
    private static final long RENEWAL_SECONDS = Leasehold.LENGTH.toSeconds() / 4;

    private final SessionRecords records;
    private final SessionFiles files;
    private final Reach reach;
    private final SessionEvents events;
    private final Leasehold leases;
    private final int most;
    private final SessionMeter meter;
    private final ScheduledExecutorService timer;
    private final Map<String, Running> running = new LinkedHashMap<>();
    private boolean draining;

    private record Running(Lease lease, SessionRunner runner) {}

    /**
     * The sessions of a database; nothing runs before {@link #recover} or {@link #start}.
     *
     * @param reach how clients are reached
     * @param owner names this coordinator among those on the database, the same at every start
     * @param most sessions that may be going on when another is started
     * @param meter counts what happens
     * @param data where central test data lies
     */
    public SessionService(
            Database database,
            SessionPackages packages,
            Reach reach,
            String owner,
            int most,
            SessionMeter meter,
            DataContext data,
            Clock clock) {
        this.most = most;
        this.meter = meter;
        this.records = new SessionRecords(database);
        this.files = new SessionFiles(records, packages, data, clock);
        this.reach = reach;
        this.events = new SessionEvents(clock);
        this.leases = new Leasehold(database.leases(), owner);
        this.timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "session-leases");
            thread.setDaemon(true);
            return thread;
        });
        var unused = timer.scheduleWithFixedDelay(this::renew, RENEWAL_SECONDS, RENEWAL_SECONDS, TimeUnit.SECONDS);
    }

    /** Goes on with every session that is not over, each from its last committed round; how many they are. */
    public synchronized int recover() {
        int found = 0;
        for (String id : records.unfinished()) {
            if (!running.containsKey(id) && !draining && launch(id, false)) {
                found++;
            }
        }
        return found;
    }

    /** Keeps what this process runs, lets go of what it has lost, and takes over what nobody runs. */
    private void renew() {
        try {
            List<Running> all;
            synchronized (this) {
                all = new ArrayList<>(running.values());
            }
            all.stream()
                    .filter(own -> !leases.keep(own.lease()))
                    .forEach(own -> own.runner().asked().abandon());
            recover();
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "sessions could not be looked after: " + e.getMessage(), e);
        }
    }

    /**
     * Starts a session.
     *
     * @param actor who wants it, for the audit log
     * @throws IllegalStateException with one line, if there is no room for it
     */
    public synchronized SessionView start(String actor, SessionPackages.Prepared prepared, SessionSettings settings) {
        requireRoom();
        String id = records.create(actor, prepared, settings);
        launch(id, false);
        return show(id);
    }

    private void requireRoom() {
        if (draining) {
            throw new IllegalStateException("the coordinator is shutting down; try again when it is back");
        }
        if (running.size() >= most) {
            throw new IllegalStateException(
                    most + " sessions run already, which is the most; stop one or wait for one to end");
        }
    }

    private boolean launch(String id, boolean resumed) {
        Optional<Lease> lease = leases.claim(id);
        if (lease.isEmpty()) {
            return false;
        }
        SessionRunner runner = new SessionRunner(lease.get(), resumed, records, files, reach, events, meter);
        Thread thread = new Thread(
                () -> {
                    try {
                        runner.run();
                    } finally {
                        ended(lease.get());
                    }
                },
                "session-" + id);
        thread.setDaemon(true);
        running.put(id, new Running(lease.get(), runner));
        thread.start();
        return true;
    }

    private void ended(Lease lease) {
        leases.release(lease);
        synchronized (this) {
            running.remove(lease.session());
            notifyAll();
        }
    }

    /** Asks a session to stop: at once while it gathers, else after the round that is on. */
    public synchronized SessionView stop(String actor, String id, String reason) {
        SessionView view = show(id);
        if (view.state().over()) {
            throw new IllegalArgumentException(
                    "session " + id + " is over: " + view.state().word());
        }
        records.stop(actor, id, reason);
        Optional.ofNullable(running.get(id))
                .ifPresent(own -> own.runner().asked().stop(reason));
        return show(id);
    }

    /** Has a session that was stopped or has failed go on from its last committed round. */
    public synchronized SessionView resume(String actor, String id) {
        SessionView view = show(id);
        if (!view.state().resumable()) {
            throw new IllegalArgumentException(
                    "session " + id + " is " + view.state().word()
                            + (view.state().over()
                                    ? "; only one that was stopped or has failed can go on"
                                    : "; it is still going on"));
        }
        requireRoom();
        awaitEnd(id);
        records.resume(actor, id);
        launch(id, true);
        return show(id);
    }

    /** Its end is written; the thread that wrote it may have a word left to say. */
    private void awaitEnd(String id) {
        long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        try {
            while (running.containsKey(id) && System.nanoTime() < until) {
                wait(100);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (running.containsKey(id)) {
            throw new IllegalStateException("session " + id + " is still ending; try again in a moment");
        }
    }

    /** All sessions, the latest first. */
    public List<SessionView> list() {
        return records.views().stream().map(this::live).toList();
    }

    /**
     * One session.
     *
     * @throws ConfigException if there is none of that id
     */
    public SessionView show(String id) {
        return records.view(id)
                .map(this::live)
                .orElseThrow(() ->
                        new ConfigException("there is no session " + id + "; 'sotto session list' names them all"));
    }

    /** With what only whoever runs it knows. */
    private synchronized SessionView live(SessionView view) {
        return Optional.ofNullable(running.get(view.id()))
                .map(own -> view.with(own.runner().inRound()))
                .orElse(view);
    }

    /** Tells what happens in a session from now on, on threads that must not be held up; close to leave. */
    public AutoCloseable watch(String id, Consumer<SessionEvent> watcher) {
        show(id);
        return events.watch(id, watcher);
    }

    /**
     * Writes a session's files, as a run writes them, as far as it has come.
     *
     * @param into an empty directory
     * @throws IllegalArgumentException if no round has begun, so that there is nothing to write
     */
    public void export(String id, Path into) {
        show(id);
        files.write(id, into);
    }

    /** How many sessions run in this process. */
    public synchronized int running() {
        return running.size();
    }

    /**
     * Leaves sessions for the next process: each ends its round if it can within that time, and what it has committed stays.
     *
     * @return whether all rounds came to their end
     */
    public boolean drain(Duration grace) {
        List<Running> all;
        synchronized (this) {
            draining = true;
            all = new ArrayList<>(running.values());
        }
        all.forEach(own -> own.runner().asked().drain());
        boolean whole = await(grace);
        all.forEach(own -> own.runner().asked().abandon());
        await(Duration.ofSeconds(5));
        timer.shutdownNow();
        return whole;
    }

    private synchronized boolean await(Duration time) {
        long until = System.nanoTime() + time.toNanos();
        try {
            for (long left = time.toNanos(); !running.isEmpty() && left > 0; left = until - System.nanoTime()) {
                wait(Math.max(1, TimeUnit.NANOSECONDS.toMillis(left)));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return running.isEmpty();
    }

    /** Lets go of all sessions as they are; the rounds that are on are not committed. */
    @Override
    public void close() {
        drain(Duration.ZERO);
    }
}
