package dev.sotto.folders.owner;

import dev.sotto.folders.ProjectStatus;
import dev.sotto.folders.ProjectStatus.Participant;
import dev.sotto.folders.ProjectStatus.Role;
import dev.sotto.folders.ProjectStatus.State;
import dev.sotto.folders.Visible;
import dev.sotto.folders.mail.Expected;
import dev.sotto.folders.mail.Letter;
import dev.sotto.folders.mail.Lines;
import dev.sotto.folders.mail.Names;
import dev.sotto.folders.mail.Standing;
import dev.sotto.owner.desk.HostedSession;
import dev.sotto.owner.desk.OfferDesk;
import dev.sotto.owner.desk.Outcome;
import dev.sotto.owner.desk.OwnedExamples;
import dev.sotto.owner.desk.RefusedOfferException;
import dev.sotto.owner.desk.RefusedOfferException.Ground;
import dev.sotto.owner.request.Decision;
import dev.sotto.owner.request.Request;
import dev.sotto.wire.sealed.GuardedFolder;
import dev.sotto.wire.sealed.KeyCard;
import dev.sotto.wire.v1.Accepted;
import dev.sotto.wire.v1.Answer;
import dev.sotto.wire.v1.Pending;
import dev.sotto.wire.v1.Reason;
import dev.sotto.wire.v1.Refusal;
import dev.sotto.wire.v1.SessionOver;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** One project at its owner, from the offer to the sealed record. Of the polling thread, but for the tasks that it hands on. */
final class OwnerProject {
    private static final int MOST_OVER = 1 << 16;
    private static final int POLLS_WHILE_BUSY = 60;

    private final OwnerContext context;
    private final KeyCard aggregator;
    private final Correspondence letters;
    private final TaskIntake tasks;
    private final MovedApproval moved;
    private final OwnerArchive archive;
    private AskedProject asked;
    private Optional<Request> request = Optional.empty();
    private Optional<HostedSession> hosted = Optional.empty();
    private Optional<String> refusal = Optional.empty();
    private Optional<Decision> decided = Optional.empty();
    /** When to ask again, where there was no room: others end, and people decide. */
    private OptionalLong again = OptionalLong.empty();

    OwnerProject(OwnerContext context, KeyCard aggregator, AskedProject asked) {
        this.context = context;
        this.aggregator = aggregator;
        this.asked = asked;
        this.letters = new Correspondence(context.post(), context.files(), aggregator, asked, context.label());
        this.tasks = new TaskIntake(context, aggregator, letters);
        this.moved = new MovedApproval(context);
        this.archive = new OwnerArchive(context, aggregator);
    }

    AskedProject asked() {
        return asked;
    }

    boolean hosting() {
        return hosted.isPresent();
    }

    private GuardedFolder in(String state) {
        return context.post().datasite().own(Names.CLIENT, state, asked.project());
    }

    /** An offer of the same session, which may ask for something else. */
    void offered(AskedProject offer) throws IOException {
        if (!asked.over() && !asked.asksFor(offer)) {
            save(asked.asking(offer));
            hosted = Optional.empty();
            request = Optional.empty();
            refusal = Optional.empty();
            decided = Optional.empty();
            again = OptionalLong.empty();
        }
    }

    private void save(AskedProject next) throws IOException {
        context.files().save(next);
        asked = next;
    }

    /** Does what can be done now. */
    void step() throws IOException {
        if (asked.over()) {
            finish();
            return;
        }
        // A card that changes is not trusted, and is said.
        var unused = context.post().peer(asked.by());
        for (String state : new String[] {Names.REQUEST, Names.RUNNING, Names.DONE}) {
            Expected expected = new Expected(asked.session(), Names.OVER, Expected.ANY, aggregator, MOST_OVER);
            Optional<Letter> over = context.post().take(in(state), Names.over(asked.authority()), expected);
            if (over.isPresent()) {
                over(over.get());
                return;
            }
        }
        decide();
        if (hosted.isPresent()) {
            asked = tasks.look(asked, hosted.get());
        }
        show();
    }

    private void decide() throws IOException {
        Optional<OwnedExamples> data = context.shelf().data();
        // Before it is read: whoever asks decides how large it is.
        if (data.isPresent()
                && asked.packageBytes() > context.shelf().desk(aggregator).mostBytes()) {
            refuses(tooLarge());
            return;
        }
        Optional<Path> pack = data.isPresent() ? pack() : Optional.empty();
        if (pack.isEmpty() || data.isEmpty()) {
            answer(
                    Answer.newBuilder().setPending(Pending.getDefaultInstance()).build(),
                    data.isPresent(),
                    Standing.WAITING);
            return;
        }
        boolean due = again.isPresent() && System.nanoTime() - again.getAsLong() >= 0;
        if (due) {
            again = OptionalLong.empty();
        } else if (request.isPresent()) {
            moved.look(asked, request.get(), data.get());
            Decision now = context.owner().requests().decision(request.get());
            if (decided.filter(now::equals).isPresent()) {
                return;
            }
        } else if (refusal.isPresent()) {
            return;
        }
        ask(pack.get(), data.get());
    }

    private Optional<Path> pack() throws IOException {
        Optional<Path> kept = context.files().pack(asked);
        if (kept.isPresent()) {
            return kept;
        }
        for (String state : new String[] {Names.REQUEST, Names.RUNNING}) {
            Optional<byte[]> bytes = context.post()
                    .fetch(
                            in(state),
                            Names.PACKAGE_FILE,
                            HexFormat.of().parseHex(asked.packageDigest()),
                            asked.packageBytes());
            if (bytes.isPresent()) {
                return Optional.of(context.files().keepPack(asked, bytes.get()));
            }
        }
        return Optional.empty();
    }

    private RefusedOfferException tooLarge() {
        return new RefusedOfferException(
                Ground.POLICY,
                "the package has " + asked.packageBytes() + " bytes; at most "
                        + context.shelf().desk(aggregator).mostBytes() + " are accepted");
    }

    /** Asks the desk, which asks policy, ledger and the owner's decision. */
    private void ask(Path pack, OwnedExamples data) throws IOException {
        OfferDesk desk = context.shelf().desk(aggregator);
        byte[] digest = HexFormat.of().parseHex(asked.packageDigest());
        try {
            if (hosted.isEmpty() && context.hosting() >= data.file().limits().sessions()) {
                throw new RefusedOfferException(
                        Ground.BUSY, "as many sessions as may be go on here: " + context.hosting());
            }
            Outcome outcome = desk.accept(asked.session(), pack, digest, asked.clients());
            refusal = Optional.empty();
            if (outcome instanceof Outcome.Hosted own) {
                Optional<String> unkept = Visible.misfit(own.session().terms().plan(), asked.clients());
                if (hosted.isEmpty() && context.shared().test(asked)) {
                    throw new RefusedOfferException(
                            Ground.BUSY,
                            "a project of another aggregator that is called " + asked.project() + " goes on here");
                }
                if (unkept.isPresent()) {
                    throw new RefusedOfferException(Ground.POLICY, unkept.get());
                }
                boolean first = hosted.isEmpty();
                hosts(own.session());
                if (first) {
                    // Only now: how long it takes depends on the data.
                    desk.misfit(own.session()).ifPresent(letters::local);
                }
            } else if (outcome instanceof Outcome.Waiting own) {
                waits(own.request(), pack);
            }
        } catch (RefusedOfferException e) {
            refuses(e);
        }
    }

    private void hosts(HostedSession session) throws IOException {
        boolean first = hosted.isEmpty();
        decided = Optional.empty();
        // A round that is on must stay the only one.
        hosted = hosted.filter(session::sameAs).or(() -> Optional.of(session));
        request = Optional.of(session.owner().request());
        Decision now = context.owner().requests().decision(request.get());
        context.mirror().show(asked, request.get(), request.get().file());
        context.mirror().takesPart(asked, request.get());
        if (in(Names.REQUEST).stamp(Names.offer(asked.authority())).isPresent()) {
            context.post()
                    .datasite()
                    .own(Names.CLIENT, Names.REQUEST)
                    .move(asked.project(), context.post().datasite().own(Names.CLIENT, Names.RUNNING), asked.project());
        }
        Accepted.Builder accepted = Accepted.newBuilder()
                .setExamples(session.owner().profile().examples())
                .setHeldOut(session.owner().heldOut())
                .setSeeded(session.owner().reproducible());
        session.owner().terms().privacy().ifPresent(own -> {
            accepted.setDelta(own.delta().value());
            own.limit().ifPresent(limit -> accepted.setEpsilon(limit.value()));
        });
        answer(Answer.newBuilder().setAccepted(accepted).build(), true, Standing.YES);
        decided = Optional.of(now); // last: if a folder was moved under its feet, all of it is done again
        if (first) {
            letters.say("approved; it takes part");
        }
    }

    private void waits(Request now, Path pack) throws IOException {
        hosted = Optional.empty();
        request = Optional.of(now);
        decided = Optional.empty();
        Decision decision = context.owner().requests().decision(now);
        context.mirror().show(asked, now, pack);
        if (moved.waitsAgain(asked, now)) {
            letters.say("what was approved holds no more; request " + now.shortId() + " waits for you again");
        }
        answer(Answer.newBuilder().setPending(Pending.getDefaultInstance()).build(), true, Standing.WAITING);
        decided = Optional.of(decision);
    }

    private void refuses(RefusedOfferException e) {
        String word = Standing.NO;
        hosted = Optional.empty();
        request = context.owner().requests().all().stream()
                .filter(each -> each.key().equals(asked.key()))
                .findFirst();
        decided = request.map(context.owner().requests()::decision);
        if (decided.filter(Decision.Rejected.class::isInstance).isPresent()) {
            word = Standing.REJECTED;
        } else if (decided.filter(Decision.Revoked.class::isInstance).isPresent()) {
            word = Standing.REVOKED;
        }
        refusal = Optional.of(Lines.of(e));
        if (e.ground() == Ground.BUSY) {
            again = OptionalLong.of(System.nanoTime() + context.how().poll().toNanos() * POLLS_WHILE_BUSY);
        }
        Reason reason =
                switch (e.ground()) {
                    case BUDGET -> Reason.BUDGET;
                    case POLICY -> Reason.POLICY;
                    case CONTRACT -> Reason.CONTRACT;
                    case PACKAGE -> Reason.PACKAGE;
                    case BUSY -> Reason.BUSY;
                };
        answer(
                Answer.newBuilder()
                        .setRefused(Refusal.newBuilder().setReason(reason).setMessage(Lines.of(e)))
                        .build(),
                true,
                word);
    }

    private void answer(Answer answer, boolean hasData, String word) {
        letters.decide(asked, answer, hasData, word);
    }

    private void over(Letter letter) throws IOException {
        String ending;
        try {
            ending = Lines.of(SessionOver.parseFrom(letter.content()).getEnding());
        } catch (IOException e) {
            ending = "";
        }
        tasks.stop();
        hosted = Optional.empty();
        save(asked.over(ending.isEmpty() ? "over" : ending, letter.header().round(), System.currentTimeMillis()));
        context.owner().over(asked.key(), asked.ending());
    }

    /** Waits for the last model, moves the folder to {@code done/}, and seals the record. */
    private void finish() throws IOException {
        if (asked.sealed() || !tasks.idle()) {
            return;
        }
        if (context.shared().test(asked)) {
            show(); // the folder stays where the other project needs it
            return;
        }
        if (asked.rounds() > 0 && !archive.result(asked) && !archive.late(asked)) {
            show();
            return;
        }
        context.mirror().over(asked);
        letters.heard();
        archive.seal(asked);
        save(asked.withSeal());
        show();
    }

    private void show() {
        Standing standing = letters.standing();
        State state = asked.over()
                ? (asked.round() > 0 ? State.DONE : State.FAILED)
                : refusal.isPresent() ? State.FAILED : hosted.isPresent() ? State.RUNNING : State.REQUEST;
        OptionalDouble epsilon =
                hosted.map(session -> session.owner().epsilon()).orElse(OptionalDouble.empty());
        Optional<String> reason = asked.over()
                ? Optional.of(asked.ending())
                : refusal.or(() -> context.shelf().data().isPresent()
                        ? request.filter(each -> hosted.isEmpty())
                                .map(each -> "request " + each.shortId() + " waits for you")
                        : Optional.of(context.shelf().problem()));
        context.board()
                .show(new ProjectStatus(
                        Role.OWNER,
                        asked.project(),
                        asked.session(),
                        asked.aggregator(),
                        state,
                        reason,
                        asked.round(),
                        hosted.map(session -> session.terms().plan().rounds()).orElse(0),
                        epsilon,
                        List.of(new Participant(
                                context.post().datasite().email().text(),
                                true,
                                standing.decision(),
                                context.shelf().data().isPresent(),
                                standing.round(),
                                standing.progress(),
                                refusal)),
                        List.of()));
    }
}
