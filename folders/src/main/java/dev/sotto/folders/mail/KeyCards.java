package dev.sotto.folders.mail;

import dev.sotto.folders.Datasite;
import dev.sotto.folders.Email;
import dev.sotto.wire.sealed.GuardedFolder;
import dev.sotto.wire.sealed.GuardedFolder.Stamp;
import dev.sotto.wire.sealed.KeyCard;
import dev.sotto.wire.sealed.UnfitFileException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Key cards of other datasites, as they show them in the synced tree and as they are pinned. Thread-safe. */
final class KeyCards {
    private static final int MOST_LOOKS = 20_000;

    private final Datasite datasite;
    private final Quarantine quarantine;
    /** How a card looked that was judged. */
    private final Map<Path, Stamp> looks = Collections.synchronizedMap(new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Path, Stamp> eldest) {
            return size() > MOST_LOOKS;
        }
    });

    KeyCards(Datasite datasite, Quarantine quarantine) {
        this.datasite = datasite;
        this.quarantine = quarantine;
    }

    /**
     * The key card of another datasite: the one that is pinned, whatever is shown now, or else the one that is shown, which is
     * pinned with this.
     */
    Optional<KeyCard> peer(Email email) {
        try {
            Optional<KeyCard> pinned = datasite.pins().of(email.text());
            for (String folder : new String[] {Datasite.APP_DATA, Datasite.API_DATA}) {
                GuardedFolder place = GuardedFolder.root(datasite.synced()).below(email.text(), folder);
                if (pinned.filter(card -> !card.folder().equals(folder)).isPresent()) {
                    continue;
                }
                Optional<KeyCard> met = met(email, place, folder);
                if (met.isPresent()) {
                    return met;
                }
            }
            return pinned;
        } catch (IOException e) {
            quarantine.note(
                    datasite.home().resolve("pins"), "the key card of " + email + " cannot be kept: " + e.getMessage());
            return Optional.empty();
        }
    }

    private Optional<KeyCard> met(Email email, GuardedFolder place, String folder) {
        try {
            Optional<Stamp> stamp = place.stamp(Datasite.KEY_CARD);
            if (stamp.isEmpty() || stamp.get().equals(looks.get(place.file(Datasite.KEY_CARD)))) {
                return Optional.empty();
            }
            Optional<KeyCard> card = shown(email, place, folder);
            // Half a card is met again when it is whole; a wrong one is said once.
            looks.put(place.file(Datasite.KEY_CARD), stamp.get());
            return card.isEmpty() ? card : Optional.of(datasite.pins().meet(email.text(), card.get()));
        } catch (IOException | IllegalArgumentException e) {
            quarantine.note(place.file(Datasite.KEY_CARD), e.getMessage());
            return Optional.empty();
        }
    }

    private static Optional<KeyCard> shown(Email email, GuardedFolder place, String folder) throws IOException {
        Optional<byte[]> bytes = place.read(Datasite.KEY_CARD, KeyCard.MOST_BYTES);
        if (bytes.isEmpty()) {
            return Optional.empty();
        }
        KeyCard card = KeyCard.parse(bytes.get());
        if (!card.folder().equals(folder)) {
            throw new UnfitFileException("the key card of " + email + " is for " + card.folder());
        }
        return Optional.of(card);
    }

    /**
     * The key card that a first letter of somebody is held against: the one that is pinned, or else the one that is shown, which
     * is not pinned with this. Anybody may show a card in any name; only a letter proves that somebody has its keys.
     */
    Optional<KeyCard> stranger(Email email) {
        try {
            if (datasite.pins().of(email.text()).isPresent()) {
                return peer(email);
            }
        } catch (IOException e) {
            return peer(email); // which says what is wrong
        }
        for (String folder : new String[] {Datasite.APP_DATA, Datasite.API_DATA}) {
            GuardedFolder place = GuardedFolder.root(datasite.synced()).below(email.text(), folder);
            try {
                Optional<KeyCard> card = shown(email, place, folder);
                if (card.isPresent()) {
                    return Optional.of(datasite.pins().check(email.text(), card.get()));
                }
            } catch (IOException | IllegalArgumentException e) {
                quarantine.note(place.file(Datasite.KEY_CARD), e.getMessage());
            }
        }
        return Optional.empty();
    }

    /** Pins the card of somebody who has proved that it is theirs; what is wrong with it is said. */
    Optional<KeyCard> meet(Email email, KeyCard card) {
        try {
            return Optional.of(datasite.pins().meet(email.text(), card));
        } catch (IOException e) {
            quarantine.note(
                    datasite.home().resolve("pins"), "the key card of " + email + " cannot be kept: " + e.getMessage());
            return Optional.empty();
        }
    }
}
