package dev.sotto.owner.request;

import dev.sotto.experiment.SessionTerms;
import dev.sotto.experiment.packaging.SessionPackage;
import dev.sotto.experiment.packaging.SigningKey;
import dev.sotto.federation.EvaluationPlan;
import dev.sotto.federation.clientlevel.UpdateClipping;
import dev.sotto.formats.Limits;
import dev.sotto.formats.Printable;
import dev.sotto.owner.AgreedTerms;
import dev.sotto.owner.Owner;
import dev.sotto.owner.ledger.Foreseen;
import dev.sotto.privacy.Epsilon;
import dev.sotto.privacy.NeighbouringRelation;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/**
 * What a session asks of one owner, worked out for its data: the numbers that words, differences and programs are told from.
 * Nothing in it was computed from the records themselves.
 *
 * @param offered the package, verified
 * @param terms what it says
 * @param agreed what that comes to here
 * @param examples that would be trained on
 * @param heldOut that would be kept for evaluation
 * @param ledger where the data set stands, and would stand
 */
public record Asked(
        SessionPackage offered, SessionTerms terms, AgreedTerms agreed, int examples, int heldOut, Foreseen ledger) {
    /** It was small enough for the owner's own limit when it arrived. */
    private static final Limits LIMITS = new Limits(Long.MAX_VALUE, 10_000);

    /**
     * What a request asks, from the package as the owner keeps it and what was noted when it arrived. No record is read, and
     * nothing is booked.
     *
     * @throws RequestException in one line, if the package can no longer be read
     */
    public static Asked of(Owner owner, Request request) {
        RequestBasis basis = owner.requests().basis(request);
        try {
            SessionPackage offered = SessionPackage.open(request.file(), LIMITS);
            if (!HexFormat.of().formatHex(offered.digest()).equals(request.packageDigest())) {
                throw new RequestException("request " + request.shortId() + ": its package is not what it was: "
                        + request.file() + " was changed");
            }
            SessionTerms terms = offered.terms(request.clients());
            AgreedTerms agreed = basis.agreed(request, terms);
            return new Asked(
                    offered,
                    terms,
                    agreed,
                    basis.examples(),
                    basis.heldOut(),
                    owner.ledger().foresee(request.key(), request.dataSet(), agreed.planned(), agreed.most()));
        } catch (IOException | IllegalArgumentException e) {
            throw new RequestException(
                    "request " + request.shortId() + ": its package cannot be read: "
                            + Printable.line(String.valueOf(e.getMessage())),
                    e);
        }
    }

    /** Fingerprint of the key that signed the package. */
    public String signer() {
        return SigningKey.fingerprint(offered.signer());
    }

    /** Rounds planned. */
    public int rounds() {
        return agreed.plan().rounds();
    }

    /** Steps of each round, the first round's first. */
    public List<Integer> steps() {
        return agreed.privacy().map(own -> own.roundSteps()).orElseGet(() -> IntStream.rangeClosed(1, rounds())
                .mapToObj(round -> agreed.training().settings(round).stepsPerRound(examples))
                .toList());
    }

    /** Steps in all rounds. */
    public long plannedSteps() {
        return steps().stream().mapToLong(each -> each).sum();
    }

    /** Parameters of the model. */
    public int parameters() {
        return agreed.plan().model().layout().size();
    }

    /** Values in an update: as many as the model has parameters, and what the strategy asks for besides. */
    public int updateValues() {
        int width = agreed.method().width(parameters());
        return noiseHere() && adaptive() ? Math.addExact(width, 1) : width;
    }

    /** Bytes of one update. */
    public long updateBytes() {
        return (long) Float.BYTES * updateValues();
    }

    private boolean adaptive() {
        return agreed.clientLevel()
                .map(own -> own.asked().clipping() instanceof UpdateClipping.Adaptive)
                .orElse(false);
    }

    /** Whether this client bounds and noises its whole update before it leaves. */
    public boolean noiseHere() {
        return agreed.clientLevel().map(own -> own.asked().noise().atClients()).orElse(false);
    }

    /** Whether how many examples there are is itself protected. */
    public boolean countIsPrivate() {
        return agreed.privacy()
                .map(own -> own.plan().relation() == NeighbouringRelation.ADD_OR_REMOVE_ONE)
                .orElse(false);
    }

    /** The epsilon that the session may reach on one example, over all rounds; empty if there is no bound. */
    public OptionalDouble exampleEpsilon() {
        return agreed.epsilon(examples);
    }

    /** The epsilon that the session may reach on this client as a whole; empty without client-level privacy or bound. */
    public OptionalDouble clientEpsilon() {
        return agreed.clientLevel()
                .map(own -> own.asked().hardLimit() && own.asked().epsilon().isPresent()
                        ? OptionalDouble.of(own.asked().epsilon().get().value())
                        : finite(own.epsilon(own.plannedEvent())))
                .orElse(OptionalDouble.empty());
    }

    /** The cap on epsilon that covers what is asked and no more: as it is told, rounded up; empty if there is no bound. */
    public Optional<Epsilon> cap() {
        OptionalDouble epsilon = exampleEpsilon();
        return epsilon.isPresent()
                ? Optional.of(
                        new Epsilon(Numbers.roundedUp(epsilon.getAsDouble()).doubleValue()))
                : Optional.empty();
    }

    /** Why the owner's policy refuses it whatever is approved, in words that go on from a line: it asks for more epsilon. */
    public Optional<String> policyRefusal() {
        double asked = exampleEpsilon().orElse(Double.POSITIVE_INFINITY);
        return agreed.cap()
                .filter(most -> most.value() < asked)
                .map(most -> "your policy allows a session epsilon " + Numbers.epsilon(most.value()) + ", and this one "
                        + cap().map(all -> "asks for " + Numbers.epsilon(all.value()))
                                .orElse("has no bound")
                        + ": your node refuses it, whatever you approve, until policy.session-epsilon in node.yaml is"
                        + " raised and the node started again");
    }

    private static OptionalDouble finite(OptionalDouble value) {
        return Double.isFinite(value.orElse(Double.NaN)) ? value : OptionalDouble.empty();
    }

    /** How often what is held out may be evaluated. */
    public int evaluations() {
        EvaluationPlan plan = agreed.plan().evaluation();
        return heldOut == 0 || plan.fraction() == 0 ? 0 : plan.evaluations(rounds());
    }
}
