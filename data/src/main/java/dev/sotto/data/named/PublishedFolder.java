package dev.sotto.data.named;

import dev.sotto.data.DataContext;
import dev.sotto.data.DataException;
import dev.sotto.formats.Limits;
import dev.sotto.formats.Tar;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Where the files of a published data set are on this machine; downloads them if they are nowhere. Files reach the
 * cache only when all of them have arrived and have their published hashes.
 *
 * @param label name of the folder
 * @param files as published
 * @param onDisk for messages: what people should put into the folder themselves
 * @param isIn whether a folder holds what is needed
 */
record PublishedFolder(String label, List<PublishedFile> files, String onDisk, Predicate<Path> isIn) {
    Path locate(DataContext context) {
        Path cached = context.cache().resolve(label);
        Optional<Path> found = context.sottoData()
                .map(root -> root.resolve(label))
                .filter(isIn)
                .or(() -> Optional.of(cached).filter(isIn));
        if (found.isEmpty()) {
            download(cached, context);
        }
        return found.orElse(cached).toAbsolutePath();
    }

    private void download(Path cached, DataContext context) {
        if (context.offline()) {
            throw missing("downloads are switched off", cached, context, null);
        }
        Path part = cached.resolveSibling(
                "." + label + "." + ProcessHandle.current().pid() + ".part");
        try {
            Files.createDirectories(part);
            for (PublishedFile file : files) {
                URI uri = context.mirror()
                        .map(base ->
                                URI.create(base.toString().replaceAll("/+$", "") + "/" + label + "/" + file.name()))
                        .orElseGet(file::uri);
                Download.fetch(file, uri, part.resolve(file.name()), context.progress());
            }
            unpackAll(part);
            Files.createDirectories(cached);
            for (Path file : list(part)) {
                Files.move(
                        file,
                        cached.resolve(file.getFileName()),
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw missing(e.getMessage(), cached, context, e);
        } finally {
            delete(part);
        }
    }

    /** Archives give way to the batches inside them. */
    private void unpackAll(Path part) throws IOException {
        for (PublishedFile file : files) {
            Path archive = part.resolve(file.name());
            if (file.name().endsWith(".tar.gz")) {
                int batches = Tar.extract(
                        archive,
                        entry -> Optional.of(entry.substring(entry.lastIndexOf('/') + 1))
                                .filter(name -> name.matches("(data_batch_[1-5]|test_batch)\\.bin"))
                                .map(part::resolve),
                        Limits.standard());
                if (batches != 6) {
                    throw new IOException(archive.getFileName() + ": " + batches + " batches inside; 6 are expected");
                }
                Files.delete(archive);
            }
        }
    }

    private DataException missing(String reason, Path cached, DataContext context, IOException cause) {
        String places =
                context.sottoData().map(root -> root.resolve(label) + " or ").orElse("") + cached;
        return new DataException(
                label + ": not on this machine and not downloaded (" + reason + "); put "
                        + onDisk + " into " + places
                        + ", or set data.path to the folder that has them",
                cause);
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> found = Files.list(folder)) {
            return new ArrayList<>(found.sorted().toList());
        }
    }

    private static void delete(Path part) {
        try {
            if (Files.isDirectory(part)) {
                for (Path file : list(part)) {
                    Files.delete(file);
                }
                Files.delete(part);
            }
        } catch (IOException e) {
            // What is left of a failed download is in nobody's way: the next one has another name.
            part.toFile().deleteOnExit();
        }
    }
}
