package dev.sotto.folders.owner;

import dev.sotto.folders.mail.Lines;
import dev.sotto.folders.mail.Names;
import dev.sotto.owner.desk.OwnedExamples;
import dev.sotto.owner.request.ApprovalLimits;
import dev.sotto.owner.request.Asked;
import dev.sotto.owner.request.Decided;
import dev.sotto.owner.request.Decision;
import dev.sotto.owner.request.Request;
import dev.sotto.owner.request.RequestException;
import dev.sotto.wire.sealed.GuardedFolder;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;

/** Moving a request's folder is the owner's approval where nobody else can move it. */
final class MovedApproval {
    private final OwnerContext context;

    MovedApproval(OwnerContext context) {
        this.context = context;
    }

    private GuardedFolder in(AskedProject asked, String state) {
        return context.post().datasite().own(Names.CLIENT, state, asked.project());
    }

    /** Looks whether the owner has moved the folder of what is asked now. */
    void look(AskedProject asked, Request now, OwnedExamples data) throws IOException {
        Decision decision = context.owner().requests().decision(now);
        if (!(decision instanceof Decision.Pending)) {
            return;
        }
        // What was decided before had the folders moved, so that where they lie says nothing of what the owner wants
        // now.
        OptionalLong lapsed = lapsed(now);
        if (lapsed.isPresent()) {
            if (context.mirror().approvedSince(asked, now, lapsed.getAsLong())) {
                approve(asked, now, data);
            }
            return;
        }
        boolean synced =
                in(asked, Names.RUNNING).stamp(Names.offer(asked.authority())).isPresent()
                        && in(asked, Names.REQUEST)
                                .stamp(Names.offer(asked.authority()))
                                .isEmpty();
        // What came to lie in running/ because something else had been moved there was moved by nobody.
        boolean first = context.owner().requests().all().stream()
                .noneMatch(other -> other.key().equals(now.key()) && !other.id().equals(now.id()));
        if (context.mirror().approved(asked, now)
                || (synced && first && context.how().approveBySyncedMove())) {
            approve(asked, now, data);
        } else if (synced) {
            context.post()
                    .quarantine()
                    .note(
                            in(asked, Names.RUNNING).path(),
                            "the folder was moved here, where others can write, so that is no approval; to approve, move "
                                    + context.mirror().waiting(asked, now)
                                    + " to running/, or run: sotto request approve "
                                    + now.shortId());
        } else {
            context.mirror().outdated(asked, now).ifPresent(other -> context.post()
                    .quarantine()
                    .note(
                            in(asked, Names.REQUEST).path(),
                            "request " + other + " was approved by moving its folder, and request " + now.id()
                                    + " is what is asked now: it must be approved anew"));
        }
    }

    /** Has the folder of a request that waits lie in {@code request/} though it was approved before; whether it did not. */
    boolean waitsAgain(AskedProject asked, Request now) throws IOException {
        OptionalLong lapsed = lapsed(now);
        return context.owner().requests().decision(now) instanceof Decision.Pending
                && lapsed.isPresent()
                && context.mirror().putBack(asked, now, lapsed.getAsLong());
    }

    /** The last decision on a request that waits all the same: it holds no more, or is not signed with the owner's key. */
    private OptionalLong lapsed(Request now) {
        return context.owner().requests().history().stream()
                .filter(each -> each.request().id().equals(now.id()))
                .mapToLong(Decided::number)
                .max();
    }

    /** By moving a folder an owner says yes to what is asked, and to no more. */
    private void approve(AskedProject asked, Request now, OwnedExamples data) {
        try {
            Asked what = Asked.of(context.owner(), now);
            Duration holds = Duration.ofDays(data.file().policy().approvalDays());
            context.owner()
                    .requests()
                    .approve(
                            now,
                            new ApprovalLimits(
                                    what.rounds(), what.cap(), Instant.now().plus(holds)),
                            context.owner().key());
        } catch (RequestException e) {
            context.post().quarantine().note(in(asked, Names.REQUEST).path(), Lines.of(e));
        }
    }
}
