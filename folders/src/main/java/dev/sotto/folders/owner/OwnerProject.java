package dev.sotto.folders.owner;

import dev.sotto.folders.ProjectStatus;
import dev.sotto.folders.ProjectStatus.Participant;
import dev.sotto.folders.ProjectStatus.Role;
import dev.sotto.folders.ProjectStatus.State;
import dev.sotto.folders.SealedRecord;
import dev.sotto.folders.Visible;
import dev.sotto.folders.mail.Expected;
import dev.sotto.folders.mail.Letter;
import dev.sotto.folders.mail.Lines;
import dev.sotto.folders.mail.Names;
import dev.sotto.folders.mail.Parts;
import dev.sotto.folders.mail.Standing;
import dev.sotto.owner.desk.HostedSession;
import dev.sotto.owner.desk.OfferDesk;
import dev.sotto.owner.desk.Outcome;
import dev.sotto.owner.desk.OwnedExamples;
import dev.sotto.owner.desk.RefusedOfferException;
import dev.sotto.owner.desk.RefusedOfferException.Ground;
import dev.sotto.owner.request.ApprovalLimits;
import dev.sotto.owner.request.Decision;
import dev.sotto.owner.request.Request;
import dev.sotto.owner.request.RequestException;
import dev.sotto.wire.sealed.GuardedFolder;
import dev.sotto.wire.sealed.KeyCard;
import dev.sotto.wire.sealed.PrivateFile;
import dev.sotto.wire.v1.Accepted;
import dev.sotto.wire.v1.Answer;
import dev.sotto.wire.v1.Pending;
import dev.sotto.wire.v1.Reason;
import dev.sotto.wire.v1.Refusal;
import dev.sotto.wire.v1.SessionOver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** One project at its owner, from the offer to the sealed record. Of the polling thread, but for the tasks that it hands on. */
final class OwnerProject {
    private static final int MOST_OVER = 1 << 16;
    private static final int POLLS_WHILE_BUSY = 60;
    /** How long the last model is waited for once it is known that all is over: files arrive in any order. */
    private static final Duration RESULT = Duration.ofMinutes(10);

    private final OwnerContext context;
    private final KeyCard aggregator;
    private final Correspondence letters;
    private final TaskIntake tasks;
    private Asked asked;
    private Optional<Request> request = Optional.empty();
    private Optional<HostedSession> hosted = Optional.empty();
    private Optional<String> refusal = Optional.empty();
    private Optional<Decision> decided = Optional.empty();
    /** When to ask again, where there was no room: others end, and people decide. */
    private OptionalLong again = OptionalLong.empty();

    OwnerProject(OwnerContext context, KeyCard aggregator, Asked asked) {
        this.context = context;
        this.aggregator = aggregator;
        this.asked = asked;
        this.letters = new Correspondence(context.post(), context.files(), aggregator, asked, context.label());
        this.tasks = new TaskIntake(context, aggregator, letters);
    }

    Asked asked() {
        return asked;
    }

    boolean hosting() {
        return hosted.isPresent();
    }

    private GuardedFolder in(String state) {
        return context.post().datasite().own(Names.CLIENT, state, asked.project());
    }

    /** An offer of the same session, which may ask for something else. */
    void offered(Asked offer) throws IOException {
        if (!asked.over() && !asked.asksFor(offer)) {
            save(asked.asking(offer));
            hosted = Optional.empty();
            request = Optional.empty();
            refusal = Optional.empty();
            decided = Optional.empty();
            again = OptionalLong.empty();
        }
    }

    private void save(Asked next) throws IOException {
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
            approveWhatWasMoved(request.get(), data.get());
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
                hosts(own.session());
            } else if (outcome instanceof Outcome.Waiting own) {
                waits(own.request(), pack);
            }
        } catch (RefusedOfferException e) {
            refuses(e);
        }
    }

    private void hosts(HostedSession session) throws IOException {
        boolean first = hosted.isEmpty();
        // A round that is on must stay the only one.
        hosted = hosted.filter(session::sameAs).or(() -> Optional.of(session));
        request = Optional.of(session.owner().request());
        decided = Optional.of(context.owner().requests().decision(request.get()));
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
        if (first) {
            letters.say("approved; it takes part");
        }
    }

    private void waits(Request now, Path pack) throws IOException {
        hosted = Optional.empty();
        request = Optional.of(now);
        decided = Optional.of(context.owner().requests().decision(now));
        context.mirror().show(asked, now, pack);
        answer(Answer.newBuilder().setPending(Pending.getDefaultInstance()).build(), true, Standing.WAITING);
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

    /** Moving the folder is the owner's approval where nobody else can move it. */
    private void approveWhatWasMoved(Request now, OwnedExamples data) throws IOException {
        Decision decision = context.owner().requests().decision(now);
        if (!(decision instanceof Decision.Pending)) {
            return;
        }
        boolean synced = in(Names.RUNNING).stamp(Names.offer(asked.authority())).isPresent()
                && in(Names.REQUEST).stamp(Names.offer(asked.authority())).isEmpty();
        // What came to lie in running/ because something else had been moved there was moved by nobody.
        boolean first = context.owner().requests().all().stream()
                .noneMatch(other -> other.key().equals(now.key()) && !other.id().equals(now.id()));
        if (context.mirror().approved(asked, now)
                || (synced && first && context.how().approveBySyncedMove())) {
            approve(now, data);
        } else if (synced) {
            context.post()
                    .quarantine()
                    .note(
                            in(Names.RUNNING).path(),
                            "the folder was moved here, where others can write, so that is no approval; to approve, move "
                                    + context.mirror().waiting(asked, now)
                                    + " to running/, or run: sotto request approve "
                                    + now.shortId());
        } else {
            context.mirror().outdated(asked, now).ifPresent(other -> context.post()
                    .quarantine()
                    .note(
                            in(Names.REQUEST).path(),
                            "request " + other + " was approved by moving its folder, and request " + now.id()
                                    + " is what is asked now: it must be approved anew"));
        }
    }

    /** By moving a folder an owner says yes to what is asked, and to no more. */
    private void approve(Request now, OwnedExamples data) {
        try {
            var what = dev.sotto.owner.request.Asked.of(context.owner(), now);
            Duration holds = Duration.ofDays(data.file().policy().approvalDays());
            context.owner()
                    .requests()
                    .approve(
                            now,
                            new ApprovalLimits(
                                    what.rounds(), what.cap(), Instant.now().plus(holds)),
                            context.owner().key());
        } catch (RequestException e) {
            context.post().quarantine().note(in(Names.REQUEST).path(), Lines.of(e));
        }
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
        if (asked.rounds() > 0 && !result() && !late()) {
            show();
            return;
        }
        context.mirror().over(asked);
        letters.heard();
        archive();
        save(asked.withSeal());
        show();
    }

    /** Moves the folder, and seals it as it is. */
    private void archive() throws IOException {
        GuardedFolder done = context.post().datasite().own(Names.CLIENT, Names.DONE);
        context.post().clear(done.below(asked.project()));
        for (String state : new String[] {Names.RUNNING, Names.REQUEST}) {
            GuardedFolder from = context.post().datasite().own(Names.CLIENT, state);
            if (from.stamp(asked.project()).isPresent()) {
                if (done.stamp(asked.project()).isPresent()) {
                    context.post()
                            .quarantine()
                            .take(done, asked.project(), "it lies where the record of a project is going to be");
                }
                from.move(asked.project(), done, asked.project());
                break;
            }
        }
        context.post().clearFiles(done.below(asked.project()), SealedRecord.MANIFEST, SealedRecord.SIGNATURE);
        SealedRecord.seal(
                done.below(asked.project()),
                asked.session(),
                asked.ending(),
                context.post().datasite().card(),
                context.post().datasite().keys());
    }

    private boolean late() {
        return System.currentTimeMillis() - asked.overAt() > RESULT.toMillis();
    }

    private boolean result() throws IOException {
        Path file = context.mirror().done(asked).resolve("model.safetensors");
        if (Files.exists(file)) {
            return true;
        }
        Expected expected = new Expected(
                asked.session(), Names.RESULT, asked.rounds(), aggregator, context.mostModel() + Parts.MOST_MESSAGE);
        for (String state : new String[] {Names.RUNNING, Names.DONE}) {
            Optional<Letter> letter =
                    context.post().take(in(state).below(Names.AGGREGATES), Names.model(asked.rounds()), expected);
            if (letter.isPresent()) {
                PrivateFile.write(file, letter.get().content());
                return true;
            }
        }
        return false;
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
