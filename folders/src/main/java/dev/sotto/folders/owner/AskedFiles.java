package dev.sotto.folders.owner;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sotto.folders.Datasite;
import dev.sotto.wire.sealed.PrivateFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the owner's side keeps of projects in the private tree: a folder each. */
final class AskedFiles {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String ASKED = "asked.json";

    private final Path folder;

    AskedFiles(Datasite datasite) throws IOException {
        this.folder = PrivateFile.folder(datasite.home().resolve("asked"));
    }

    private Path of(AskedProject asked) {
        return folder.resolve(asked.id());
    }

    void save(AskedProject asked) throws IOException {
        PrivateFile.folder(of(asked));
        PrivateFile.write(
                of(asked).resolve(ASKED), JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(asked));
    }

    /** The package, if it was taken in. */
    Optional<Path> pack(AskedProject asked) {
        Path file = packFile(asked);
        return Files.exists(file) ? Optional.of(file) : Optional.empty();
    }

    private Path packFile(AskedProject asked) {
        return of(asked).resolve(asked.packageDigest() + ".sotto");
    }

    /** In the place of what was asked before: whoever asks may change its mind as often as it likes. */
    Path keepPack(AskedProject asked, byte[] bytes) throws IOException {
        PrivateFile.write(packFile(asked), bytes);
        try (DirectoryStream<Path> others = Files.newDirectoryStream(of(asked), "*.sotto")) {
            for (Path other : others) {
                if (!other.equals(packFile(asked))) {
                    Files.delete(other);
                }
            }
        }
        return packFile(asked);
    }

    /**
     * Adds a line to the project's log.
     *
     * @param more goes on with it in the private log alone
     * @return all of the log that is shown
     */
    byte[] log(AskedProject asked, String line, String more) throws IOException {
        PrivateFile.append(of(asked).resolve("log.txt"), line + more + "\n");
        Path shown = of(asked).resolve("log-shown.txt");
        PrivateFile.append(shown, line + "\n");
        return Files.readAllBytes(shown);
    }

    List<AskedProject> all() throws IOException {
        List<AskedProject> all = new ArrayList<>();
        try (Stream<Path> folders = Files.list(folder)) {
            for (Path each : folders.sorted().toList()) {
                Path file = each.resolve(ASKED);
                if (Files.exists(file)) {
                    all.add(JSON.readValue(Files.readAllBytes(file), AskedProject.class));
                }
            }
        }
        return all;
    }
}
