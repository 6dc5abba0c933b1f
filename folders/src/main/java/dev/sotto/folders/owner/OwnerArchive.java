package dev.sotto.folders.owner;

import dev.sotto.folders.SealedRecord;
import dev.sotto.folders.mail.Expected;
import dev.sotto.folders.mail.Letter;
import dev.sotto.folders.mail.Names;
import dev.sotto.folders.mail.Parts;
import dev.sotto.wire.sealed.GuardedFolder;
import dev.sotto.wire.sealed.KeyCard;
import dev.sotto.wire.sealed.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** What is left of a project that is over: its last model, and the sealed record in {@code done/}. */
final class OwnerArchive {
    /** How long the last model is waited for once it is known that all is over: files arrive in any order. */
    private static final Duration RESULT = Duration.ofMinutes(10);

    private final OwnerContext context;
    private final KeyCard aggregator;

    OwnerArchive(OwnerContext context, KeyCard aggregator) {
        this.context = context;
        this.aggregator = aggregator;
    }

    /** Moves the folder, and seals it as it is. */
    void seal(AskedProject asked) throws IOException {
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

    /** Whether the last model was waited for long enough. */
    boolean late(AskedProject asked) {
        return System.currentTimeMillis() - asked.overAt() > RESULT.toMillis();
    }

    /** Whether the last model is here; taken now if it lies there. */
    boolean result(AskedProject asked) throws IOException {
        Path file = context.mirror().done(asked).resolve("model.safetensors");
        if (Files.exists(file)) {
            return true;
        }
        Expected expected = new Expected(
                asked.session(), Names.RESULT, asked.rounds(), aggregator, context.mostModel() + Parts.MOST_MESSAGE);
        for (String state : new String[] {Names.RUNNING, Names.DONE}) {
            Optional<Letter> letter = context.post()
                    .take(
                            context.post()
                                    .datasite()
                                    .own(Names.CLIENT, state, asked.project())
                                    .below(Names.AGGREGATES),
                            Names.model(asked.rounds()),
                            expected);
            if (letter.isPresent()) {
                PrivateFile.write(file, letter.get().content());
                return true;
            }
        }
        return false;
    }
}
