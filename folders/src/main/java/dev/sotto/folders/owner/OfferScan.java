package dev.sotto.folders.owner;

import dev.sotto.folders.Email;
import dev.sotto.folders.Launch;
import dev.sotto.folders.mail.Expected;
import dev.sotto.folders.mail.Letter;
import dev.sotto.folders.mail.Lines;
import dev.sotto.folders.mail.Names;
import dev.sotto.folders.mail.PostOffice;
import dev.sotto.wire.Blobs;
import dev.sotto.wire.sealed.GuardedFolder;
import dev.sotto.wire.sealed.KeyCard;
import dev.sotto.wire.sealed.SealedEnvelope.Header;
import dev.sotto.wire.sealed.UnfitFileException;
import dev.sotto.wire.v1.Offer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Looks for offers in {@code request/} and {@code running/}. Anybody may make folders there; only a letter that somebody whose
 * key is known, or can be met now, has sealed to this datasite for this very folder is an offer.
 */
final class OfferScan {
    /** Whoever may write must not be able to hide an offer behind others. */
    private static final int MOST_FOLDERS = 100_000;
    /** Askers whose fingerprint nobody agreed on, together. */
    static final int MOST_STRANGERS = 32;

    private static final int MOST_OFFER = 1 << 16;

    private static final Pattern SESSION = Pattern.compile("(.+)\\.[0-9a-f]{16}");

    private final PostOffice post;

    OfferScan(PostOffice post) {
        this.post = post;
    }

    /** Offers that are new or have changed. */
    List<AskedProject> look(Collection<AskedProject> known) {
        List<AskedProject> found = new ArrayList<>();
        for (String state : new String[] {Names.REQUEST, Names.RUNNING}) {
            GuardedFolder all = post.datasite().own(Names.CLIENT, state);
            try {
                post.clear(all);
                for (String project : new TreeSet<>(all.names(MOST_FOLDERS))) {
                    if (Launch.isName(project)) {
                        offers(all.below(project), known, found);
                    }
                }
            } catch (IOException e) {
                post.quarantine().unread(all.path(), e);
            }
        }
        return found;
    }

    private void offers(GuardedFolder folder, Collection<AskedProject> known, List<AskedProject> found)
            throws IOException {
        post.clear(folder);
        for (String name : folder.names(MOST_FOLDERS)) {
            if (Names.isOffer(name)) {
                offer(folder, name, known).ifPresent(found::add);
            }
        }
    }

    private Optional<AskedProject> offer(GuardedFolder folder, String name, Collection<AskedProject> known) {
        AtomicReference<KeyCard> card = new AtomicReference<>();
        Optional<Letter> letter = post.take(folder, name, MOST_OFFER, header -> {
            Expected expected = expected(header, folder, name, known);
            card.set(expected.author());
            return expected;
        });
        // Who has sealed an offer has the keys; before that anybody could have shown a card in any name.
        if (letter.isEmpty()
                || post.meet(Email.of(letter.get().header().author()), card.get())
                        .isEmpty()) {
            return Optional.empty();
        }
        try {
            Offer offer = Offer.parseFrom(letter.get().content());
            Blobs.requireAtMost(offer.getPackage(), Integer.MAX_VALUE - 8, "the package");
            if (!offer.getSession().equals(letter.get().header().project()) || offer.getClients() < 1) {
                throw new UnfitFileException("it is signed, and asks for nothing that can be");
            }
            Email author = Email.of(letter.get().header().author());
            return Optional.of(AskedProject.of(
                    offer.getSession(),
                    project(folder, name, letter.get().header()).orElseThrow(),
                    author,
                    card.get().authority(),
                    offer.getClients(),
                    Blobs.hex(offer.getPackage().getSha256()),
                    offer.getPackage().getSize()));
        } catch (IOException | IllegalArgumentException | NoSuchElementException e) {
            post.quarantine().take(folder, name, Lines.of(e));
            return Optional.empty();
        }
    }

    /**
     * The project of an offer, as its author calls it: that of the folder. Where a file system does not tell cases apart, two
     * projects may share a folder, which has the name of one; then the offer is reached under the other's, too.
     */
    private Optional<String> project(GuardedFolder folder, String name, Header header) throws IOException {
        Matcher session = SESSION.matcher(header.project());
        List<String> path = new ArrayList<>(folder.names());
        String called = path.remove(path.size() - 1);
        if (!session.matches() || !session.group(1).equalsIgnoreCase(called)) {
            return Optional.empty();
        }
        String own = session.group(1);
        path.add(own);
        GuardedFolder place = GuardedFolder.root(post.datasite().synced()).below(path.toArray(String[]::new));
        return own.equals(called) || place.stamp(name).isPresent() ? Optional.of(own) : Optional.empty();
    }

    private Expected expected(Header header, GuardedFolder folder, String name, Collection<AskedProject> known)
            throws IOException {
        Email author;
        try {
            author = new Email(header.author());
        } catch (IllegalArgumentException e) {
            throw new UnfitFileException(Lines.of(e));
        }
        if (project(folder, name, header).isEmpty()) {
            throw new UnfitFileException("it was put here from elsewhere: it is of " + header.project()
                    + ", and this folder is called "
                    + folder.names().get(folder.names().size() - 1));
        }
        boolean met = known.stream().anyMatch(each -> each.aggregator().equals(author.text()));
        if (!met && !post.datasite().pins().expected(author.text()) && strangers(known) >= MOST_STRANGERS) {
            throw new UnfitFileException("it says to be by " + author + ", and " + MOST_STRANGERS
                    + " others, whose fingerprints nobody has agreed on, ask already");
        }
        if (known.stream().noneMatch(each -> each.session().equals(header.project()))
                && unanswered(known, author) >= MOST_STRANGERS) {
            throw new UnfitFileException("it says to be by " + author + ", of whom " + MOST_STRANGERS
                    + " other projects ask already and have not begun");
        }
        KeyCard card = post.stranger(author)
                .orElseThrow(() -> new UnfitFileException(
                        "it says to be by " + author + ", whose key card is not here or is not trusted"));
        if (!name.equals(Names.offer(card.authority()))) {
            throw new UnfitFileException(
                    "it says to be by " + author + ", whose offers are called " + Names.offer(card.authority()));
        }
        return new Expected(header.project(), Names.OFFER, 0, card, MOST_OFFER);
    }

    private static long unanswered(Collection<AskedProject> known, Email author) {
        return known.stream()
                .filter(each ->
                        !each.over() && each.round() == 0 && each.aggregator().equals(author.text()))
                .count();
    }

    private long strangers(Collection<AskedProject> known) {
        return known.stream()
                .filter(each -> !each.over()
                        && each.round() == 0
                        && !post.datasite().pins().expected(each.aggregator()))
                .map(AskedProject::aggregator)
                .distinct()
                .count();
    }
}
