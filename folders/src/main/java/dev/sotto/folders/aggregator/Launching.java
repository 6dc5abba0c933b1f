package dev.sotto.folders.aggregator;

import dev.sotto.experiment.packaging.SessionPackage;
import dev.sotto.folders.DatasiteSettings;
import dev.sotto.folders.Launch;
import dev.sotto.folders.LaunchReader;
import dev.sotto.folders.ProjectStatus;
import dev.sotto.folders.ProjectStatus.Role;
import dev.sotto.folders.ProjectStatus.State;
import dev.sotto.folders.StatusBoard;
import dev.sotto.folders.mail.Lines;
import dev.sotto.folders.mail.Names;
import dev.sotto.folders.mail.PostOffice;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.wire.Blobs;
import dev.sotto.wire.sealed.GuardedFolder;
import dev.sotto.wire.sealed.GuardedFolder.Kind;
import dev.sotto.wire.sealed.PrivateFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * Takes projects from {@code launch/}. What lies in the private tree is the user's word. What lies in the synced tree may be
 * anybody's, and is launched only where the user says that nobody else can write there.
 */
final class Launching {
    private static final int MOST_FOLDERS = 1000;
    private static final int MOST_FILES = 100;
    private static final long MOST_BYTES = 1L << 30;

    private final PostOffice post;
    private final DatasiteSettings how;
    private final LaunchReader reader;
    private final ProjectFiles files;
    private final StatusBoard board;
    private final SecureRandom random = new SecureRandom();
    /** How a folder looked, and whether it was read as it looked: what is still being copied is not read yet. */
    private final Map<String, Look> looks = new HashMap<>();

    private record Look(List<String> files, boolean judged) {}

    Launching(PostOffice post, DatasiteSettings how, LaunchReader reader, ProjectFiles files, StatusBoard board) {
        this.post = post;
        this.how = how;
        this.reader = reader;
        this.files = files;
        this.board = board;
    }

    /** Looks for new projects; gives the sessions that were made. */
    List<String> look() {
        List<String> made = new ArrayList<>();
        Path folder = post.datasite().privateTree().resolve(Names.AGGREGATOR).resolve(Names.LAUNCH);
        try (Stream<Path> all = Files.list(folder)) {
            for (Path each :
                    all.filter(Files::isDirectory).sorted().limit(MOST_FOLDERS).toList()) {
                fromPrivate(each).ifPresent(made::add);
            }
        } catch (IOException e) {
            post.quarantine().unread(folder, e);
        }
        GuardedFolder synced = post.datasite().own(Names.AGGREGATOR, Names.LAUNCH);
        try {
            post.clear(synced);
            for (String name : synced.names(MOST_FOLDERS)) {
                fromSynced(synced, name).ifPresent(made::add);
            }
        } catch (IOException e) {
            post.quarantine().unread(synced.path(), e);
        }
        return made;
    }

    private Optional<String> fromPrivate(Path folder) throws IOException {
        String name = folder.getFileName().toString();
        List<String> now = new ArrayList<>();
        try (Stream<Path> inside = Files.walk(folder, 3)) {
            for (Path file : inside.sorted().limit(MOST_FILES).toList()) {
                now.add(file + " " + Files.size(file) + " " + Files.getLastModifiedTime(file));
            }
        } catch (NoSuchFileException e) {
            return Optional.empty(); // still being copied, by something that renames
        } catch (UncheckedIOException e) {
            if (e.getCause() instanceof NoSuchFileException) {
                return Optional.empty();
            }
            throw e.getCause();
        }
        if (!ready("private " + name, now)) {
            return Optional.empty();
        }
        Optional<Project> made = launched(name, folder);
        if (made.isPresent()) {
            Path running = post.datasite()
                    .privateTree()
                    .resolve(Names.AGGREGATOR)
                    .resolve(Names.RUNNING)
                    .resolve(made.get().name());
            Files.move(folder, running);
        }
        return made.map(Project::session);
    }

    private Optional<String> fromSynced(GuardedFolder launch, String name) throws IOException {
        if (!Launch.isName(name)
                || launch.stamp(name).filter(each -> each.kind() == Kind.FOLDER).isEmpty()) {
            return Optional.empty();
        }
        if (!how.launchFromSynced()) {
            post.quarantine()
                    .note(
                            launch.file(name),
                            "a project was dropped here, where others can write, so it is not launched; move it to "
                                    + post.datasite()
                                            .privateTree()
                                            .resolve(Names.AGGREGATOR)
                                            .resolve(Names.LAUNCH));
            return Optional.empty();
        }
        GuardedFolder folder = launch.below(name);
        List<String> now = new ArrayList<>();
        for (String file : folder.names(MOST_FILES)) {
            folder.stamp(file).ifPresent(each -> now.add(file + " " + each));
        }
        if (!ready("synced " + name, now)) {
            return Optional.empty();
        }
        Path copy =
                PrivateFile.folder(post.datasite().home().resolve("launching")).resolve(name);
        PrivateFile.folder(copy);
        for (String file : folder.names(MOST_FILES)) {
            if (folder.stamp(file).filter(each -> each.kind() == Kind.FILE).isPresent()) {
                PrivateFile.write(
                        copy.resolve(file), folder.read(file, MOST_BYTES).orElse(new byte[0]));
            }
        }
        Optional<Project> made = launched(name, copy);
        if (made.isPresent()) {
            launch.move(
                    name,
                    post.datasite().own(Names.AGGREGATOR, Names.RUNNING),
                    made.get().name());
        }
        return made.map(Project::session);
    }

    /** Whether a folder looks as it did before and was not read as it looks. */
    private boolean ready(String key, List<String> now) {
        Look last = looks.get(key);
        boolean same = last != null && last.files().equals(now);
        looks.put(key, new Look(now, same));
        return same && !last.judged();
    }

    private Optional<Project> launched(String folderName, Path folder) {
        try {
            Launch launch = reader.read(folderName, folder);
            Project project = create(launch);
            board.launched(folderName);
            return Optional.of(project);
        } catch (IOException | RuntimeException e) {
            board.show(new ProjectStatus(
                    Role.AGGREGATOR,
                    Lines.of(folderName),
                    "",
                    post.datasite().email().text(),
                    State.LAUNCH,
                    Optional.of(Lines.of(e)),
                    0,
                    0,
                    OptionalDouble.empty(),
                    List.of(),
                    List.of()));
            return Optional.empty();
        }
    }

    private Project create(Launch launch) throws IOException {
        for (String session : files.sessions()) {
            Project other = files.load(session);
            if (other.name().equalsIgnoreCase(launch.project())) {
                String called = other.name().equals(launch.project())
                        ? "of that name"
                        : "called " + other.name() + ", and not every file system tells cases apart";
                throw new ConfigException("project " + launch.project() + ": there is one " + called + ", which is "
                        + other.state().name().toLowerCase(java.util.Locale.ROOT) + "; give this one another name");
            }
        }
        byte[] pack = SessionPackage.create(
                launch.draft(), launch.initial(), post.datasite().keys().signing());
        byte[] digits = new byte[8];
        random.nextBytes(digits);
        Project project = new Project(
                launch.project() + "." + HexFormat.of().formatHex(digits),
                launch.project(),
                launch.participants().stream().map(Object::toString).toList(),
                launch.rules().minClients(),
                Math.max(1, launch.rules().round().toSeconds()),
                launch.rules().enough(),
                Instant.now().plus(launch.rules().gather()).toEpochMilli(),
                launch.testData().orElse(null),
                Blobs.hex(Blobs.of(pack).getSha256()),
                pack.length,
                launch.shown().stream()
                        .map(file -> file.getFileName().toString())
                        .toList(),
                launch.participants().size(),
                List.of(),
                State.REQUEST,
                "",
                "",
                0);
        files.create(project, pack, launch.shown());
        return project;
    }
}
