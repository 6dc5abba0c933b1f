package dev.sotto.experiment.run;

import dev.sotto.formats.config.ConfigException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** The files, in a run's directory, that going on with the run needs. */
final class CheckpointFolder {
    /** Its name in a run's directory. */
    static final String NAME = "resume";

    static final String IDENTITY = "run.json";
    static final String CHECKPOINT = "checkpoint.json";
    static final String JOURNAL = "journal.jsonl";

    private static final String README = "README";
    private static final String LOCK = "lock";
    private static final String ARRAY = ".array";
    private static final String WORDS = """
            Local and secret: with what is in this folder the run can go on after an interruption (sotto run --resume).
            It may hold exact ledgers, cohorts and the state of noise that is still to be added. Never share or publish
            it. It is removed when the run ends.
            """;

    private final SecretFolder files;

    CheckpointFolder(Path runDirectory) {
        this.files = new SecretFolder(runDirectory.resolve(NAME));
    }

    SecretFolder files() {
        return files;
    }

    /** Whether there is a run in it that can be gone on with. */
    boolean usable() {
        return Files.exists(files.file(CHECKPOINT));
    }

    /** Made anew, for a run that is about to begin. */
    void begin(RunIdentity identity) {
        files.delete();
        files.create();
        files.write(README, ByteBuffer.wrap(WORDS.getBytes(StandardCharsets.UTF_8)));
        files.write(IDENTITY, CheckpointJson.line(identity));
    }

    /** Keeps other processes from the run: two that went on from one checkpoint would release its next round twice. */
    Closeable lock() {
        return files.lock(LOCK)
                .orElseThrow(() -> new ConfigException(
                        "run directory " + files.file("..").normalize() + ": another process is running it"));
    }

    <T> T read(String name, Class<T> type) {
        try {
            return CheckpointJson.parse(text(name), type);
        } catch (IOException e) {
            throw damaged(name);
        }
    }

    /** All lines that were written whole, in order; none if no round has begun yet. */
    List<JournalLine> journal() {
        List<JournalLine> lines = new ArrayList<>();
        String text = journalText();
        for (int from = 0, to; (to = text.indexOf('\n', from)) >= 0; from = to + 1) {
            try {
                lines.add(CheckpointJson.parse(text.substring(from, to), JournalLine.class));
            } catch (IOException e) {
                throw damaged(JOURNAL);
            }
        }
        return lines;
    }

    private String journalText() {
        try {
            return Files.exists(files.file(JOURNAL)) ? text(JOURNAL) : "";
        } catch (IOException e) {
            throw damaged(JOURNAL);
        }
    }

    /** Takes away a last line that a kill cut short, so that the next one stands by itself. */
    void mendJournal() {
        String text = journalText();
        String whole = text.substring(0, text.lastIndexOf('\n') + 1);
        if (whole.length() < text.length()) {
            files.replace(JOURNAL, ByteBuffer.wrap(whole.getBytes(StandardCharsets.UTF_8)));
        }
    }

    /** Writes an array to a file of its own and says which. */
    String writeArray(ByteBuffer... bytes) {
        String name = UUID.randomUUID() + ARRAY;
        files.write(name, bytes);
        return name;
    }

    /** Removes arrays that no longer hold. */
    void keepOnly(Collection<String> arrays) {
        Set<String> kept = Set.copyOf(arrays);
        files.names().stream()
                .filter(name -> name.endsWith(ARRAY) && !kept.contains(name))
                .forEach(files::delete);
    }

    private String text(String name) throws IOException {
        return Files.readString(files.file(name));
    }

    ConfigException damaged(String name) {
        return new ConfigException(files.file(name) + ": damaged; the run cannot be gone on with");
    }
}
