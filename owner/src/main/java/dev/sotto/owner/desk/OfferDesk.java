package dev.sotto.owner.desk;

import dev.sotto.data.DataException;
import dev.sotto.data.Examples;
import dev.sotto.experiment.ClientData;
import dev.sotto.experiment.SessionTerms;
import dev.sotto.experiment.SetAside;
import dev.sotto.experiment.packaging.SessionPackage;
import dev.sotto.federation.ClientProfile;
import dev.sotto.formats.Limits;
import dev.sotto.learning.ExampleMisfit;
import dev.sotto.owner.AgreedTerms;
import dev.sotto.owner.Owner;
import dev.sotto.owner.OwnerSession;
import dev.sotto.owner.SessionRefusedException;
import dev.sotto.owner.desk.RefusedOfferException.Ground;
import dev.sotto.owner.ledger.SessionKey;
import dev.sotto.owner.policy.ApprovalRule;
import dev.sotto.owner.policy.OwnerPolicy;
import dev.sotto.owner.policy.Proposal;
import dev.sotto.owner.request.ApprovalLimits;
import dev.sotto.owner.request.Decision;
import dev.sotto.owner.request.Request;
import dev.sotto.owner.request.RequestBasis;
import dev.sotto.owner.request.RequestException;
import dev.sotto.owner.request.RequestSummary;
import dev.sotto.owner.settings.ClientSettings;
import dev.sotto.privacy.random.Randomness;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Decides on sessions: the package must be the coordinator's, the data must fulfil its contract, the owner's limits, policy and
 * ledger must allow it, and the owner must have approved it. What is refused touches nothing.
 */
public final class OfferDesk {
    /** Terms, contract and archive around the initial model. */
    private static final long BESIDES_MODEL = 16L << 20;

    private static final int MOST_TENSORS = 10_000;

    private final OwnedExamples data;
    private final Counterpart counterpart;
    private final Owner owner;
    private final Optional<ClientSettings> settings;
    private final Randomness randomness;

    /** A desk over an owner's data, ledger and settings. */
    public OfferDesk(
            OwnedExamples data,
            Counterpart counterpart,
            Owner owner,
            Optional<ClientSettings> settings,
            Randomness randomness) {
        this.data = data;
        this.counterpart = counterpart;
        this.owner = owner;
        this.settings = settings;
        this.randomness = randomness;
    }

    /** The most bytes that a package may have. */
    public long mostBytes() {
        return data.file().limits().model() + BESIDES_MODEL;
    }

    /**
     * Names the data set in the ledger, with the owner's limit, and notes who approves, what a session may spend, and what the
     * data looks like: approvals are for data in that state.
     *
     * @return whether it is other than when it was last seen
     */
    public boolean declare() {
        OwnerFile file = data.file();
        owner.ledger().declare(file.dataSet(), file.inherits(), file.policy().total());
        owner.requests().rule(file.dataSet(), file.policy().approval());
        owner.requests().most(file.dataSet(), file.policy().sessionEpsilon());
        return owner.fingerprint().changed(file.dataSet(), data.examples());
    }

    /**
     * Decides: what the policy refuses is refused; the rest is a request, and what the owner decided on it holds. Asked again
     * for the same, it answers by what holds then.
     *
     * @param file the package, as it was downloaded
     * @param digest that it was asked for by
     */
    public Outcome accept(String session, Path file, byte[] digest, int clients) throws RefusedOfferException {
        Review review = review(session, file, digest, clients);
        if (review.refusal().isPresent()) {
            throw review.refusal().get();
        }
        AgreedTerms agreed = review.agreed().orElseThrow();
        Request request = arrived(agreed, file, digest);
        RequestBasis basis = basis(review);
        owner.requests().note(request, basis, RequestSummary.of(agreed, basis.examples()));
        Decision decision = decision(request, agreed);
        if (decision instanceof Decision.Approved) {
            return new Outcome.Hosted(hosted(review, request));
        } else if (decision instanceof Decision.Pending || decision instanceof Decision.Expired) {
            return new Outcome.Waiting(request);
        }
        throw new RefusedOfferException(Ground.POLICY, decision.refusal());
    }

    private RequestBasis basis(Review review) {
        ClientData split = review.data().orElseThrow();
        return new RequestBasis(
                split.examples().size(),
                split.heldOut().map(Examples::size).orElse(0),
                settings.map(ClientSettings::words).orElse(""),
                data.file().policy().sessionEpsilon());
    }

    /**
     * What of the data the session's model cannot take, in a line for the owner alone. It must not leave, nor decide anything that
     * others see: whether one example is among the data would show. The model reads such numbers as zeros. Reads all examples.
     */
    public Optional<String> misfit(HostedSession session) {
        return ExampleMisfit.first(session.terms().plan().model(), data.examples())
                .map(found -> "example " + data.examples().loadedAs(found.example()) + " of data set '"
                        + data.file().dataSet() + "', from 0, and maybe others: " + found.reason()
                        + "; other numbers are read as zeros");
    }

    /** What a request asks, and whether it would be refused whatever the owner decides. Nothing is written. */
    public Review review(Request request) {
        return review(
                request.key().session(),
                request.file(),
                HexFormat.of().parseHex(request.packageDigest()),
                request.clients());
    }

    /** The same of an offer. */
    public Review review(String session, Path file, byte[] digest, int clients) {
        Optional<SessionPackage> read = Optional.empty();
        Optional<SessionTerms> terms = Optional.empty();
        Optional<ClientData> split = Optional.empty();
        Optional<AgreedTerms> agreed = Optional.empty();
        try {
            SessionKey key = key(session);
            read = Optional.of(read(file, digest));
            terms = Optional.of(terms(read.get(), file, clients));
            fits(terms.get().contract().misfit(data.examples()));
            split = Optional.of(split(terms.get().validationFraction()));
            int examples = split.get().examples().size();
            // Whoever takes no part does not tell how many it has.
            fits(terms.get()
                    .misfit(new ClientProfile(counterpart.client(), examples))
                    .map(misfit -> "client.batch-size: it is more than the training examples here"));
            Optional<String> passed = TermsBound.passed(terms.get().plan(), examples);
            if (passed.isPresent()) {
                throw new RefusedOfferException(Ground.PACKAGE, passed.get());
            }
            agreed = Optional.of(agreed(key, digest, clients, terms.get(), examples));
            fits(agreed.get()
                    .privacy()
                    .flatMap(own -> SetAside.misfit(
                            own.plan().relation(), data.file().data().resolved())));
            requireWithinLimits(terms.get());
            requireAllowed(agreed.get(), split.get());
            return new Review(read, terms, split, agreed, Optional.empty());
        } catch (RefusedOfferException e) {
            return new Review(read, terms, split, agreed, Optional.of(e));
        }
    }

    private SessionKey key(String session) throws RefusedOfferException {
        if (session.isEmpty()) {
            throw new RefusedOfferException(Ground.PACKAGE, "the offer names no session");
        }
        try {
            return new SessionKey(counterpart.coordinator(), session);
        } catch (IllegalArgumentException e) {
            throw new RefusedOfferException(Ground.PACKAGE, e);
        }
    }

    private Request arrived(AgreedTerms agreed, Path file, byte[] digest) throws RefusedOfferException {
        try {
            return owner.requests()
                    .arrived(
                            agreed.key(),
                            counterpart.authority(),
                            agreed.client(),
                            agreed.dataSet(),
                            file,
                            digest,
                            agreed.clients());
        } catch (RequestException e) {
            throw new RefusedOfferException(Ground.BUSY, e);
        }
    }

    /** What the owner decided; the policy decides where it may and the owner has not. */
    private Decision decision(Request request, AgreedTerms agreed) {
        Decision now = owner.requests().decision(request);
        OwnerPolicy policy = data.file().policy();
        boolean open = now instanceof Decision.Pending || (now instanceof Decision.Expired && !now.inPerson());
        if (!open || policy.approval() != ApprovalRule.AUTOMATIC) {
            return now;
        }
        ApprovalLimits limits = new ApprovalLimits(
                agreed.plan().rounds(), policy.most(), Instant.now().plus(Duration.ofDays(policy.approvalDays())));
        try {
            return new Decision.Approved(owner.requests().approveByPolicy(request, limits, owner.key()));
        } catch (RequestException e) {
            // The owner was faster.
            return owner.requests().decision(request);
        }
    }

    private HostedSession hosted(Review review, Request request) throws RefusedOfferException {
        ClientData split = review.data().orElseThrow();
        try {
            return new HostedSession(
                    review.terms().orElseThrow(),
                    OwnerSession.open(
                            owner,
                            review.agreed().orElseThrow(),
                            request,
                            split.examples(),
                            split.heldOut(),
                            randomness));
        } catch (SessionRefusedException e) {
            throw new RefusedOfferException(Ground.POLICY, e);
        }
    }

    private ClientData split(double heldOut) throws RefusedOfferException {
        try {
            return data.split(counterpart.client(), heldOut);
        } catch (DataException e) {
            throw new RefusedOfferException(Ground.CONTRACT, e);
        }
    }

    private static void fits(Optional<String> misfit) throws RefusedOfferException {
        if (misfit.isPresent()) {
            throw new RefusedOfferException(Ground.CONTRACT, misfit.get());
        }
    }

    private SessionPackage read(Path file, byte[] digest) throws RefusedOfferException {
        try {
            SessionPackage read = SessionPackage.open(
                            file, new Limits(data.file().limits().model(), MOST_TENSORS))
                    .verify(counterpart.packageKey());
            if (!Arrays.equals(read.digest(), digest)) {
                throw new RefusedOfferException(Ground.PACKAGE, "the package is not the one that was offered");
            }
            return read;
        } catch (IOException | IllegalArgumentException e) {
            throw damaged(file, e);
        }
    }

    private static SessionTerms terms(SessionPackage read, Path file, int clients) throws RefusedOfferException {
        try {
            return read.terms(clients);
        } catch (IllegalArgumentException e) {
            throw damaged(file, e);
        }
    }

    private static RefusedOfferException damaged(Path file, Exception e) {
        // Where it lies here is nobody's business.
        String message = String.valueOf(e.getMessage()).replace(file.toString(), "package");
        return new RefusedOfferException(
                Ground.PACKAGE, message.lines().findFirst().orElse("it cannot be read"));
    }

    private void requireWithinLimits(SessionTerms terms) throws RefusedOfferException {
        OwnerLimits limits = data.file().limits();
        long model = (long) Float.BYTES * terms.plan().model().layout().size();
        if (model > limits.model()) {
            throw new RefusedOfferException(
                    Ground.POLICY, "the model has " + model + " bytes; this node takes at most " + limits.model());
        }
        long needed = HostedSession.memory(terms);
        if (needed > limits.memory()) {
            throw new RefusedOfferException(
                    Ground.POLICY,
                    "training needs about " + needed + " bytes; this node gives at most " + limits.memory());
        }
    }

    private AgreedTerms agreed(SessionKey key, byte[] digest, int clients, SessionTerms terms, int examples)
            throws RefusedOfferException {
        try {
            AgreedTerms own = AgreedTerms.of(
                    key,
                    counterpart.client(),
                    data.file().dataSet(),
                    HexFormat.of().formatHex(digest),
                    clients,
                    terms,
                    examples,
                    settings,
                    data.file().policy().sessionEpsilon());
            own.training().phases().forEach(phase -> own.method().misfit(phase).ifPresent(reason -> {
                throw new IllegalArgumentException(reason);
            }));
            return own;
        } catch (IllegalArgumentException e) {
            throw new RefusedOfferException(Ground.CONTRACT, e);
        }
    }

    private void requireAllowed(AgreedTerms terms, ClientData split) throws RefusedOfferException {
        int examples = split.examples().size();
        Proposal proposal = new Proposal(
                counterpart.coordinator(),
                counterpart.authority(),
                terms.privacy().isPresent(),
                terms.clientLevel().isPresent(),
                terms.epsilon(examples),
                terms.delta().value(),
                terms.clients(),
                examples);
        Optional<String> refusal = data.file().policy().refusal(proposal);
        if (refusal.isPresent()) {
            throw new RefusedOfferException(Ground.POLICY, refusal.get());
        }
        Optional<String> over = OwnerSession.refusal(owner, terms, split.examples(), split.heldOut(), randomness);
        if (over.isPresent()) {
            throw new RefusedOfferException(Ground.POLICY, over.get());
        }
        if (owner.ledger()
                .session(terms.key(), terms.dataSet(), terms.budget(), terms.planned())
                .entries(terms.dataSet())
                .isEmpty()) {
            Optional<String> full = owner.ledger().wouldRefuse(terms.dataSet(), terms.most());
            if (full.isPresent()) {
                throw new RefusedOfferException(Ground.BUDGET, full.get());
            }
        }
    }
}
