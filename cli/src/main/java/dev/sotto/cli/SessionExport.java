package dev.sotto.cli;

import dev.sotto.experiment.run.RunDirectory;
import dev.sotto.experiment.run.RunSummary;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.wire.v1.ExportPart;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Fetches a session's files. */
final class SessionExport {
    private SessionExport() {}

    /** Writes them into a directory that holds no run yet, and names them. */
    static List<String> fetch(OperatorLink link, String id, Path into) throws IOException {
        requireEmpty(into);
        List<String> files = new ArrayList<>();
        Files.createDirectories(into);
        try {
            Iterator<ExportPart> parts = link.streaming().exportSession(SessionCommand.request(id));
            String open = "";
            OutputStream out = OutputStream.nullOutputStream();
            try {
                while (parts.hasNext()) {
                    ExportPart part = parts.next();
                    if (!part.getFile().equals(open)) {
                        out.close();
                        finish(into, open);
                        open = plain(part.getFile());
                        files.add(open);
                        out = Files.newOutputStream(part(into, open));
                    }
                    part.getData().writeTo(out);
                }
            } finally {
                out.close();
            }
            finish(into, open);
        } catch (StatusRuntimeException e) {
            throw link.explain(e);
        }
        here(into);
        return files;
    }

    private static void requireEmpty(Path into) throws IOException {
        if (Files.exists(into) && !Files.isDirectory(into)) {
            throw new ConfigException(into + ": a file of that name is in the way; give a directory by --out");
        }
        if (Files.isDirectory(into)) {
            try (Stream<Path> files = Files.list(into)) {
                if (files.findAny().isPresent()) {
                    throw new ConfigException(into + ": it is not empty; give another directory by --out");
                }
            }
        }
    }

    /** A coordinator may name files, but not where they go. */
    private static String plain(String name) {
        if (!name.matches("[A-Za-z0-9][A-Za-z0-9._-]*")) {
            throw new IllegalStateException("the coordinator sent a file with a name that is none");
        }
        return name;
    }

    private static Path part(Path into, String name) {
        return into.resolve("." + name + ".part");
    }

    private static void finish(Path into, String name) throws IOException {
        if (!name.isEmpty()) {
            Files.move(part(into, name), into.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** The result names the model by its path, which is here now. */
    private static void here(Path into) {
        RunDirectory directory = RunDirectory.open(into);
        directory.read().result().ifPresent(result -> directory.writeResult(located(result, directory)));
    }

    private static RunSummary located(RunSummary result, RunDirectory directory) {
        Optional<String> model = result.model()
                .map(elsewhere -> directory.file(RunDirectory.SAFETENSORS).toString());
        return result.withModel(model);
    }
}
