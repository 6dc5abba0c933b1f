package dev.sotto.folders.aggregator;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.sotto.experiment.packaging.SessionPackage;
import dev.sotto.folders.Datasite;
import dev.sotto.wire.sealed.PrivateFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What the aggregator keeps of its projects in the private tree: a folder each, made whole or not at all. */
final class ProjectFiles {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String PROJECT = "project.json";
    private static final String SEALED = "sealed";
    private static final String CLOSED = "closed";

    private final Datasite datasite;
    private final Path folder;

    ProjectFiles(Datasite datasite) throws IOException {
        this.datasite = datasite;
        this.folder = PrivateFile.folder(datasite.home().resolve("projects"));
    }

    private Path of(String session) {
        return folder.resolve(session);
    }

    /** Where a run's own files are. */
    Path run(Project project) {
        return of(project.session()).resolve("run");
    }

    Path shown(Project project, String name) {
        return of(project.session()).resolve("shown").resolve(name);
    }

    byte[] packageBytes(Project project) throws IOException {
        return Files.readAllBytes(of(project.session()).resolve("package.sotto"));
    }

    /** The package, which this datasite has signed. */
    SessionPackage open(Project project) throws IOException {
        return SessionPackage.open(of(project.session()).resolve("package.sotto"))
                .verify(datasite.keys().signing().getPublic());
    }

    /** Takes a new project in; with its last file it is there. */
    void create(Project project, byte[] pack, List<Path> shown) throws IOException {
        PrivateFile.folder(of(project.session()).resolve("shown"));
        PrivateFile.write(of(project.session()).resolve("package.sotto"), pack);
        for (Path file : shown) {
            PrivateFile.write(shown(project, file.getFileName().toString()), Files.readAllBytes(file));
        }
        save(project);
    }

    void save(Project project) throws IOException {
        PrivateFile.write(
                of(project.session()).resolve(PROJECT),
                JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(project));
    }

    Project load(String session) throws IOException {
        return JSON.readValue(Files.readAllBytes(of(session).resolve(PROJECT)), Project.class);
    }

    boolean sealed(Project project) {
        return Files.exists(of(project.session()).resolve(SEALED));
    }

    /** Notes that the record is sealed: what lies there later is not sealed again. */
    void seal(Project project) throws IOException {
        PrivateFile.write(of(project.session()).resolve(SEALED), "");
    }

    boolean closed(Project project) {
        return Files.exists(of(project.session()).resolve(CLOSED));
    }

    /** Notes that everybody knows that the project is over. */
    void close(Project project) throws IOException {
        PrivateFile.write(of(project.session()).resolve(CLOSED), "");
    }

    /** Sessions of all projects, those that are over too. */
    List<String> sessions() throws IOException {
        List<String> sessions = new ArrayList<>();
        try (Stream<Path> folders = Files.list(folder)) {
            for (Path each : folders.sorted().toList()) {
                if (Files.exists(each.resolve(PROJECT))) {
                    sessions.add(each.getFileName().toString());
                }
            }
        }
        return sessions;
    }
}
