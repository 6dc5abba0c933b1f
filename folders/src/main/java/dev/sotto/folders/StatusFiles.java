package dev.sotto.folders;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import dev.sotto.folders.ProjectStatus.Role;
import dev.sotto.formats.config.FileTrouble;
import dev.sotto.wire.Blobs;
import dev.sotto.wire.sealed.PrivateFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** Statuses of projects in the private tree, a file each. */
final class StatusFiles {
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build();

    private StatusFiles() {}

    private static Path folder(Datasite datasite) {
        return datasite.home().resolve("status");
    }

    static void write(Datasite datasite, ProjectStatus status) throws IOException {
        Path folder = PrivateFile.folder(folder(datasite));
        PrivateFile.write(
                folder.resolve(name(status.role(), id(status))),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(status));
    }

    /** Two aggregators may give their sessions the same id. */
    private static String id(ProjectStatus status) {
        if (status.role() == Role.OWNER) {
            byte[] aggregator = status.aggregator().getBytes(StandardCharsets.UTF_8);
            byte[] digest = Blobs.sha256().digest(aggregator);
            return status.session() + "-" + HexFormat.of().formatHex(digest, 0, 8);
        }
        return status.session().isEmpty() ? status.project() : status.session();
    }

    private static String name(Role role, String id) {
        return role.name().toLowerCase(Locale.ROOT) + "-" + id + ".json";
    }

    /** Removes the status of a launch that is none any more. */
    static void remove(Datasite datasite, String project) {
        try {
            Files.deleteIfExists(folder(datasite).resolve(name(Role.AGGREGATOR, project)));
        } catch (IOException e) {
            throw new UncheckedIOException(FileTrouble.writing(folder(datasite), e), e);
        }
    }

    static List<ProjectStatus> read(Datasite datasite) {
        Path folder = folder(datasite);
        List<ProjectStatus> all = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return all;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file :
                    files.filter(each -> each.toString().endsWith(".json")).toList()) {
                try {
                    all.add(JSON.readValue(Files.readAllBytes(file), ProjectStatus.class));
                } catch (NoSuchFileException e) {
                    // removed by whoever runs the datasite, after the list was made
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(FileTrouble.reading(folder, e), e);
        }
        all.sort(Comparator.comparing(ProjectStatus::role)
                .thenComparing((ProjectStatus each) -> each.role() == Role.AGGREGATOR ? "" : each.aggregator())
                .thenComparing(ProjectStatus::project)
                .thenComparing(ProjectStatus::session));
        return all;
    }
}
