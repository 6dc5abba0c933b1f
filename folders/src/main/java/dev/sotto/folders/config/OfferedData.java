package dev.sotto.folders.config;

import dev.sotto.data.DataException;
import dev.sotto.folders.PrivateData;
import dev.sotto.owner.desk.OwnedExamples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a {@code datasite.yaml} offers. PyTorch's files may come later; other data must be there.
 *
 * @param file that describes it
 */
public record OfferedData(DatasiteFile file) implements PrivateData {
    @Override
    public Optional<OwnedExamples> load() {
        boolean there = file.awaited().map(OfferedData::isThere).orElse(true);
        return file.owner().filter(owner -> there).map(OwnedExamples::load);
    }

    private static boolean isThere(Path path) {
        if (!Files.isDirectory(path)) {
            return Files.exists(path);
        }
        try (Stream<Path> files = Files.list(path)) {
            return files.anyMatch(each -> each.toString().endsWith(".pt"));
        } catch (IOException e) {
            throw DataException.reading(path, e);
        }
    }
}
