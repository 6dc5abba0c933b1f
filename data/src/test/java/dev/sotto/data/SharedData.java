package dev.sotto.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Real data sets beside the checkout, where they are present. */
public final class SharedData {
    private SharedData() {}

    /** A folder of shared data such as "mnist", or empty on machines without it. */
    public static Optional<Path> folder(String name) {
        String shared = System.getenv("SOTTO_SHARED");
        Path root = shared != null
                ? Path.of(shared)
                : Path.of(System.getProperty("sotto.root", "."))
                        .toAbsolutePath()
                        .resolveSibling("shared");
        Path folder = root.resolve("data").resolve(name);
        return Files.isDirectory(folder) ? Optional.of(folder) : Optional.empty();
    }
}
