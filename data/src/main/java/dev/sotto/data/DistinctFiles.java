package dev.sotto.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Tells files apart by what they really are, whatever they are called. A file that is read twice has every example twice in
 * the same data, and what protects one of them is half of what it takes to protect both.
 */
public final class DistinctFiles {
    private DistinctFiles() {}

    /** The first that was there before, perhaps by another name. */
    public static Optional<Path> repeated(List<Path> files) {
        Set<Object> seen = new HashSet<>();
        return files.stream().filter(file -> !seen.add(identity(file))).findFirst();
    }

    /** The first that is among the others too, perhaps by another name. */
    public static Optional<Path> shared(List<Path> files, List<Path> others) {
        Set<Object> seen = new HashSet<>();
        others.forEach(other -> seen.add(identity(other)));
        return files.stream().filter(file -> seen.contains(identity(file))).findFirst();
    }

    /**
     * Refuses training files that are there twice, or among the test files too.
     *
     * @throws DataException naming the file
     */
    public static void require(List<Path> train, List<Path> test) {
        repeated(train).ifPresent(file -> {
            throw new DataException(file + " is read twice, by this or another name" + TWICE);
        });
        shared(test, train).ifPresent(file -> {
            throw new DataException(file + " is among the training files too, by this or another name" + BOTH);
        });
    }

    /** Why a file must not be there twice, and what to do; the end of a line that names it. */
    public static final String TWICE =
            ": each of its examples would be there twice, and what protects one protects no two; name it once";

    /** The same of one among training and test files. */
    public static final String BOTH =
            ": a score on what was trained on says nothing, and is not protected; test on others";

    /** What the file system knows it by, which hard links share, or where it really is. */
    private static Object identity(Path file) {
        try {
            Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
            return key == null ? file.toRealPath() : key;
        } catch (IOException e) {
            return file.toAbsolutePath().normalize(); // whoever reads it says that it is not there
        }
    }
}
