package dev.sotto.data;

import java.net.URI;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * What a source may know of the machine it loads on. Immutable.
 *
 * @param root folder against which relative paths are resolved
 * @param sottoData the folder named by SOTTO_DATA, which holds one folder per named source
 * @param cache folder for downloaded files
 * @param mirror base address to download from instead of the published addresses (SOTTO_MIRROR)
 * @param offline never touch the network
 * @param progress told of downloads as they go
 */
public record DataContext(
        Path root, Optional<Path> sottoData, Path cache, Optional<URI> mirror, boolean offline, Progress progress) {

    /** Told of a file's download; called from the loading thread. */
    @FunctionalInterface
    public interface Progress {
        /** {@code bytes} of {@code total} have arrived; {@code total} is -1 if unknown. */
        void update(String file, long bytes, long total);
    }

    /** The context of this process: its working directory and environment; progress is not shown. */
    public static DataContext ofSystem() {
        return of(Path.of(""), System.getenv(), Path.of(System.getProperty("user.home", "")));
    }

    static DataContext of(Path root, Map<String, String> environment, Path home) {
        Optional<String> xdg = variable(environment, "XDG_CACHE_HOME");
        Path cache = xdg.map(Path::of).orElse(home.resolve(".cache")).resolve("sotto");
        return new DataContext(
                root,
                variable(environment, "SOTTO_DATA").map(Path::of),
                cache,
                variable(environment, "SOTTO_MIRROR").map(URI::create),
                variable(environment, "SOTTO_OFFLINE").isPresent(),
                (file, bytes, total) -> {});
    }

    private static Optional<String> variable(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }

    public DataContext withRoot(Path newRoot) {
        return new DataContext(newRoot, sottoData, cache, mirror, offline, progress);
    }

    public DataContext withSottoData(Path folder) {
        return new DataContext(root, Optional.of(folder), cache, mirror, offline, progress);
    }

    public DataContext withCache(Path folder) {
        return new DataContext(root, sottoData, folder, mirror, offline, progress);
    }

    public DataContext withMirror(URI base) {
        return new DataContext(root, sottoData, cache, Optional.of(base), offline, progress);
    }

    public DataContext withOffline(boolean yes) {
        return new DataContext(root, sottoData, cache, mirror, yes, progress);
    }

    public DataContext withProgress(Progress told) {
        return new DataContext(root, sottoData, cache, mirror, offline, told);
    }
}
