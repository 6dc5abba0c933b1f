package dev.sotto.folders.owner;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.folders.mail.Names;
import dev.sotto.folders.mail.Parts;
import dev.sotto.folders.mail.PostOffice;
import dev.sotto.folders.mail.Standing;
import dev.sotto.wire.sealed.GuardedFolder;
import dev.sotto.wire.sealed.KeyCard;
import dev.sotto.wire.v1.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What an owner writes about one project: to its aggregator, sealed, and, for whoever looks at the owner's folder, a state and a
 * log. Says nothing of the data: no counts, losses or times of training. Thread-safe; what cannot be written is said and tried
 * again.
 */
final class Correspondence {
    private static final Logger LOG = Logger.getLogger(Correspondence.class.getName());
    private static final JsonMapper JSON = new JsonMapper();

    private final PostOffice post;
    private final AskedFiles files;
    private final KeyCard aggregator;
    private final String label;
    private AskedProject asked;
    private Answer decision = Answer.getDefaultInstance();
    private Standing standing;
    private byte[] said = new byte[0];

    /**
     * With that aggregator.
     *
     * @param label before each line of the log; empty where something is private
     */
    Correspondence(PostOffice post, AskedFiles files, KeyCard aggregator, AskedProject asked, String label) {
        this.post = post;
        this.files = files;
        this.aggregator = aggregator;
        this.asked = asked;
        this.label = label;
        this.standing = new Standing(asked.clients(), false, Standing.WAITING, asked.round(), "");
    }

    private GuardedFolder own(String... below) {
        return post.datasite().own(Names.CLIENT, Names.RUNNING, asked.project()).below(below);
    }

    private GuardedFolder done(String... below) {
        return post.datasite().own(Names.CLIENT, Names.DONE, asked.project()).below(below);
    }

    /** What this correspondence is called among all that is kept in place. */
    private String kept() {
        return asked.session() + " " + aggregator.name();
    }

    private GuardedFolder[] mailbox() {
        return Names.mailbox(
                post.datasite(), aggregator, asked.project(), post.datasite().email());
    }

    /** A line for the owner and for whoever looks at the folder. */
    void say(String line) {
        say(line, "");
    }

    /**
     * A line for the owner and for whoever looks at the folder.
     *
     * @param more goes on with it for the owner alone: what the owner allows is nobody else's business
     */
    synchronized void say(String line, String more) {
        LOG.log(Level.INFO, "{0}project {1}: {2}{3}", new Object[] {label, asked.project(), line, more});
        String begin = Instant.now().truncatedTo(ChronoUnit.SECONDS) + " " + label + line;
        try {
            byte[] log = files.log(asked, begin, more);
            post.place(kept(), log, "log.txt", own(Names.LOGS), done(Names.LOGS));
        } catch (IOException e) {
            LOG.log(Level.WARNING, "project {0}: its log cannot be written: {1}", new Object[] {
                asked.project(), e.getMessage()
            });
        }
    }

    /** For the owner alone. */
    void local(String line) {
        LOG.log(Level.WARNING, "{0}project {1}: {2}", new Object[] {label, asked.project(), line});
    }

    /** For the owner alone, with what went wrong. */
    void local(String line, Throwable cause) {
        LOG.log(Level.SEVERE, cause, () -> label + "project " + asked.project() + ": " + line);
    }

    /** Answers what is asked now. */
    synchronized void decide(AskedProject now, Answer answer, boolean hasData, String word) {
        asked = now;
        decision = answer.toBuilder().setSession(now.session()).build();
        standing = new Standing(now.clients(), hasData, word, standing.round(), standing.progress());
        tell();
    }

    /** How training goes. */
    synchronized void progress(int round, String words) {
        standing = new Standing(standing.clients(), standing.hasData(), standing.decision(), round, words);
        tell();
    }

    synchronized Standing standing() {
        return standing;
    }

    private void tell() {
        byte[] content = Parts.of(decision, standing.bytes());
        if (!Arrays.equals(content, said)) {
            said = content;
            answer(Names.ANSWER, 0, content, Names.ANSWER_FILE);
            state();
        }
    }

    /** Their {@code state.json}, with what is ours beside it. */
    private void state() {
        if (!standing.decision().equals(Standing.YES)) {
            return; // there is no folder for it yet
        }
        ObjectNode state = JSON.createObjectNode()
                .put("dataset_added", standing.hasData())
                .put("model_train_progress", standing.progress())
                .put("project", asked.project())
                .put("session", asked.session())
                .put("aggregator", asked.aggregator())
                .put("project_approved", standing.decision())
                .put("round", standing.round());
        try {
            post.place(
                    kept(),
                    (state.toPrettyString() + "\n").getBytes(StandardCharsets.UTF_8),
                    "state.json",
                    own(Names.STATE),
                    done(Names.STATE));
        } catch (IOException e) {
            LOG.log(Level.WARNING, "project {0}: its state cannot be written: {1}", new Object[] {
                asked.project(), e.getMessage()
            });
        }
    }

    /** What was trained: to the aggregator, and the same file beside the models. */
    synchronized void update(int round, byte[] content) throws IOException {
        byte[] letter =
                post.post(aggregator, asked.session(), Names.UPDATE, round, content, Names.trained(round), mailbox());
        post.place(kept(), letter, Names.trained(round), own(Names.TRAINED), done(Names.TRAINED));
        // A task for a round shows that those before it are over.
        post.forget(
                kept(),
                name -> name.matches("(trained_model|evaluation|refused)_round_\\d+")
                        && Integer.parseInt(name.substring(name.lastIndexOf('_') + 1)) < round);
    }

    /** Another letter to the aggregator. */
    synchronized void answer(String kind, int round, byte[] content, String name) {
        try {
            post.post(aggregator, asked.session(), kind, round, content, name, mailbox());
        } catch (IOException e) {
            LOG.log(Level.WARNING, "project {0}: {1} cannot be written: {2}", new Object[] {
                asked.project(), name, e.getMessage()
            });
        }
    }

    /** The last letter: nothing else is kept in place from now on. */
    synchronized void heard() {
        try {
            post.forget(kept(), name -> true);
            post.post(
                    aggregator,
                    asked.session(),
                    Names.HEARD,
                    0,
                    new byte[0],
                    Names.HEARD_FILE,
                    post.datasite()
                            .of(
                                    aggregator,
                                    Names.AGGREGATOR,
                                    Names.DONE,
                                    asked.project(),
                                    Names.CLIENTS,
                                    post.datasite().email().text()));
        } catch (IOException e) {
            LOG.log(Level.WARNING, "project {0}: its end cannot be confirmed: {1}", new Object[] {
                asked.project(), e.getMessage()
            });
        }
    }
}
