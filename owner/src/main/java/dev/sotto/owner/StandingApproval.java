package dev.sotto.owner;

import dev.sotto.owner.ledger.OwnerDatabase;
import dev.sotto.owner.ledger.SessionLedger;
import dev.sotto.owner.request.ApprovalLimits;
import dev.sotto.owner.request.Decision;
import dev.sotto.owner.request.Request;
import dev.sotto.privacy.event.DpEvent;
import dev.sotto.privacy.ledger.BudgetExceededException;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/**
 * The owner's decision on a session, read anew and held against each thing that is about to be done: it may be revoked, and its
 * limits may change, while the session runs. Not thread-safe: its session does one thing at a time.
 */
final class StandingApproval {
    private final Owner owner;
    private final AgreedTerms terms;
    private final Request request;
    private final int examples;
    private final SessionLedger ledger;
    /** What is worked on, for whatever is booked meanwhile. */
    private int round;

    /**
     * Nothing is asked yet.
     *
     * @param request that the owner decides on
     * @param examples how many the session trains on
     */
    StandingApproval(Owner owner, AgreedTerms terms, Request request, int examples, SessionLedger ledger) {
        this.owner = owner;
        this.terms = terms;
        this.request = request;
        this.examples = examples;
        this.ledger = ledger;
    }

    /** Before a round; also where nothing is left to be booked: a cap may have been set after a whole session was. */
    void requireNow(int asked) {
        round = asked;
        Optional<DpEvent> booked =
                terms.privacy().isPresent() ? Optional.empty() : Optional.of(ledger.spent(terms.dataSet()));
        transact(handle -> require(handle, asked, booked));
    }

    /** A transaction that the owner's decision may refuse, which does not take back that the approval was found to be over. */
    void transact(OwnerDatabase.Work work) {
        try {
            owner.database().transact(work);
        } catch (NotApprovedException e) {
            owner.requests().decision(request); // notes it anew
            throw e;
        }
    }

    /** Why nothing more may be done or leave; empty unless it is revoked or rejected. */
    Optional<String> forbidden() {
        Decision now = owner.requests().decision(request);
        return now instanceof Decision.Revoked || now instanceof Decision.Rejected
                ? Optional.of(now.refusal())
                : Optional.empty();
    }

    /** Before something is booked, in the round that was asked for last. */
    void admit(Handle handle, DpEvent reserved) {
        require(handle, round, Optional.of(reserved));
    }

    /**
     * Holds the owner's decision against what is about to be done.
     *
     * @param reserved all that the session has reserved, with what is about to be; empty where nothing is booked now
     * @throws NotApprovedException if it is not approved, or not for that many rounds
     * @throws BudgetExceededException if the owner's cap on epsilon does not cover it
     */
    void require(Handle handle, int asked, Optional<DpEvent> reserved) {
        Decision now = owner.requests().decision(handle, request);
        if (!(now instanceof Decision.Approved approved)) {
            throw new NotApprovedException(terms.key() + ": " + now.refusal());
        }
        ApprovalLimits limits = approved.approval().limits();
        if (asked > limits.rounds()) {
            throw new NotApprovedException(
                    terms.key() + ": the owner approved " + limits.rounds() + " rounds, and this is round " + asked);
        }
        if (reserved.isPresent() && limits.epsilon().isPresent()) {
            EpsilonCap cap =
                    new EpsilonCap(terms.delta(examples), terms.budget().accountant(), terms.planned());
            if (!cap.covers(reserved.get(), limits.epsilon().get())) {
                throw new BudgetExceededException(terms.key() + ": the owner approved epsilon "
                        + limits.epsilon().get() + " for it, which does not cover round " + asked);
            }
        }
    }
}
