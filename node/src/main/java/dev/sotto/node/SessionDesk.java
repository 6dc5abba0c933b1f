package dev.sotto.node;

import dev.sotto.formats.Printable;
import dev.sotto.owner.Owner;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;

/**
 * Decides which sessions this node takes part in: answers offers, answers anew once the owner has decided, and notes what is over.
 * It does so one after the other on a thread of its own, which may be downloading. Thread-safe.
 */
final class SessionDesk {
    private final OwnedExamples data;
    private final NodeIdentity identity;
    private final Owner owner;
    private final Path cache;
    private final Uplink uplink;
    private final boolean seeded;
    private final NodeLog log;
    private final BooleanSupplier stopping;
    private final OfferDesk offers;
    private final Map<String, HostedSession> sessions = new ConcurrentHashMap<>();
    /** Sessions that the owner has yet to decide on; the desk's own thread alone uses them. */
    private final Map<String, Request> waiting = new HashMap<>();

    private final ScheduledExecutorService desk =
            Executors.newSingleThreadScheduledExecutor(new DaemonThreads("sotto-offers"));

    /**
     * A desk that is yet to be opened.
     *
     * @param cache where the uplink puts downloads, by their digests
     * @param settings of this client; empty for what packages say
     * @param testSeed draws everything from a seed; empty for secret randomness
     * @param stopping whether the node takes nothing new any more, although the owner may have allowed it
     */
    SessionDesk(
            OwnedExamples data,
            NodeIdentity identity,
            Owner owner,
            Path cache,
            Uplink uplink,
            Optional<ClientSettings> settings,
            Optional<Long> testSeed,
            NodeLog log,
            BooleanSupplier stopping) {
        this.data = data;
        this.identity = identity;
        this.owner = owner;
        this.cache = cache;
        this.uplink = uplink;
        this.seeded = testSeed.isPresent();
        this.log = log;
        this.stopping = stopping;
        this.offers = new OfferDesk(
                data,
                identity.counterpart(),
                owner,
                settings,
                testSeed.map(Randomness::seeded).orElseGet(Randomness::secret));
    }

    /** Goes on with what was agreed to before and is not over, and from then on asks the owner that often. */
    void open(Duration asking) {
        declare();
        owner.open(identity.coordinator()).forEach(this::reopen);
        var unused = desk.scheduleWithFixedDelay(
                this::askOwner, asking.toMillis(), asking.toMillis(), TimeUnit.MILLISECONDS);
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
    List<String> ids() {
        return List.copyOf(sessions.keySet());
    }

    /** A session that this node takes part in; empty if it does not. */
    Optional<HostedSession> find(String session) {
        return Optional.ofNullable(sessions.get(session));
    }

    /** Answers an offer, after those before it. */
    void offer(Offer offer) {
        desk.execute(() -> {
            if (!stopping.getAsBoolean()) {
                answer(offer.getSession(), () -> decide(offer));
            }
        });
    }

    /** Notes that a session is over, after answering the offers before it. */
    void over(SessionOver over) {
        desk.execute(() -> ends(over.getSession(), over.getEnding()));
    }

    /** Takes nothing new. */
    void shutdown() {
        desk.shutdown();
    }

    /** Waits for so long, after it was shut down, until what it has heard is done: ends that it does not note go on. */
    boolean awaitTermination(Duration most) throws InterruptedException {
        return desk.awaitTermination(most.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Gives up what is under way too. */
    void shutdownNow() {
        desk.shutdownNow();
    }

    /** How it is decided whether a session may use the data. */
    private interface Deciding {
        Outcome decide() throws RefusedOfferException, IOException;
    }

    /** Answers by itself once the owner has decided: the coordinator does not ask again. */
    private void askOwner() {
        for (Request request : List.copyOf(waiting.values())) {
            String id = request.key().session();
            try {
                Decision now = owner.requests().decision(request);
                if (!stopping.getAsBoolean()
                        && !(now instanceof Decision.Pending)
                        && !(now instanceof Decision.Expired)) {
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
        Optional<HostedSession> begun = Optional.empty();
        try {
            Outcome outcome = deciding.decide();
            if (outcome instanceof Outcome.Hosted hosted) {
                waiting.remove(id);
                // Offered again, as after a restart of the coordinator: a round that is on must stay the only one.
                HostedSession session =
                        sessions.merge(id, hosted.session(), (now, again) -> now.sameAs(again) ? now : again);
                answer.setAccepted(accepted(session));
                begun = Optional.of(session);
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
        // Only now: how long it takes depends on the data.
        begun.flatMap(offers::misfit).ifPresent(misfit -> log.local(Level.WARNING, "session " + id + ": " + misfit));
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
}
