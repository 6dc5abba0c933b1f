package dev.sotto.folders.mail;

import dev.sotto.wire.sealed.GuardedFolder;
import dev.sotto.wire.sealed.GuardedFolder.Kind;
import java.io.IOException;
import java.util.Optional;

/** Keeps the way to files in the own tree free: what is in it goes into quarantine, with a line. */
final class Way {
    private final Quarantine quarantine;

    Way(Quarantine quarantine) {
        this.quarantine = quarantine;
    }

    /** Takes away what is in the way of a folder: its owner may do that, and others can write to it again. */
    void clear(GuardedFolder folder) throws IOException {
        Optional<GuardedFolder.Obstacle> obstacle = folder.obstacle();
        if (obstacle.isPresent()) {
            quarantine.take(
                    obstacle.get().in(),
                    obstacle.get().name(),
                    obstacle.get().kind() == Kind.LINK
                            ? "it is a link in the place of a folder, and links are not followed"
                            : "it is in the place of a folder");
        }
    }

    /** Takes away folders that are in the way of files; other things are written over. */
    void clearFiles(GuardedFolder folder, String... names) throws IOException {
        clear(folder);
        for (String name : names) {
            if (folder.stamp(name).filter(each -> each.kind() == Kind.FOLDER).isPresent()) {
                quarantine.take(folder, name, "it is a folder in the place of a file");
            }
        }
    }
}
