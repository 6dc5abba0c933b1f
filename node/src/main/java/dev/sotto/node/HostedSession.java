package dev.sotto.node;

import dev.sotto.experiment.SessionTerms;
import dev.sotto.learning.LocalTraining;
import dev.sotto.owner.AgreedTerms;
import dev.sotto.owner.OwnerSession;
import java.util.Optional;

/** A session that this node takes part in. One task at a time. */
final class HostedSession {
    private final SessionTerms terms;
    private final OwnerSession owner;
    private Optional<LocalTraining> training = Optional.empty();

    HostedSession(SessionTerms terms, OwnerSession owner) {
        this.terms = terms;
        this.owner = owner;
    }

    SessionTerms terms() {
        return terms;
    }

    OwnerSession owner() {
        return owner;
    }

    /** Whether another answer to the same offer means the same: the data and what the owner allows stay while a node runs. */
    boolean sameAs(HostedSession other) {
        AgreedTerms own = owner.terms();
        AgreedTerms others = other.owner.terms();
        return own.packageDigest().equals(others.packageDigest()) && own.clients() == others.clients();
    }

    /** Values in the model. */
    int parameters() {
        return terms.plan().model().layout().size();
    }

    /** Bytes that training needs: the model, its change, gradients, the optimizer's memory, and what the network computes. */
    long memory() {
        return memory(terms);
    }

    static long memory(SessionTerms terms) {
        long activations = terms.plan().model().shapes().stream()
                .mapToLong(shape -> shape.size())
                .sum();
        int piece = terms.plan().training().first().physicalBatchSize();
        return Float.BYTES * (10L * terms.plan().model().layout().size() + 4L * activations * piece);
    }

    /** Does something with the session's network; the network is compiled once. */
    synchronized <T> T work(Work<T> work) {
        if (training.isEmpty()) {
            training = Optional.of(
                    new LocalTraining(terms.engine().compile(terms.plan().model())));
        }
        return work.with(training.get());
    }

    /** What is done with a network. */
    interface Work<T> {
        T with(LocalTraining training);
    }
}
