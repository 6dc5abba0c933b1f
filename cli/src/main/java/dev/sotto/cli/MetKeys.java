package dev.sotto.cli;

import dev.sotto.folders.Datasite;
import dev.sotto.folders.ProjectStatus;
import dev.sotto.folders.ProjectStatus.Participant;
import dev.sotto.wire.sealed.KeyCard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Keys of another datasite that is met in a project, as this one keeps them.
 *
 * @param fingerprint of its card, which its owner's own status shows
 * @param authority SHA-256 of the key that it signs with, which requests name
 * @param agreed whether people have agreed on the fingerprint
 */
record MetKeys(String email, String fingerprint, String authority, boolean agreed) {
    /** Of everybody else in some projects. */
    static List<MetKeys> of(Datasite datasite, List<ProjectStatus> projects) {
        TreeSet<String> others = new TreeSet<>();
        for (ProjectStatus project : projects) {
            others.add(project.aggregator());
            project.participants().stream().map(Participant::email).forEach(others::add);
        }
        others.remove(datasite.email().text());
        List<MetKeys> met = new ArrayList<>();
        for (String email : others) {
            try {
                Optional<KeyCard> card = datasite.pins().of(email);
                card.ifPresent(kept -> met.add(new MetKeys(
                        email,
                        kept.fingerprint(),
                        kept.authority(),
                        datasite.pins().expected(email))));
            } catch (IOException e) {
                throw new UncheckedIOException("the keys of " + email + " cannot be read: " + e.getMessage(), e);
            }
        }
        return met;
    }
}
