package dev.sotto.folders.mail;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.formats.config.FileTrouble;
import dev.sotto.wire.sealed.GuardedFolder;
import dev.sotto.wire.sealed.PrivateFile;
import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Where refused files go, in the private tree, with a line each that says what was seen where and why it was refused. Strangers
 * decide how much there is to refuse, so the place is bounded: beyond it files stay where they are, and equal lines are counted.
 * Thread-safe.
 */
public final class Quarantine {
    private static final Logger LOG = Logger.getLogger(Quarantine.class.getName());
    private static final JsonMapper JSON = new JsonMapper();
    private static final String LINES = "log.jsonl";

    /** The lines before those, and the very first ones: whoever writes many must not wash away how it began. */
    private static final String BEFORE = "log-before.jsonl";

    private static final String FIRST = "log-first.jsonl";
    private static final int MOST_KEPT = 500;
    /** Of each file. */
    private static final int MOST_LINES = 10_000;

    private static final int MOST_EQUAL = 3;
    private static final int MOST_CHARACTERS = 600;
    private static final long MOST_COPIED = 64L << 20;

    private final Path folder;
    private final int most;
    private final Map<String, Integer> told = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Integer> eldest) {
            return size() > MOST_LINES;
        }
    };
    private int kept;
    private int lines;

    /** In that folder, which is made. */
    public Quarantine(Path folder) throws IOException {
        this(folder, MOST_LINES);
    }

    Quarantine(Path folder, int most) throws IOException {
        this.most = most;
        this.folder = PrivateFile.folder(folder);
        this.kept = countKept();
        this.lines = lines(LINES).size();
    }

    private int countKept() throws IOException {
        try (var files = Files.list(folder)) {
            return (int) files.filter(each -> !each.getFileName().toString().startsWith("log"))
                    .count();
        }
    }

    /**
     * A line.
     *
     * @param at when
     * @param where the file was
     * @param why it was refused, or what was seen
     * @param kept name of the file in the quarantine; empty if there is none
     */
    public record Line(String at, String where, String why, String kept) {}

    /** Notes what was seen. */
    public void note(Path where, String why) {
        write(where.toString(), why, "");
    }

    /** Notes that something could not be read. */
    public void unread(Path where, IOException trouble) {
        note(where, "it cannot be read: " + FileTrouble.words(where, trouble));
    }

    /** Notes that something could not be written. */
    public void unwritten(Path where, IOException trouble) {
        note(where, "it cannot be written: " + FileTrouble.words(where, trouble));
    }

    /** Takes away what lies under a name, if that can be, and notes why. */
    public synchronized void take(GuardedFolder from, String name, String why) {
        String where = from.file(name).toString();
        String as = free(name.replaceAll("[^A-Za-z0-9._@-]", "_"));
        try {
            Optional<String> link = from.link(name);
            if (link.isPresent()) {
                from.delete(name);
                write(where, why + " (it led to " + link.get() + ")", "");
            } else if (kept >= MOST_KEPT) {
                boolean aside = aside(from, name);
                write(where, why + "; the quarantine is full, so it " + (aside ? "was renamed" : "stays as it is"), "");
            } else if (moved(from, name, as)) {
                kept++;
                write(where, why, as);
            } else {
                write(where, why + "; it stays where it is", "");
            }
        } catch (NoSuchFileException e) {
            write(where, why + "; it is gone already", "");
        } catch (IOException e) {
            write(where, why + "; it cannot be moved: " + e.getMessage(), "");
        }
    }

    private String free(String name) {
        for (int number = kept + 1; ; number++) {
            String as = String.format("%04d-%s", number, name);
            if (!Files.exists(folder.resolve(as), LinkOption.NOFOLLOW_LINKS)) {
                return as;
            }
        }
    }

    /** Out of the way, where it is. */
    private static boolean aside(GuardedFolder from, String name) throws IOException {
        return from.move(name, from, ".refused-" + System.nanoTime() + "-" + name);
    }

    /** Renamed, or copied from another file system if it is a plain file of moderate size. Follows no links on the way. */
    private boolean moved(GuardedFolder from, String name, String as) throws IOException {
        try {
            return from.move(name, GuardedFolder.root(folder), as);
        } catch (AtomicMoveNotSupportedException e) {
            Optional<GuardedFolder.Stamp> stamp = from.stamp(name);
            if (stamp.isEmpty()) {
                return false;
            }
            if (stamp.get().kind() != GuardedFolder.Kind.FILE || stamp.get().size() > MOST_COPIED) {
                return aside(from, name);
            }
            Optional<byte[]> content = from.read(name, MOST_COPIED);
            if (content.isPresent()) {
                PrivateFile.write(folder.resolve(as), content.get());
                from.delete(name);
            }
            return content.isPresent();
        }
    }

    private synchronized void write(String where, String why, String as) {
        String line = (where + ": " + why).replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ");
        String cut = line.length() > MOST_CHARACTERS ? line.substring(0, MOST_CHARACTERS) + "..." : line;
        int times = told.merge(cut, 1, Integer::sum);
        if (times > MOST_EQUAL) {
            return;
        }
        LOG.log(Level.WARNING, "{0}{1}", new Object[] {
            cut, times == MOST_EQUAL ? " (for the third time; it will not be said again)" : ""
        });
        ObjectNode json = JSON.createObjectNode();
        String reason = why.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ");
        json.put("at", Instant.now().toString())
                .put("where", where)
                .put("why", reason.length() > MOST_CHARACTERS ? reason.substring(0, MOST_CHARACTERS) : reason)
                .put("kept", as);
        try {
            if (lines >= most) {
                boolean first = !Files.exists(folder.resolve(FIRST));
                Files.move(
                        folder.resolve(LINES),
                        folder.resolve(first ? FIRST : BEFORE),
                        StandardCopyOption.REPLACE_EXISTING);
                lines = 0;
            }
            PrivateFile.append(folder.resolve(LINES), json + "\n");
            lines++;
        } catch (IOException e) {
            LOG.log(Level.SEVERE, "the quarantine takes no lines: " + e.getMessage(), e);
        }
    }

    /**
     * What was written, oldest first; a last line that a kill cut short is left out. Of very many lines the first, and the last
     * ones, at least {@value #MOST_LINES} each.
     */
    public synchronized List<Line> lines() throws IOException {
        List<Line> all = new ArrayList<>();
        for (String file : new String[] {FIRST, BEFORE, LINES}) {
            all.addAll(lines(file));
        }
        return all;
    }

    private List<Line> lines(String name) throws IOException {
        List<Line> all = new ArrayList<>();
        Path file = folder.resolve(name);
        if (Files.exists(file)) {
            String text = Files.readString(file);
            for (int from = 0, to; (to = text.indexOf('\n', from)) >= 0; from = to + 1) {
                all.add(JSON.readValue(text.substring(from, to), Line.class));
            }
        }
        return all;
    }
}
