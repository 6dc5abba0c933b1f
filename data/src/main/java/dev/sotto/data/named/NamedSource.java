package dev.sotto.data.named;

import dev.sotto.data.DataContext;
import dev.sotto.data.DataSet;
import dev.sotto.data.DataSource;
import dev.sotto.data.PixelScaling;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A published data set by name. Looked for in {@code path} if that is given and nowhere else; otherwise in
 * {@code $SOTTO_DATA/<name>/}, then in the cache, and at last downloaded into the cache.
 *
 * @param path folder that holds the files themselves
 */
public record NamedSource(Published published, Optional<Path> path, PixelScaling scaling) implements DataSource {
    /** Scaled by the constants that are published with the data set. */
    public static NamedSource of(Published published) {
        return new NamedSource(published, Optional.empty(), published.scaling());
    }

    public NamedSource in(Path folder) {
        return new NamedSource(published, Optional.of(folder), scaling);
    }

    public NamedSource scaledBy(PixelScaling other) {
        return new NamedSource(published, path, other);
    }

    @Override
    public DataSet load(DataContext context) {
        Path folder = path.orElseGet(() -> published.folder().locate(context));
        return published.source(folder, scaling).load(context);
    }
}
