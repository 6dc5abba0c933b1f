package dev.sotto.wire.sealed;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The key cards that a datasite has met, each kept from the first time on, in a folder that nobody but its owner can write to.
 * A card that differs from the one that is kept is refused, whoever shows it; so is a first card that does not have the
 * fingerprint which people agreed on. Thread-safe.
 */
public final class PinnedKeys {
    /** Whoever may show cards must not fill the disk; those of which people have agreed on the fingerprint are not counted. */
    static final int MOST = 10_000;

    private static final String CARD = ".card";
    private static final String EXPECTED = ".expected";

    private final Path folder;

    /** Kept in that folder, which is made. */
    public PinnedKeys(Path folder) throws IOException {
        this.folder = PrivateFile.folder(folder);
    }

    private Path file(String name, String kind) {
        if (!name.matches("[A-Za-z0-9@._+-]{1,200}") || name.startsWith(".")) {
            throw new IllegalArgumentException("'" + name + "' is no name of a datasite");
        }
        return folder.resolve(name + kind);
    }

    /** The card that is kept for a name. */
    public synchronized Optional<KeyCard> of(String name) throws IOException {
        Path file = file(name, CARD);
        return Files.exists(file) ? Optional.of(KeyCard.parse(Files.readAllBytes(file))) : Optional.empty();
    }

    /**
     * The fingerprint that people agreed on, by telephone, say: the first card of that name must have it.
     *
     * @throws IllegalArgumentException if a card with another one is kept already, or it is no fingerprint
     */
    public synchronized void expect(String name, String fingerprint) throws IOException {
        String wanted = fingerprint.replace(" ", "").replace(":", "").toLowerCase(Locale.ROOT);
        if (!wanted.matches("[0-9a-f]{64}")) {
            throw new IllegalArgumentException("'" + fingerprint + "' is no fingerprint: 64 hexadecimal digits");
        }
        Optional<KeyCard> kept = of(name);
        if (kept.isPresent() && !kept.get().fingerprint().equals(wanted)) {
            throw new IllegalArgumentException("the key card of " + name + " that is kept here has the fingerprint "
                    + kept.get().fingerprint() + ", which is another one: do not trust it");
        }
        PrivateFile.write(file(name, EXPECTED), wanted + "\n");
    }

    /** Whether people have agreed on the fingerprint of that name. */
    public synchronized boolean expected(String name) {
        return Files.exists(file(name, EXPECTED));
    }

    /**
     * Meets a card: keeps it if it is the first of its name.
     *
     * @param name that it must be of
     * @return the card that is kept
     * @throws UnfitFileException in one line, if it is another's, or not the one that is kept or agreed on, or too many are kept
     */
    public synchronized KeyCard meet(String name, KeyCard card) throws IOException {
        KeyCard trusted = check(name, card);
        if (of(name).isEmpty()) {
            PrivateFile.write(file(name, CARD), card.bytes());
        }
        return trusted;
    }

    /**
     * What {@link #meet} would give. Nothing is kept: what somebody shows is to be kept once they have proved that it is theirs.
     *
     * @throws UnfitFileException as {@link #meet}
     */
    public synchronized KeyCard check(String name, KeyCard card) throws IOException {
        if (!card.name().equals(name)) {
            throw new UnfitFileException("the key card of " + name + " is that of " + card.name());
        }
        Optional<KeyCard> kept = of(name);
        if (kept.isPresent()) {
            if (!kept.get().sameAs(card)) {
                throw new UnfitFileException("the key card of " + name + " shows the fingerprint " + card.fingerprint()
                        + "; the one that was met first is " + kept.get().fingerprint() + ", and it alone is trusted");
            }
            return kept.get();
        }
        Path expected = file(name, EXPECTED);
        if (Files.exists(expected)) {
            String wanted =
                    Files.readString(expected, StandardCharsets.US_ASCII).strip();
            if (!wanted.equals(card.fingerprint())) {
                throw new UnfitFileException("the key card of " + name + " shows the fingerprint " + card.fingerprint()
                        + "; the one that was agreed on is " + wanted);
            }
        } else if (count() >= MOST) {
            throw new UnfitFileException("the key card of " + name + " is not kept: there are " + MOST
                    + " already; say which fingerprint it must have, with 'sotto datasite trust " + name
                    + " FINGERPRINT'");
        }
        return card;
    }

    private long count() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(each -> each.toString().endsWith(CARD)).count();
        }
    }
}
