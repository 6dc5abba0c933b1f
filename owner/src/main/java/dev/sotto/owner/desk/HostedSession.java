package dev.sotto.owner.desk;

import dev.sotto.experiment.SessionTerms;
import dev.sotto.learning.LocalTraining;
import dev.sotto.owner.OwnerSession;
import java.util.Optional;

/** A session that an owner takes part in. One task at a time. */
public final class HostedSession {
    private final SessionTerms terms;
    private final OwnerSession owner;
    private Optional<LocalTraining> training = Optional.empty();

    HostedSession(SessionTerms terms, OwnerSession owner) {
        this.terms = terms;
        this.owner = owner;
    }

    /** What coordinator and clients agreed to. */
    public SessionTerms terms() {
        return terms;
    }

    /** The owner's side of it. */
    public OwnerSession owner() {
        return owner;
    }

    /** Whether another answer to the same offer means the same: what the owner allows stays while a node runs. */
    public boolean sameAs(HostedSession other) {
        return owner.request().id().equals(other.owner.request().id());
    }

    /** Values in the model. */
    public int parameters() {
        return terms.plan().model().layout().size();
    }

    /** Bytes that training needs: the model, its change, gradients, the optimizer's memory, and what the network computes. */
    public long memory() {
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
    public synchronized <T> T work(Work<T> work) {
        if (training.isEmpty()) {
            training = Optional.of(
                    new LocalTraining(terms.engine().compile(terms.plan().model())));
        }
        return work.with(training.get());
    }

    /** What is done with a network. */
    public interface Work<T> {
        /** Does it. */
        T with(LocalTraining training);
    }
}
