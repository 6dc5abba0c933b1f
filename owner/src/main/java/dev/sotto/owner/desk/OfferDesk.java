package dev.sotto.owner.desk;

import dev.sotto.data.DataException;
import dev.sotto.experiment.ClientData;
import dev.sotto.experiment.SessionTerms;
import dev.sotto.experiment.packaging.SessionPackage;
import dev.sotto.federation.ClientProfile;
import dev.sotto.formats.Limits;
import dev.sotto.owner.AgreedTerms;
import dev.sotto.owner.Owner;
import dev.sotto.owner.OwnerSession;
import dev.sotto.owner.SessionRefusedException;
import dev.sotto.owner.desk.RefusedOfferException.Ground;
import dev.sotto.owner.ledger.SessionKey;
import dev.sotto.owner.policy.Proposal;
import dev.sotto.owner.settings.ClientSettings;
import dev.sotto.privacy.random.Randomness;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/**
 * Decides on sessions: the package must be the coordinator's, the data must fulfil its contract, and the owner's limits, policy
 * and ledger must allow it. What is refused touches nothing.
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
     * Decides.
     *
     * @param file the package, as it was downloaded
     * @param digest that it was asked for by
     */
    public HostedSession accept(String session, Path file, byte[] digest, int clients) throws RefusedOfferException {
        SessionTerms terms = terms(file, digest, clients);
        fits(terms.contract().misfit(data.examples()));
        ClientData split = split(terms.validationFraction());
        // Whoever takes no part does not tell how many it has.
        fits(terms.misfit(
                        new ClientProfile(counterpart.client(), split.examples().size()))
                .map(misfit -> "client.batch-size: it is more than the training examples here"));
        requireWithinLimits(terms);
        AgreedTerms agreed =
                agreed(session, digest, clients, terms, split.examples().size());
        requireAllowed(agreed, split.examples().size());
        try {
            return new HostedSession(
                    terms, OwnerSession.open(owner, agreed, split.examples(), split.heldOut(), randomness));
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

    private SessionTerms terms(Path file, byte[] digest, int clients) throws RefusedOfferException {
        try {
            SessionPackage read = SessionPackage.open(
                            file, new Limits(data.file().limits().model(), MOST_TENSORS))
                    .verify(counterpart.packageKey());
            if (!Arrays.equals(read.digest(), digest)) {
                throw new RefusedOfferException(Ground.PACKAGE, "the package is not the one that was offered");
            }
            return read.terms(clients);
        } catch (IOException | IllegalArgumentException e) {
            // Where it lies here is nobody's business.
            String message = String.valueOf(e.getMessage()).replace(file.toString(), "package");
            throw new RefusedOfferException(
                    Ground.PACKAGE, message.lines().findFirst().orElse("it cannot be read"));
        }
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

    private AgreedTerms agreed(String session, byte[] digest, int clients, SessionTerms terms, int examples)
            throws RefusedOfferException {
        try {
            AgreedTerms packaged = AgreedTerms.of(
                    new SessionKey(counterpart.coordinator(), session),
                    counterpart.client(),
                    data.file().dataSet(),
                    HexFormat.of().formatHex(digest),
                    clients,
                    terms.plan(),
                    terms.strategy().method(),
                    examples);
            AgreedTerms own = settings.map(each -> each.apply(packaged, examples))
                    .orElse(packaged)
                    .within(data.file().policy().sessionEpsilon());
            own.training().phases().forEach(phase -> own.method().misfit(phase).ifPresent(reason -> {
                throw new IllegalArgumentException(reason);
            }));
            return own;
        } catch (IllegalArgumentException e) {
            throw new RefusedOfferException(Ground.CONTRACT, e);
        }
    }

    private void requireAllowed(AgreedTerms terms, int examples) throws RefusedOfferException {
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
