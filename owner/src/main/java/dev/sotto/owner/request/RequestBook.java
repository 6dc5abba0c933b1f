package dev.sotto.owner.request;

import dev.sotto.formats.Printable;
import dev.sotto.owner.ledger.DataFingerprint;
import dev.sotto.owner.ledger.LedgerException;
import dev.sotto.owner.ledger.OwnerDatabase;
import dev.sotto.owner.ledger.SessionKey;
import dev.sotto.owner.policy.ApprovalRule;
import dev.sotto.owner.request.Decided.Kind;
import dev.sotto.owner.request.DecisionRows.Statement;
import dev.sotto.owner.request.RequestRows.Stored;
import dev.sotto.privacy.Epsilon;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/**
 * All requests of one owner and the decisions on them. A decision is signed with the owner's key over everything that was asked:
 * session, coordinator's authority, package, data set and its state, number of clients. Thread-safe; several processes may use
 * it at once, so that an owner decides in one while another trains.
 */
public final class RequestBook {
    /** Whoever may ask must not fill the owner's disk, or the owner's list. */
    static final int MOST_WAITING = 64;

    /** Nor may one who asks keep others from being heard. */
    static final int MOST_OF_ONE = 16;

    static final int MOST_CHANGES = 32;
    private static final int LONGEST_REASON = 500;

    private final OwnerDatabase database;
    private final Path home;
    private final RequestFiles files;
    private final Clock clock;

    /**
     * The requests in a database.
     *
     * @param home the owner's folder: packages are kept in {@code requests/}, the key in {@code owner-key}
     */
    public RequestBook(OwnerDatabase database, Path home) {
        this(database, home, Clock.systemUTC());
    }

    RequestBook(OwnerDatabase database, Path home, Clock clock) {
        this.database = database;
        this.home = home;
        this.files = new RequestFiles(home.resolve("requests"));
        this.clock = clock;
    }

    /** The owner's key, made at its first use. */
    public OwnerKey key() {
        // A transaction keeps other processes from making one at the same time.
        return database.transaction(handle -> OwnerKey.of(home));
    }

    /**
     * Notes what a session asks and keeps its package; the request that is there if it asks the same as before. If it asks for
     * something else, or the data changed, this is a new request, and what was decided on the one before holds no more.
     *
     * @param packageFile is copied
     * @param digest SHA-256 of the package
     * @throws RequestException if too much is asked already, or the package is not of that digest
     * @throws LedgerException if the state of the data was never noted, see {@link DataFingerprint}
     */
    public Request arrived(
            SessionKey key,
            String authority,
            String client,
            String dataSet,
            Path packageFile,
            byte[] digest,
            int clients) {
        String hex = HexFormat.of().formatHex(digest);
        Request asked =
                new Request("", key, authority, client, dataSet, hex, files.path(hex), clients, clock.instant());
        Optional<Request> before = database.transaction(handle -> {
            rows(handle).goesOn(key);
            Optional<Request> same = same(handle, asked);
            if (same.isEmpty()) {
                requireRoom(handle, asked);
            }
            return same;
        });
        files.keep(packageFile, hex);
        return before.orElseGet(() -> database.transaction(handle -> same(handle, asked)
                .orElseGet(() -> rows(handle).add(stored(handle, asked)).request())));
    }

    private RequestRows rows(Handle handle) {
        return new RequestRows(handle, files);
    }

    private Optional<Request> same(Handle handle, Request asked) {
        Stored now = stored(handle, asked);
        return rows(handle).last(asked.key()).filter(now::asksTheSameAs).map(Stored::request);
    }

    private static Stored stored(Handle handle, Request asked) {
        return new Stored(
                0,
                asked,
                DataFingerprint.last(handle, asked.dataSet())
                        .orElseThrow(() -> new LedgerException(
                                "data set '" + asked.dataSet() + "': nobody has noted what it looks like")));
    }

    private void requireRoom(Handle handle, Request asked) {
        if (rows(handle).count(asked.key()) >= MOST_CHANGES) {
            throw new RequestException(
                    asked.key() + " has asked for something else " + MOST_CHANGES + " times; no more is heard");
        }
        List<Request> waiting = rows(handle).waiting();
        long own = waiting.stream().filter(each -> each.isOfTheAskerOf(asked)).count();
        if (own >= MOST_OF_ONE) {
            throw new RequestException(own + " requests of " + asked.key().coordinator()
                    + " wait for the owner; more of it are heard once some are decided on");
        }
        if (waiting.size() >= MOST_WAITING) {
            throw new RequestException(
                    MOST_WAITING + " requests wait for the owner; more are heard once some are decided on");
        }
    }

    /** Notes what a request comes to here depends on, and what it comes to. */
    public void note(Request request, RequestBasis basis, RequestSummary summary) {
        database.transact(handle -> {
            RequestBases bases = new RequestBases(handle);
            bases.note(known(handle, request).request(), basis);
            bases.summarize(request, summary);
        });
    }

    /** What a list says of a request, if this version has worked it out. */
    Optional<RequestSummary> summary(Request request) {
        return database.transaction(handle -> new RequestBases(handle).summary(request));
    }

    void summarize(Request request, RequestSummary summary) {
        database.transact(handle ->
                new RequestBases(handle).summarize(known(handle, request).request(), summary));
    }

    /**
     * What a request comes to here depends on.
     *
     * @throws RequestException if it was never noted
     */
    public RequestBasis basis(Request request) {
        return database.transaction(handle -> new RequestBases(handle).of(request))
                .orElseThrow(() -> refused(
                        request,
                        "nobody has noted what it comes to here; it is noted when the session" + " is offered again"));
    }

    /** All requests, newest first. */
    public List<Request> all() {
        return database.transaction(handle -> rows(handle).newestFirst());
    }

    /**
     * A request by its id or the beginning of it.
     *
     * @throws RequestException if there is none, or more than one
     */
    public Request find(String idOrUniquePrefix) {
        String prefix = idOrUniquePrefix.strip().toLowerCase(Locale.ROOT);
        List<Request> all = all();
        List<Request> found = all.stream()
                .filter(each -> !prefix.isEmpty() && each.id().startsWith(prefix))
                .toList();
        if (found.size() == 1) {
            return found.get(0);
        }
        if (found.isEmpty()) {
            throw new RequestException("there is no request '" + idOrUniquePrefix + "'; "
                    + (all.isEmpty() ? "nothing was asked so far" : "the newest are " + ids(all)));
        }
        throw new RequestException("'" + idOrUniquePrefix + "' begins several requests: " + ids(found));
    }

    private static String ids(List<Request> requests) {
        return requests.stream().limit(5).map(Request::id).collect(Collectors.joining(", "));
    }

    /** How the session of a request ended, if it did, and it was not asked for again since. */
    public Optional<String> ending(Request request) {
        return database.transaction(handle -> rows(handle).ending(request.key()));
    }

    /**
     * Approves, signed. A request that is approved gets new limits; one that was rejected or revoked may be done after all.
     *
     * @throws RequestException if the session asks for something else by now, or the approval would be over before it begins
     */
    public Approval approve(Request request, ApprovalLimits limits, OwnerKey key) {
        return approve(request, limits, key, false);
    }

    /**
     * Approves because the owner's policy says so, signed all the same. What the owner decided in person stays so: a policy
     * neither widens nor renews it.
     *
     * @throws RequestException as {@link #approve}, or if the owner decided otherwise
     */
    public Approval approveByPolicy(Request request, ApprovalLimits limits, OwnerKey key) {
        return approve(request, limits, key, true);
    }

    private Approval approve(Request request, ApprovalLimits limits, OwnerKey key, boolean automatic) {
        requireOwn(key);
        look(request);
        Statement said = database.transaction(handle -> {
            Decision now = decision(handle, request);
            Instant at = clock.instant();
            if (now instanceof Decision.Superseded || current(handle).isSuperseded(known(handle, request))) {
                throw refused(request, "what its session asks is something else by now, or the data changed");
            }
            if (automatic && (now instanceof Decision.Rejected || now instanceof Decision.Revoked)) {
                throw refused(request, "the owner has " + now.word() + " it");
            }
            if (automatic && current(handle).rule(request.dataSet()) == ApprovalRule.ASK) {
                throw refused(request, "the policy is to ask the owner");
            }
            if (automatic && now.inPerson()) {
                throw refused(request, "the owner has approved it in person, and no policy goes further");
            }
            if (!limits.expires().isAfter(at)) {
                throw refused(request, "an approval until " + limits.expires() + " would be over already");
            }
            return new DecisionRows(handle)
                    .add(known(handle, request), Kind.APPROVED, automatic, Optional.of(limits), "", at, key);
        });
        return new Approval(request, limits, said.at(), automatic, key.fingerprint());
    }

    /**
     * Rejects, signed. The reason goes to the coordinator.
     *
     * @throws RequestException if it was decided on already, or the reason is not one line
     */
    public void reject(Request request, String reason, OwnerKey key) {
        decide(request, Kind.REJECTED, reason, key);
    }

    /**
     * Takes an approval back, signed: the next round is not done. What was released stays released. The reason goes to the
     * coordinator.
     *
     * @throws RequestException if it is not approved, or the reason is not one line
     */
    public void revoke(Request request, String reason, OwnerKey key) {
        decide(request, Kind.REVOKED, reason, key);
    }

    private void decide(Request request, Kind kind, String reason, OwnerKey key) {
        requireOwn(key);
        String line = reason.strip();
        if (line.isEmpty() || line.length() > LONGEST_REASON || !Printable.is(line)) {
            throw refused(request, "a reason is one line of at most " + LONGEST_REASON + " characters");
        }
        look(request);
        database.transact(handle -> {
            Decision now = decision(handle, request);
            boolean approved = now instanceof Decision.Approved;
            boolean open = now instanceof Decision.Pending || now instanceof Decision.Expired;
            if (kind == Kind.REJECTED && approved) {
                throw refused(request, "it is approved; revoke it");
            }
            if (kind == Kind.REJECTED ? !open : !approved) {
                throw refused(
                        request,
                        kind == Kind.REVOKED && open ? "it is not approved" : "it is " + now.word() + " already");
            }
            new DecisionRows(handle)
                    .add(known(handle, request), kind, false, Optional.empty(), line, clock.instant(), key);
        });
    }

    /** A refusal takes back all of its transaction, also that an approval was found to be over. So that is noted before. */
    private void look(Request request) {
        var unused = decision(request);
    }

    private void requireOwn(OwnerKey key) {
        if (OwnerKey.known(home).filter(key.pair().getPublic()::equals).isEmpty()) {
            throw new RequestException("decisions are signed with the owner's key in " + home + ", not with " + key);
        }
    }

    private static RequestException refused(Request request, String reason) {
        return new RequestException("request " + request.shortId() + ": " + reason);
    }

    /** What holds now. The signature is verified each time. */
    public Decision decision(Request request) {
        return database.transaction(handle -> decision(handle, request));
    }

    /** The same inside a transaction, so that it holds when that ends. */
    public Decision decision(Handle handle, Request request) {
        return current(handle).of(request);
    }

    private CurrentDecision current(Handle handle) {
        return new CurrentDecision(handle, rows(handle), home, clock.instant());
    }

    private Stored known(Handle handle, Request request) {
        return current(handle).known(request);
    }

    /** Notes who approves what the policy allows of a data set. What the policy approved does not hold while it is to ask. */
    public void rule(String dataSet, ApprovalRule rule) {
        database.transact(handle -> current(handle).rule(dataSet, rule));
    }

    /** Notes what the owner's policy lets a session spend on a data set now; empty for no limit. Requests are told beside it. */
    public void most(String dataSet, Optional<Epsilon> most) {
        database.transact(handle -> new RequestBases(handle).most(dataSet, most));
    }

    /** Every decision, oldest first, each held against the chain of all before it and the owner's key: the proof. */
    public List<Decided> history() {
        return database.transaction(handle -> new DecisionRows(handle).all(rows(handle), OwnerKey.known(home)));
    }
}
