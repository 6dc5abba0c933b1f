package dev.sotto.node;

import dev.sotto.formats.config.ConfigException;
import dev.sotto.node.link.Handler;
import dev.sotto.owner.Owner;
import dev.sotto.owner.desk.Activity;
import dev.sotto.owner.desk.HostedSession;
import dev.sotto.owner.desk.OwnedExamples;
import dev.sotto.owner.settings.ClientSettings;
import dev.sotto.wire.v1.Offer;
import dev.sotto.wire.v1.Reason;
import dev.sotto.wire.v1.SessionOver;
import dev.sotto.wire.v1.Task;
import dev.sotto.wire.v1.Welcome;
import dev.sotto.wire.v1.Withdraw;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;

/**
 * The agent of a data owner: answers offers, works on tasks, and keeps to what the owner allows. Nothing that a coordinator says
 * ends it; what it refuses, it refuses in one line. The line to the coordinator is kept by whoever started it.
 */
public final class NodeAgent implements Handler, AutoCloseable {
    private static final Duration DRAIN = Duration.ofSeconds(60);
    /** What was given up ends between two steps, and what was heard is soon done. */
    private static final Duration GIVING_UP = Duration.ofSeconds(10);

    private static final Duration ASKING = Duration.ofSeconds(1);
    private static final int MEBI = 20;

    private final NodeLog log;
    private final SessionDesk sessions;
    private final Activity activity = new Activity();
    private final TaskDesk tasks;
    private final Map<String, Job> jobs = new ConcurrentHashMap<>();
    /** Apart from the desk of sessions, which may be downloading. */
    private final ScheduledExecutorService heed =
            Executors.newSingleThreadScheduledExecutor(new DaemonThreads("sotto-owner"));

    private final ExecutorService workers;
    private final Semaphore memory;
    private volatile boolean stopping;

    /**
     * An agent, ready to be connected. Sessions that were agreed to before and are not over go on.
     *
     * @param cache where the uplink puts downloads, by their digests
     * @param settings of this client; empty for what packages say
     * @param testSeed draws everything from a seed, so that nothing is private; empty for secret randomness
     * @throws ConfigException if there is a seed and the data is not marked as test data
     */
    public NodeAgent(
            OwnedExamples data,
            NodeIdentity identity,
            Owner owner,
            Path cache,
            Uplink uplink,
            Optional<ClientSettings> settings,
            Optional<Long> testSeed) {
        if (testSeed.isPresent() && !data.file().testData()) {
            throw new ConfigException(data.file().name() + ": test-data: a seed takes all privacy away, so a node draws"
                    + " from one only where test-data is true; leave --insecure-test-seed out");
        }
        this.log = new NodeLog(uplink, testSeed.isPresent());
        this.sessions = new SessionDesk(data, identity, owner, cache, uplink, settings, testSeed, log, () -> stopping);
        this.tasks = new TaskDesk(
                identity, uplink, log, activity, data.file().policy().progress());
        this.workers = Executors.newFixedThreadPool(data.file().limits().threads(), new DaemonThreads("sotto-worker"));
        this.memory = new Semaphore(permits(data.file().limits().memory()));
        sessions.open(ASKING);
        var unused = heed.scheduleWithFixedDelay(
                this::heedOwner, ASKING.toMillis(), ASKING.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What it works on. */
    public Activity activity() {
        return activity;
    }

    private static int permits(long bytes) {
        return (int) Math.min(Integer.MAX_VALUE, (bytes >> MEBI) + 1);
    }

    /** What this node takes part in. */
    @Override
    public List<String> sessions() {
        return sessions.ids();
    }

    @Override
    public void connected(Welcome welcome) {
        log.local(Level.INFO, "connected to " + welcome.getCoordinatorId() + " as " + welcome.getClientId());
    }

    @Override
    public void disconnected(String reason, Duration retry) {
        log.local(Level.WARNING, "not connected: " + reason + "; trying again in " + seconds(retry) + " s");
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%.1f", time.toMillis() / 1e3);
    }

    @Override
    public void offer(Offer offer) {
        if (!stopping) {
            sessions.offer(offer);
        }
    }

    /** What an owner revokes stops while it is worked on, not only before it is. */
    private void heedOwner() {
        for (Job job : jobs.values()) {
            Optional<HostedSession> session = sessions.find(job.session());
            if (session.isPresent() && job.wanted()) {
                try {
                    session.get().owner().forbidden().ifPresent(job::forbid);
                } catch (RuntimeException e) {
                    log.local("session " + job.session() + ": the owner's decision could not be read", e);
                }
            }
        }
    }

    @Override
    public void task(Task task) {
        if (stopping) {
            return;
        }
        Job job = new Job(task);
        Job before = jobs.putIfAbsent(task.getId(), job);
        if (before == null) {
            workers.execute(() -> work(task, job));
        } else {
            before.askAgain();
        }
    }

    private void work(Task task, Job job) {
        boolean answered = true;
        try {
            answered = answered(task, job);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            jobs.remove(task.getId());
        }
        // It was asked again over a new connection while the old one was still tried.
        if (!answered && job.askedAgain()) {
            task(task);
        }
    }

    private boolean answered(Task task, Job job) throws InterruptedException {
        Optional<HostedSession> session = sessions.find(task.getSession());
        if (session.isEmpty()) {
            tasks.refuse(task, Reason.FAILED, "this node takes no part in the session", OptionalDouble.empty());
            return true;
        }
        int needed = permits(session.get().memory());
        memory.acquire(needed);
        try {
            // What the owner forbids is refused, with the reason; what nobody waits for needs no answer.
            if (stopping || !(job.wanted() || job.forbidden().isPresent())) {
                log.local(Level.INFO, TaskDesk.words(task) + ": nobody waits for it any more; nothing was spent");
                return true;
            }
            return tasks.work(job, session.get());
        } finally {
            memory.release(needed);
        }
    }

    @Override
    public void withdraw(Withdraw withdraw) {
        Optional.ofNullable(jobs.get(withdraw.getTask())).ifPresent(job -> {
            job.withdraw(withdraw.getReason());
            log.local(Level.INFO, "a task was withdrawn: " + withdraw.getReason());
        });
    }

    @Override
    public void over(SessionOver over) {
        end(over.getSession(), "the session is over: " + over.getEnding());
        if (!stopping) {
            sessions.over(over);
        }
    }

    private void end(String session, String reason) {
        jobs.values().stream().filter(job -> job.session().equals(session)).forEach(job -> job.end(reason));
    }

    /** The coordinator has shut this node out: nothing that is under way could be delivered. */
    public void shutOut() {
        stopping = true;
        jobs.values().forEach(job -> job.end("the coordinator has shut this node out"));
    }

    /**
     * Takes nothing new, lets what is under way come to its end for a minute, gives up what has not, and stops. What was
     * released is kept.
     */
    @Override
    public void close() {
        drain(DRAIN);
    }

    /** The same, with another time for what is under way. */
    void drain(Duration grace) {
        if (!stopping) {
            log.local(Level.INFO, "stopping" + (jobs.isEmpty() ? "" : " once what is under way has ended"));
        }
        stopping = true;
        sessions.shutdown();
        workers.shutdown();
        try {
            if (!workers.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                log.local(
                        Level.WARNING,
                        "a task did not end in " + grace.toSeconds() + " s; what it reserved stays spent");
                jobs.values().forEach(job -> job.end("this node is stopping"));
                if (!workers.awaitTermination(GIVING_UP.toSeconds(), TimeUnit.SECONDS)) {
                    log.local(Level.WARNING, "a task cannot be given up; it is left");
                }
            }
            if (!sessions.awaitTermination(GIVING_UP)) {
                log.local(Level.WARNING, "what was offered last is left undecided");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sessions.shutdownNow();
        heed.shutdownNow();
        workers.shutdownNow();
    }
}
