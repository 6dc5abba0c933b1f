package dev.sotto.owner.request;

import dev.sotto.owner.ledger.DataFingerprint;
import dev.sotto.owner.policy.ApprovalRule;
import dev.sotto.owner.request.Decided.Kind;
import dev.sotto.owner.request.DecisionRows.Row;
import dev.sotto.owner.request.DecisionRows.Statement;
import dev.sotto.owner.request.RequestRows.Stored;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** What holds of a request now, inside a transaction: the last decision, if it is the owner's, in time, and of what is asked. */
final class CurrentDecision {
    private final Handle handle;
    private final RequestRows requests;
    private final Path home;
    private final Instant now;

    CurrentDecision(Handle handle, RequestRows requests, Path home, Instant now) {
        this.handle = handle;
        this.requests = requests;
        this.home = home;
        this.now = now;
    }

    Decision of(Request request) {
        Stored stored = known(request);
        Optional<Row> last = new DecisionRows(handle).last(request.id());
        // Whoever signed it: what says no needs no proof.
        if (last.isPresent() && last.get().statement().kind() == Kind.REJECTED) {
            return new Decision.Rejected(last.get().statement().reason());
        }
        if (last.isPresent() && last.get().statement().kind() == Kind.REVOKED) {
            return new Decision.Revoked(last.get().statement().reason());
        }
        if (isSuperseded(stored)) {
            return new Decision.Superseded();
        }
        Optional<Approval> approval = last.flatMap(row -> approval(stored, row));
        if (approval.isEmpty()) {
            return new Decision.Pending();
        }
        if (approval.get().automatic() && rule(request.dataSet()) == ApprovalRule.ASK) {
            return new Decision.Pending(approval);
        }
        return isOver(last.get(), approval.get())
                ? new Decision.Expired(approval.get())
                : new Decision.Approved(approval.get());
    }

    private Optional<Approval> approval(Stored stored, Row row) {
        Optional<PublicKey> owner = OwnerKey.known(home);
        if (owner.isEmpty() || !row.isSignedBy(owner.get(), new DecisionRows(handle).before(row), stored)) {
            return Optional.empty();
        }
        Statement said = row.statement();
        return said.limits()
                .map(limits -> new Approval(
                        stored.request(), limits, said.at(), said.automatic(), DecisionRows.signer(row.signer())));
    }

    /** Once it was found to be over it is, whatever the clock says later. */
    private boolean isOver(Row row, Approval approval) {
        long number = row.statement().number();
        boolean noted = handle.createQuery("SELECT COUNT(*) FROM expired_approvals WHERE decision = ?")
                        .bind(0, number)
                        .mapTo(Integer.class)
                        .one()
                > 0;
        if (!noted && !now.isBefore(approval.limits().expires())) {
            handle.execute("INSERT INTO expired_approvals VALUES (?, ?)", number, now.toString());
            return true;
        }
        return noted;
    }

    /** Notes who approves what the policy allows. */
    void rule(String dataSet, ApprovalRule rule) {
        handle.execute("INSERT OR REPLACE INTO approval_rules VALUES (?, ?)", dataSet, rule.label());
    }

    /** Who does, if it was noted; before that what the policy approved held. */
    ApprovalRule rule(String dataSet) {
        return handle.createQuery("SELECT rule FROM approval_rules WHERE data_set = ?")
                .bind(0, dataSet)
                .mapTo(String.class)
                .findOne()
                .filter(ApprovalRule.ASK.label()::equals)
                .map(label -> ApprovalRule.ASK)
                .orElse(ApprovalRule.AUTOMATIC);
    }

    /** Whether the session asks for something else by now, or the data is not what it was. */
    boolean isSuperseded(Stored stored) {
        boolean newest = requests.last(stored.request().key()).orElseThrow().number() == stored.number();
        byte[] state = DataFingerprint.last(handle, stored.request().dataSet()).orElse(new byte[0]);
        return !newest || !Arrays.equals(state, stored.state());
    }

    /** The request as it is stored. */
    Stored known(Request request) {
        return requests.find(request.id())
                .filter(stored -> stored.request().equals(request))
                .orElseThrow(() -> new RequestException("there is no request '" + request.id() + "'"));
    }
}
