package dev.sotto.owner;

import dev.sotto.data.Examples;
import dev.sotto.federation.Client;
import dev.sotto.federation.ClientPrivacy;
import dev.sotto.federation.ClientProfile;
import dev.sotto.federation.ClientUpdate;
import dev.sotto.federation.Fleet.Evaluated;
import dev.sotto.federation.RoundTask;
import dev.sotto.federation.StandardTrainer;
import dev.sotto.learning.LocalTraining;
import dev.sotto.learning.Network;
import dev.sotto.owner.ledger.SessionKey;
import dev.sotto.owner.ledger.SessionLedger;
import dev.sotto.owner.request.Request;
import dev.sotto.privacy.NeighbouringRelation;
import dev.sotto.privacy.ledger.BudgetExceededException;
import dev.sotto.privacy.ledger.LedgerEntry;
import dev.sotto.privacy.random.Randomness;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/**
 * One session at a data owner. A round is reserved in the ledger before data is touched; what it releases, what the client then
 * knows and the commitment are stored in one transaction before anything is sent. Asked again for the same, it answers with the
 * very bytes it stored, and spends nothing. Serves one task at a time; thread-safe.
 */
public final class OwnerSession {
    private final AgreedTerms terms;
    private final Request request;
    private final StandingApproval approval;
    private final TaskRule rule;
    private final ReleaseStore releases;
    private final Examples examples;
    private final Optional<Examples> heldOut;
    private final Randomness randomness;
    private final SessionLedger ledger;
    private Optional<Client> client = Optional.empty();

    private OwnerSession(
            Owner owner,
            AgreedTerms terms,
            Request request,
            Examples examples,
            Optional<Examples> heldOut,
            Randomness randomness,
            SessionLedger ledger) {
        this.terms = terms;
        this.request = request;
        this.approval = new StandingApproval(owner, terms, request, examples.size(), ledger);
        this.rule = new TaskRule(terms, heldOut.isPresent());
        this.releases = new ReleaseStore(owner, terms.key(), ledger);
        this.examples = examples;
        this.heldOut = heldOut;
        this.randomness = randomness;
        this.ledger = ledger;
        ledger.admission(approval::admit);
    }

    /**
     * Agrees to a session that the owner has approved, or goes on with one that was agreed to before.
     *
     * @param request that was approved, and must ask what the terms say; held against the owner's decision before each round
     * @param examples what the session trains on
     * @param heldOut what it evaluates on
     * @throws SessionRefusedException if it is over, was agreed to on other terms, or is not approved
     */
    public static OwnerSession open(
            Owner owner,
            AgreedTerms terms,
            Request request,
            Examples examples,
            Optional<Examples> heldOut,
            Randomness randomness) {
        SessionKey key = terms.key();
        terms.requireAskedBy(request);
        refusal(owner, terms, examples, heldOut, randomness).ifPresent(reason -> {
            throw new SessionRefusedException(reason);
        });
        String record = record(terms, examples, heldOut, randomness);
        SessionLedger ledger = owner.ledger().session(key, terms.dataSet(), terms.budget(), terms.planned());
        OwnerSession session = new OwnerSession(owner, terms, request, examples, heldOut, randomness, ledger);
        session.approval.transact(handle -> {
            session.approval.require(handle, 1, Optional.empty());
            handle.execute(
                    "INSERT OR IGNORE INTO sessions VALUES (?, ?, ?, ?, ?)",
                    key.coordinator(),
                    key.session(),
                    terms.dataSet(),
                    record,
                    Instant.now().toString());
            handle.execute(
                    "DELETE FROM endings WHERE coordinator = ? AND session = ?", key.coordinator(), key.session());
            handle.execute(
                    "INSERT OR REPLACE INTO populations VALUES (?, ?, ?)",
                    key.coordinator(),
                    key.session(),
                    terms.clients());
        });
        return session;
    }

    private static String record(
            AgreedTerms terms, Examples examples, Optional<Examples> heldOut, Randomness randomness) {
        return terms.record(examples.size(), heldOut.map(Examples::size).orElse(0), randomness.reproducible());
    }

    /** Why a session cannot go on whoever approves it; empty if it can, or was never agreed to before. Nothing is written. */
    public static Optional<String> refusal(
            Owner owner, AgreedTerms terms, Examples examples, Optional<Examples> heldOut, Randomness randomness) {
        SessionKey key = terms.key();
        if (owner.completed(key)) {
            return Optional.of(key + " is over: it was completed");
        }
        String record = record(terms, examples, heldOut, randomness);
        boolean other = owner.database().transaction(handle -> handle.createQuery(
                        "SELECT data_set <> ? OR terms <> ? FROM sessions WHERE " + "coordinator = ? AND session = ?")
                .bind(0, terms.dataSet())
                .bind(1, record)
                .bind(2, key.coordinator())
                .bind(3, key.session())
                .mapTo(Boolean.class)
                .findOne()
                .orElse(false));
        return other
                ? Optional.of(
                        key + " was agreed to on other terms: its package, the data or the owner's settings changed")
                : Optional.empty();
    }

    /** What the owner approved it as. */
    public Request request() {
        return request;
    }

    /** Why nothing more may be done or leave: the owner has revoked the approval, or rejected the request since. */
    public Optional<String> forbidden() {
        return approval.forbidden();
    }

    /** What was agreed to. */
    public AgreedTerms terms() {
        return terms;
    }

    /** What the federation may know of this client. */
    public ClientProfile profile() {
        return new ClientProfile(terms.client(), declared().orElse(examples.size()));
    }

    /**
     * Where the number of examples is private: the one that the declared batch and sampling rate go with, which leaves in its
     * place. Empty where it is public.
     */
    private OptionalInt declared() {
        return terms.privacy()
                .map(ClientPrivacy::plan)
                .filter(own -> own.relation() == NeighbouringRelation.ADD_OR_REMOVE_ONE)
                .map(own -> OptionalInt.of((int) Math.rint(
                        Math.min(Integer.MAX_VALUE, own.batchSize() / own.rate().value()))))
                .orElse(OptionalInt.empty());
    }

    /** Whether the federation may know how many examples there are. */
    public boolean countIsPublic() {
        return declared().isEmpty();
    }

    /** Whether all its randomness can be drawn again from a seed: then nothing that it releases is private. */
    public boolean reproducible() {
        return randomness.reproducible();
    }

    /** What the session has spent so far; empty without example-level privacy. */
    public OptionalDouble epsilon() {
        return terms.privacy().isEmpty()
                ? OptionalDouble.empty()
                : terms.budget()
                        .accountant()
                        .accountant()
                        .epsilon(ledger.spent(terms.dataSet()), terms.delta())
                        .epsilon();
    }

    /** How many examples are held out, as far as that may be known; else 0. */
    public int heldOut() {
        return declared().isPresent() ? 0 : heldOut.map(Examples::size).orElse(0);
    }

    /**
     * What was released in a round before, if it was.
     *
     * @param model digest of the model that is asked about
     * @throws SessionRefusedException if it was released for another model, or its bytes are no longer kept
     */
    public synchronized Optional<Release> released(int round, byte[] model) {
        return releases.find(round, model);
    }

    /**
     * Takes part in a round, or answers with what it released in it before.
     *
     * @param model digest of the task's parameters
     * @throws NotApprovedException before anything is touched, if the owner has revoked the approval, or it does not go so far
     * @throws SessionRefusedException before anything is touched, if this was released for another model, or the task is not
     *     what was agreed to
     * @throws BudgetExceededException before anything is touched, if the round would pass the session's limit or the owner's
     * @throws dev.sotto.learning.DivergedException if training without privacy came to no finite end
     */
    public synchronized Release train(RoundTask task, byte[] model, LocalTraining worker) {
        Optional<Release> before = released(task.round(), model);
        if (before.isPresent()) {
            return before.get();
        }
        rule.requireRound(task.round());
        rule.requireAgreed(task, releases.last());
        approval.requireNow(task.round());
        boolean stored = false;
        try {
            Client own = client();
            bookUnprotected(task);
            ClientUpdate update = own.train(task, worker);
            Release release = releases.add(own, update, model, examplesOf(task, update), metrics(update));
            stored = true;
            return release;
        } finally {
            if (!stored) {
                // What the client knows may be ahead of what is stored, whatever went wrong.
                client = Optional.empty();
            }
        }
    }

    /** Books the whole session, once, where its examples have no protection of their own. */
    private void bookUnprotected(RoundTask task) {
        if (terms.privacy().isPresent()) {
            return;
        }
        List<LedgerEntry> before = ledger.entries(terms.dataSet());
        if (!before.isEmpty() && !before.get(0).event().equals(terms.unprotected())) {
            throw new SessionRefusedException(
                    terms.key() + ": it was planned for other clients when the first round was booked");
        }
        if (before.isEmpty()) {
            ledger.commit(ledger.reserve(
                    terms.dataSet(), terms.unprotected(), "the whole session, from round " + task.round()));
        }
    }

    /** Where clients are protected nothing exact leaves but the update, although the coordinator alone would see it. */
    private Map<String, Double> metrics(ClientUpdate update) {
        return terms.plan().clientLevel().isPresent() ? Map.of() : update.metrics();
    }

    private int examplesOf(RoundTask task, ClientUpdate update) {
        return task.release().isPresent() ? update.examples() : profile().examples();
    }

    private Client client() {
        if (client.isEmpty()) {
            Client own = new Client(
                    terms.client(),
                    terms.dataSet(),
                    examples,
                    heldOut,
                    terms.training(),
                    terms.privacy(),
                    ledger,
                    randomness,
                    new StandardTrainer());
            releases.resume(own);
            client = Optional.of(own);
        }
        return client.get();
    }

    /**
     * Evaluates a model on what was held out, or answers with what it found before.
     *
     * @param model digest of the task's parameters
     * @return empty if nothing was held out, or what is found is withheld or cannot be paid for
     * @throws SessionRefusedException before anything is touched, if this was released for another model, or is not approved
     */
    public synchronized Optional<Evaluated> evaluate(RoundTask task, byte[] model, Network network) {
        Optional<Evaluated> before = releases.evaluation(task.round(), model);
        if (before.isPresent()) {
            return before;
        }
        rule.requireRound(task.round());
        if (rule.withholdsEvaluation(task.round())) {
            return Optional.empty();
        }
        approval.requireNow(task.round());
        bookUnprotected(task);
        Optional<Evaluated> found = client().evaluate(task, network);
        found.ifPresent(scores -> releases.addEvaluation(task.round(), model, scores));
        return found;
    }
}
