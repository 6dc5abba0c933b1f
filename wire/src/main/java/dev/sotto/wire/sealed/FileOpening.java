package dev.sotto.wire.sealed;

import dev.sotto.wire.sealed.GuardedFolder.Kind;
import dev.sotto.wire.sealed.GuardedFolder.Stamp;
import java.io.IOException;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;

/**
 * A file of a guarded folder, to be opened.
 *
 * @param below names on the way from the root to its folder
 * @param most bytes that it may have
 */
record FileOpening(Path root, List<String> below, String name, long most) implements BoundedOpening.Opening {
    private static final Set<OpenOption> READ = Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
    private static final Set<OpenOption> BOTH =
            Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);

    @Override
    public SeekableByteChannel open(boolean toWrite) throws IOException {
        try (OpenedFolder folder = OpenedFolder.of(root, below)) {
            Stamp stamp = Stamp.of(folder.attributes(name));
            if (stamp.kind() != Kind.FILE) {
                throw new UnfitFileException("it is "
                        + switch (stamp.kind()) {
                            case LINK -> "a link, and links are not followed";
                            case FOLDER -> "a folder in the place of a file";
                            default -> "no file";
                        });
            }
            if (stamp.size() > most) {
                throw new UnfitFileException("it has " + stamp.size() + " bytes; at most " + most + " are read");
            }
            return folder.open(name, toWrite ? BOTH : READ);
        } catch (AccessDeniedException e) {
            throw toWrite
                    ? new IOException(
                            "files were exchanged for pipes so often, while they were opened, that it would be opened to"
                                    + " write too, which is not permitted; see who writes here, and start again",
                            e)
                    : e;
        }
    }

    @Override
    public void wake() throws IOException {
        try (OpenedFolder folder = OpenedFolder.of(root, below)) {
            if (Stamp.of(folder.attributes(name)).kind() == Kind.OTHER) {
                folder.open(name, BOTH).close();
            }
        }
    }
}
