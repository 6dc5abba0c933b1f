package dev.sotto.folders.mail;

import dev.sotto.folders.Datasite;
import dev.sotto.folders.Email;
import dev.sotto.wire.sealed.GuardedFolder;
import dev.sotto.wire.sealed.GuardedFolder.Kind;
import dev.sotto.wire.sealed.GuardedFolder.Stamp;
import dev.sotto.wire.sealed.KeyCard;
import dev.sotto.wire.sealed.SealedEnvelope;
import dev.sotto.wire.sealed.SealedEnvelope.Header;
import dev.sotto.wire.sealed.UnfitFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A datasite's end of all its correspondence. What it posts is sealed to its reader and kept in place; what it takes from its
 * own tree is bounded, by whom it must be, for whom it must be, about what it must be, and newer than what came before, or goes
 * into quarantine. Nothing that lies in a folder makes any method throw. Thread-safe.
 */
public final class PostOffice {
    private static final int MOST_LOOKS = 50_000;

    private final Datasite datasite;
    private final Quarantine quarantine;
    private final Way way;
    private final KeyCards cards;
    private final Outbox outbox;
    private final Sequences sequences;
    private final Map<Path, Look> looks = Collections.synchronizedMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Look> eldest) {
            return size() > MOST_LOOKS;
        }
    });

    /** How a file looked, and whether it was judged: one that is still arriving is looked at once more. */
    private record Look(Stamp stamp, boolean judged) {}

    /** The end of that datasite. */
    public PostOffice(Datasite datasite) throws IOException {
        this.datasite = datasite;
        this.quarantine = new Quarantine(quarantine(datasite));
        this.way = new Way(quarantine);
        this.cards = new KeyCards(datasite, quarantine);
        this.outbox = new Outbox(
                datasite.home().resolve("outbox"),
                datasite.synced(),
                datasite.email().text(),
                quarantine);
        this.sequences = new Sequences(datasite.home().resolve("sequences.json"));
    }

    /** Where a datasite's quarantine is. */
    public static Path quarantine(Datasite datasite) {
        return datasite.home().resolve("quarantine");
    }

    /** Whose. */
    public Datasite datasite() {
        return datasite;
    }

    /** Where refused things go. */
    public Quarantine quarantine() {
        return quarantine;
    }

    /** Shows the own key card. */
    public void publish() throws IOException {
        outbox.put("", Datasite.KEY_CARD, datasite.card().bytes(), datasite.own());
    }

    /** The key card of another datasite, which is pinned with this if it is the first that is shown. */
    public Optional<KeyCard> peer(Email email) {
        return cards.peer(email);
    }

    /** The key card that a first letter of somebody is held against; it is not pinned with this. */
    public Optional<KeyCard> stranger(Email email) {
        return cards.stranger(email);
    }

    /** Pins the card of somebody who has proved that it is theirs; what is wrong with it is said. */
    public Optional<KeyCard> meet(Email email, KeyCard card) {
        return cards.meet(email, card);
    }

    /**
     * Seals a letter, puts it into the first of some places, and sees to it that it stays in one of them.
     *
     * @param name of the file
     * @return the letter as it was written
     */
    public byte[] post(
            KeyCard reader,
            String project,
            String kind,
            int round,
            byte[] content,
            String name,
            GuardedFolder... places)
            throws IOException {
        Header header = new Header(project, kind, round, datasite.email().text(), reader.name(), sequences.next());
        byte[] sealed = SealedEnvelope.seal(header, content, datasite.keys(), reader);
        // Another aggregator may have copied the session's id; what it ends is its own.
        place(project + " " + reader.name(), sealed, name, places);
        return sealed;
    }

    /** The same with bytes as they are. */
    public void place(String project, byte[] bytes, String name, GuardedFolder... places) throws IOException {
        outbox.put(project, name, bytes, places);
    }

    /** Lets go of posted files of a project, or, with a space and a reader's name, of those to it; they stay where they are. */
    public void forget(String project, Predicate<String> name) {
        try {
            outbox.forget(project, name);
        } catch (IOException e) {
            quarantine.unwritten(datasite.home().resolve("outbox"), e);
        }
    }

    /** Writes again whatever others have deleted or changed of what was posted. */
    public void guard() {
        outbox.guard();
    }

    /** Says what may lie under a name, once the header tells who says to have written it. */
    @FunctionalInterface
    public interface Who {
        /** An {@link UnfitFileException} for nothing by that author. */
        Expected mayBe(Header header) throws IOException;
    }

    /** Takes a letter of which it is known who must have written it. */
    public Optional<Letter> take(GuardedFolder folder, String name, Expected expected) {
        return take(folder, name, expected.most(), header -> expected);
    }

    /**
     * Takes a letter from the own tree, unless there is none, or it was taken before as it is now. What is not what it must be
     * goes into quarantine, if it does not change any more.
     *
     * @param most bytes of its content
     */
    public Optional<Letter> take(GuardedFolder folder, String name, long most, Who who) {
        try {
            clear(folder);
            Optional<Stamp> stamp = folder.stamp(name);
            Path file = folder.file(name);
            if (stamp.isEmpty()) {
                looks.remove(file);
                return Optional.empty();
            }
            Look last = looks.get(file);
            boolean same = last != null && last.stamp().equals(stamp.get());
            if (same && last.judged()) {
                return Optional.empty();
            }
            try {
                Optional<Letter> letter = open(folder, name, most, who);
                looks.put(file, new Look(stamp.get(), true));
                return letter;
            } catch (UnfitFileException e) {
                boolean arriving = !same
                        && stamp.get().kind() == Kind.FILE
                        && stamp.get().size() <= most + SealedEnvelope.overhead();
                looks.put(file, new Look(stamp.get(), !arriving));
                if (!arriving) {
                    quarantine.take(folder, name, e.getMessage());
                }
            }
        } catch (IOException e) {
            quarantine.unread(folder.file(name), e);
        }
        return Optional.empty();
    }

    private Optional<Letter> open(GuardedFolder folder, String name, long most, Who who) throws IOException {
        Optional<byte[]> bytes = folder.read(name, most + SealedEnvelope.overhead());
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        SealedEnvelope envelope = SealedEnvelope.parse(bytes.get());
        Header header = envelope.header();
        Expected expected = who.mayBe(header);
        byte[] content = envelope.open(expected.author(), datasite.email().text(), datasite.keys());
        if (!header.project().equals(expected.project())
                || !header.kind().equals(expected.kind())
                || (expected.round() != Expected.ANY && header.round() != expected.round())) {
            throw new UnfitFileException("it was put here from elsewhere: " + header.author() + " wrote it as "
                    + header.kind() + " of " + header.project() + ", round " + header.round() + "; here belongs "
                    + expected.kind() + " of " + expected.project() + ", round " + expected.round());
        }
        String digest = envelope.digest();
        Optional<String> refusal = sequences.refusal(header, digest);
        if (refusal.isPresent()) {
            throw new UnfitFileException(refusal.get());
        }
        return Optional.of(new Letter(header, content, digest));
    }

    /**
     * Reads bytes that others may write, and refuses those that have another digest.
     *
     * @return empty if they are not there, or not yet
     */
    public Optional<byte[]> fetch(GuardedFolder folder, String name, byte[] sha256, long bytes) {
        try {
            clear(folder);
            Optional<Stamp> stamp = folder.stamp(name);
            if (stamp.isEmpty()) {
                return Optional.empty();
            }
            Path file = folder.file(name);
            Look last = looks.get(file);
            boolean same = last != null && last.stamp().equals(stamp.get());
            String wrong;
            try {
                Optional<byte[]> read = folder.read(name, bytes);
                if (read.isPresent()
                        && Arrays.equals(dev.sotto.wire.Blobs.sha256().digest(read.get()), sha256)) {
                    looks.remove(file);
                    return read;
                }
                wrong = "it is not what was signed: its digest is another";
            } catch (UnfitFileException e) {
                wrong = e.getMessage();
            }
            if (same) {
                quarantine.take(folder, name, wrong);
            }
            looks.put(file, new Look(stamp.get(), same));
        } catch (IOException e) {
            quarantine.unread(folder.file(name), e);
        }
        return Optional.empty();
    }

    /** Puts folders that are in the way of files into quarantine; other things are written over. */
    public void clearFiles(GuardedFolder folder, String... names) throws IOException {
        way.clearFiles(folder, names);
    }

    /** Puts what is in the way of a folder into quarantine: its owner may do that, and others can write to it again. */
    public void clear(GuardedFolder folder) throws IOException {
        way.clear(folder);
    }
}
