package dev.sotto.node;

import dev.sotto.formats.Printable;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.node.link.Handler;
import dev.sotto.owner.Owner;
import dev.sotto.owner.desk.Activity;
import dev.sotto.owner.desk.HostedSession;
import dev.sotto.owner.desk.OfferDesk;
import dev.sotto.owner.desk.Outcome;
import dev.sotto.owner.desk.OwnedExamples;
import dev.sotto.owner.desk.RefusedOfferException;
import dev.sotto.owner.desk.RefusedOfferException.Ground;
import dev.sotto.owner.ledger.SessionKey;
import dev.sotto.owner.request.Decision;
import dev.sotto.owner.request.Request;
import dev.sotto.owner.settings.ClientSettings;
import dev.sotto.privacy.random.Randomness;
import dev.sotto.wire.v1.Accepted;
import dev.sotto.wire.v1.Answer;
import dev.sotto.wire.v1.FromNode;
import dev.sotto.wire.v1.Offer;
import dev.sotto.wire.v1.Pending;
import dev.sotto.wire.v1.Reason;
import dev.sotto.wire.v1.Refusal;
import dev.sotto.wire.v1.SessionOver;
import dev.sotto.wire.v1.Task;
import dev.sotto.wire.v1.Welcome;
import dev.sotto.wire.v1.Withdraw;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
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
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Level;

/**
 * The agent of a data owner: answers offers, works on tasks, and keeps to what the owner allows. Nothing that a coordinator says
 * ends it; what it refuses, it refuses in one line. The line to the coordinator is kept by whoever started it.
 */
public final class NodeAgent implements Handler, AutoCloseable {
    private static final Duration DRAIN = Duration.ofSeconds(60);
    /** What was given up ends between two steps. */
    private static final Duration GIVING_UP = Duration.ofSeconds(10);

    private static final Duration ASKING = Duration.ofSeconds(1);
    private static final int MEBI = 20;

    private final OwnedExamples data;
    private final NodeIdentity identity;
    private final Owner owner;
    private final Path cache;
    private final Uplink uplink;
    private final boolean seeded;
    private final NodeLog log;
    private final OfferDesk offers;
    private final Activity activity = new Activity();
    private final TaskDesk tasks;
    private final Map<String, HostedSession> sessions = new ConcurrentHashMap<>();
    private final Map<String, Job> jobs = new ConcurrentHashMap<>();
    /** Sessions that the owner has yet to decide on; the desk's alone. */
    private final Map<String, Request> waiting = new HashMap<>();

    private final ScheduledExecutorService desk = Executors.newSingleThreadScheduledExecutor(named("sotto-offers"));
    /** Apart from the desk, which may be downloading. */
    private final ScheduledExecutorService heed = Executors.newSingleThreadScheduledExecutor(named("sotto-owner"));

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
        this.data = data;
        this.identity = identity;
        this.owner = owner;
        this.cache = cache;
        this.uplink = uplink;
        this.seeded = testSeed.isPresent();
        this.log = new NodeLog(uplink, seeded);
        this.offers = new OfferDesk(
                data,
                identity.counterpart(),
                owner,
                settings,
                testSeed.map(Randomness::seeded).orElseGet(Randomness::secret));
        this.tasks = new TaskDesk(
                identity, uplink, log, activity, data.file().policy().progress());
        this.workers = Executors.newFixedThreadPool(data.file().limits().threads(), named("sotto-worker"));
        this.memory = new Semaphore(permits(data.file().limits().memory()));
        declare();
        owner.open(identity.coordinator()).forEach(this::reopen);
        var unused = desk.scheduleWithFixedDelay(
                this::askOwner, ASKING.toMillis(), ASKING.toMillis(), TimeUnit.MILLISECONDS);
        var unusedToo = heed.scheduleWithFixedDelay(
                this::heedOwner, ASKING.toMillis(), ASKING.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** What it works on. */
    public Activity activity() {
        return activity;
    }

    private static ThreadFactory named(String name) {
        AtomicInteger number = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    private static int permits(long bytes) {
        return (int) Math.min(Integer.MAX_VALUE, (bytes >> MEBI) + 1);
    }

    private void declare() {
        if (offers.declare()) {
            log.local(
                    Level.WARNING,
                    "data set '" + data.file().dataSet() + "' is not what it was: what was spent on it counts on, and"
                            + " what was approved must be approved anew. If other records came in, give it a new id that"
                            + " inherits from this one");
        }
        owner.sweep();
    }

    /** Goes on with a session that was agreed to, if its package is still here; if not, it will be offered again. */
    private void reopen(Owner.Agreed agreed) {
        Path file = cache.resolve(agreed.packageDigest());
        if (!Files.isRegularFile(file)) {
            return;
        }
        byte[] digest = HexFormat.of().parseHex(agreed.packageDigest());
        try {
            Outcome outcome = offers.accept(agreed.session(), file, digest, agreed.clients());
            if (outcome instanceof Outcome.Hosted hosted) {
                sessions.put(agreed.session(), hosted.session());
                log.local(Level.INFO, "session " + agreed.session() + ": goes on");
            } else if (outcome instanceof Outcome.Waiting own) {
                waits(own.request());
            }
        } catch (RefusedOfferException | RuntimeException e) {
            log.local(Level.WARNING, "session " + agreed.session() + ": does not go on: " + e.getMessage());
        }
    }

    /** What this node takes part in. */
    @Override
    public List<String> sessions() {
        return List.copyOf(sessions.keySet());
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
            desk.execute(() -> answer(offer.getSession(), () -> decide(offer)));
        }
    }

    /** How it is decided whether a session may use the data. */
    private interface Deciding {
        Outcome decide() throws RefusedOfferException, IOException;
    }

    /** What an owner revokes stops while it is worked on, not only before it is. */
    private void heedOwner() {
        for (Job job : jobs.values()) {
            HostedSession session = sessions.get(job.session());
            if (session != null && job.wanted()) {
                try {
                    Decision now = owner.requests().decision(session.owner().request());
                    if (now instanceof Decision.Revoked || now instanceof Decision.Rejected) {
                        job.forbid(now.refusal());
                    }
                } catch (RuntimeException e) {
                    log.local("session " + job.session() + ": the owner's decision could not be read", e);
                }
            }
        }
    }

    /** Answers by itself once the owner has decided: the coordinator does not ask again. */
    private void askOwner() {
        for (Request request : List.copyOf(waiting.values())) {
            String id = request.key().session();
            try {
                Decision now = owner.requests().decision(request);
                if (!stopping && !(now instanceof Decision.Pending) && !(now instanceof Decision.Expired)) {
                    byte[] digest = HexFormat.of().parseHex(request.packageDigest());
                    answer(id, () -> {
                        requireRoom(id);
                        return offers.accept(id, request.file(), digest, request.clients());
                    });
                }
            } catch (RuntimeException e) {
                log.local("session " + id + ": the owner's decision could not be read", e);
            }
        }
    }

    private void waits(Request request) {
        if (!request.equals(waiting.put(request.key().session(), request))) {
            log.local(
                    Level.INFO,
                    "session " + request.key().session() + ": waits for the owner: request " + request.shortId());
        }
    }

    private void answer(String id, Deciding deciding) {
        Answer.Builder answer = Answer.newBuilder().setSession(id);
        try {
            Outcome outcome = deciding.decide();
            if (outcome instanceof Outcome.Hosted hosted) {
                waiting.remove(id);
                // Offered again, as after a restart of the coordinator: a round that is on must stay the only one.
                HostedSession session =
                        sessions.merge(id, hosted.session(), (now, again) -> now.sameAs(again) ? now : again);
                answer.setAccepted(accepted(session));
                log.local(Level.INFO, "session " + id + ": accepted");
            } else if (outcome instanceof Outcome.Waiting own) {
                sessions.remove(id);
                waits(own.request());
                answer.setPending(Pending.getDefaultInstance());
            }
        } catch (RefusedOfferException e) {
            waiting.remove(id);
            sessions.remove(id);
            answer.setRefused(Refusal.newBuilder().setReason(reason(e.ground())).setMessage(e.getMessage()));
            log.local(Level.WARNING, "session " + id + ": refused: " + e.getMessage());
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            waiting.remove(id);
            log.local("session " + id + ": it could not be decided on", e);
            answer.setRefused(Refusal.newBuilder()
                    .setReason(Reason.FAILED)
                    .setMessage("the node could not decide; its own log says why"));
        }
        uplink.send(FromNode.newBuilder().setAnswer(answer).build());
    }

    private static Reason reason(Ground ground) {
        return switch (ground) {
            case BUDGET -> Reason.BUDGET;
            case POLICY -> Reason.POLICY;
            case CONTRACT -> Reason.CONTRACT;
            case PACKAGE -> Reason.PACKAGE;
            case BUSY -> Reason.BUSY;
        };
    }

    private void requireRoom(String session) throws RefusedOfferException {
        if (!sessions.containsKey(session)
                && sessions.size() >= data.file().limits().sessions()) {
            throw new RefusedOfferException(
                    Ground.BUSY,
                    "this node takes part in " + sessions.size() + " sessions, which is as many as it may");
        }
    }

    private Outcome decide(Offer offer) throws RefusedOfferException, IOException {
        requireRoom(offer.getSession());
        if (offer.getPackage().getSize() < 0 || offer.getPackage().getSize() > offers.mostBytes()) {
            throw new RefusedOfferException(
                    Ground.POLICY,
                    "the package has "
                            + Long.toUnsignedString(offer.getPackage().getSize()) + " bytes; this node takes at most "
                            + offers.mostBytes());
        }
        Path file = uplink.download(offer.getPackage(), offers.mostBytes());
        byte[] digest = offer.getPackage().getSha256().toByteArray();
        return offers.accept(offer.getSession(), file, digest, offer.getClients());
    }

    private Accepted accepted(HostedSession session) {
        Accepted.Builder accepted = Accepted.newBuilder()
                .setExamples(session.owner().profile().examples())
                .setHeldOut(session.owner().heldOut())
                .setSeeded(seeded);
        session.owner().terms().privacy().ifPresent(own -> {
            accepted.setDelta(own.delta().value());
            own.limit().ifPresent(limit -> accepted.setEpsilon(limit.value()));
        });
        return accepted.build();
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
        HostedSession session = sessions.get(task.getSession());
        if (session == null) {
            tasks.refuse(task, Reason.FAILED, "this node takes no part in the session", OptionalDouble.empty());
            return true;
        }
        int needed = permits(session.memory());
        memory.acquire(needed);
        try {
            // What the owner forbids is refused, with the reason; what nobody waits for needs no answer.
            if (stopping || !(job.wanted() || job.forbidden().isPresent())) {
                log.local(Level.INFO, TaskDesk.words(task) + ": nobody waits for it any more; nothing was spent");
                return true;
            }
            return tasks.work(job, session);
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
        withdrawAll(over.getSession(), "the session is over: " + over.getEnding());
        if (!stopping) {
            desk.execute(() -> ends(over.getSession(), over.getEnding()));
        }
    }

    private void withdrawAll(String session, String reason) {
        jobs.values().stream().filter(job -> job.session().equals(session)).forEach(job -> job.withdraw(reason));
    }

    /** The coordinator has shut this node out: nothing that is under way could be delivered. */
    public void shutOut() {
        stopping = true;
        jobs.values().forEach(job -> job.withdraw("the coordinator has shut this node out"));
    }

    private void ends(String session, String ending) {
        try {
            SessionKey key = new SessionKey(identity.coordinator(), session);
            sessions.remove(session);
            waiting.remove(session);
            owner.over(key, Printable.line(ending));
            log.local(Level.INFO, "session " + session + ": over: " + ending);
        } catch (RuntimeException e) {
            log.local("session " + session + ": its end could not be noted", e);
        }
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
        desk.shutdown();
        workers.shutdown();
        try {
            if (!workers.awaitTermination(grace.toMillis(), TimeUnit.MILLISECONDS)) {
                log.local(
                        Level.WARNING,
                        "a task did not end in " + grace.toSeconds() + " s; what it reserved stays spent");
                jobs.values().forEach(job -> job.withdraw("this node is stopping"));
                if (!workers.awaitTermination(GIVING_UP.toSeconds(), TimeUnit.SECONDS)) {
                    log.local(Level.WARNING, "a task cannot be given up; it is left");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        desk.shutdownNow();
        heed.shutdownNow();
        workers.shutdownNow();
    }
}
