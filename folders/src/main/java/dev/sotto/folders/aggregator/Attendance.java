package dev.sotto.folders.aggregator;

import dev.sotto.federation.ClientProfile;
import dev.sotto.folders.Email;
import dev.sotto.folders.mail.Expected;
import dev.sotto.folders.mail.Letter;
import dev.sotto.folders.mail.Lines;
import dev.sotto.folders.mail.Names;
import dev.sotto.folders.mail.Parts;
import dev.sotto.folders.mail.PostOffice;
import dev.sotto.folders.mail.Standing;
import dev.sotto.wire.sealed.GuardedFolder;
import dev.sotto.wire.sealed.KeyCard;
import dev.sotto.wire.v1.Answer;
import dev.sotto.wire.v1.Reason;
import java.io.IOException;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who of a project's participants is there, and what each has said last. Of one thread, but for {@link #all}. */
final class Attendance {
    private static final int MOST_ANSWER = 1 << 16;

    private final PostOffice post;
    private final Project project;
    private final Map<Email, Seen> seen = new LinkedHashMap<>();
    private final Set<Email> heard = new HashSet<>();

    /**
     * A participant as it is known.
     *
     * @param card empty while its key card was not seen
     * @param answer what it said last, with how it stands
     */
    record Seen(Email email, Optional<KeyCard> card, Optional<Said> answer) {
        boolean accepted(int clients) {
            return answer.filter(said ->
                            said.answer().hasAccepted() && said.standing().clients() == clients)
                    .isPresent();
        }

        /** Whether it has decided on what it is asked, either way; who has no room now may have later. */
        boolean decided(int clients) {
            return accepted(clients)
                    || answer.filter(said -> said.answer().hasRefused()
                                    && said.answer().getRefused().getReason() != Reason.BUSY)
                            .isPresent();
        }

        /** Why it takes no part, if it has said so. */
        Optional<String> refused() {
            return answer.filter(said -> said.answer().hasRefused())
                    .map(said -> Lines.of(said.answer().getRefused().getMessage()));
        }
    }

    /** What a participant said. */
    record Said(Answer answer, Standing standing) {}

    Attendance(PostOffice post, Project project) {
        this.post = post;
        this.project = project;
        project.emails().forEach(each -> seen.put(each, new Seen(each, Optional.empty(), Optional.empty())));
    }

    /** Where a participant's letters arrive. */
    GuardedFolder mailbox(Email email) {
        return post.datasite().own(Names.AGGREGATOR, Names.RUNNING, project.name(), Names.CLIENTS, email.text());
    }

    /**
     * While the project is not over, nothing of it can be in {@code done/}: what lies there was moved there by somebody, and
     * participants would take their letters for delivered.
     */
    void clearDone() {
        GuardedFolder done = post.datasite().own(Names.AGGREGATOR, Names.DONE);
        try {
            post.clear(done);
            if (done.stamp(project.name()).isPresent()) {
                GuardedFolder running = post.datasite().own(Names.AGGREGATOR, Names.RUNNING);
                if (done.move(project.name(), running, project.name())) {
                    post.quarantine().note(done.file(project.name()), "it was moved here, and has been moved back");
                } else {
                    post.quarantine().take(done, project.name(), "it lies in done/, and the project is not over");
                }
            }
        } catch (IOException e) {
            post.quarantine().note(done.file(project.name()), "it cannot be looked at: " + Lines.of(e));
        }
    }

    /** Looks for key cards and answers. */
    void look() {
        for (Email email : project.emails()) {
            Optional<KeyCard> card = post.peer(email);
            Seen before;
            synchronized (seen) {
                before = seen.get(email);
            }
            Seen now = card.map(
                            known -> new Seen(email, card, said(email, known).or(before::answer)))
                    .orElse(before);
            synchronized (seen) {
                seen.put(email, now);
            }
        }
    }

    private Optional<Said> said(Email email, KeyCard card) {
        Expected expected = new Expected(project.session(), Names.ANSWER, 0, card, MOST_ANSWER);
        GuardedFolder mailbox = mailbox(email);
        Optional<Letter> letter = post.take(mailbox, Names.ANSWER_FILE, expected);
        if (letter.isEmpty()) {
            return Optional.empty();
        }
        try {
            Parts.Read<Answer> read = Parts.read(letter.get().content(), Answer.parser());
            Standing standing = Standing.parse(read.rest());
            if (read.message().hasAccepted()) {
                // What cannot be is no answer.
                new ClientProfile(email.clientId(), read.message().getAccepted().getExamples());
            }
            return Optional.of(new Said(read.message(), standing));
        } catch (IOException | IllegalArgumentException e) {
            post.quarantine().note(mailbox.file(Names.ANSWER_FILE), Lines.of(e));
            return Optional.empty();
        }
    }

    /** Whether a participant has heard that the project is over. */
    boolean heard(Email email, KeyCard card) {
        GuardedFolder box =
                post.datasite().own(Names.AGGREGATOR, Names.DONE, project.name(), Names.CLIENTS, email.text());
        Expected expected = new Expected(project.session(), Names.HEARD, 0, card, MOST_ANSWER);
        post.take(box, Names.HEARD_FILE, expected).ifPresent(letter -> heard.add(email));
        return heard.contains(email);
    }

    Seen of(Email email) {
        synchronized (seen) {
            return seen.get(email);
        }
    }

    /** Everybody, in the order in which they were named. */
    Map<Email, Seen> all() {
        synchronized (seen) {
            return new LinkedHashMap<>(seen);
        }
    }
}
