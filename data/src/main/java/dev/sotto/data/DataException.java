package dev.sotto.data;

import dev.sotto.formats.FormatException;
import dev.sotto.formats.config.FileTrouble;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/**
 * Data that cannot be used: a missing or malformed file, a value out of range, a split that cannot be made. The message
 * is one line: what, where, why, and what would be valid.
 */
public final class DataException extends RuntimeException {
    public DataException(String message) {
        super(message);
    }

    public DataException(String message, Throwable cause) {
        super(message, cause);
    }

    /** One line on a file that could not be read. */
    public static DataException reading(Path file, IOException cause) {
        if (cause instanceof FormatException) {
            return new DataException(cause.getMessage(), cause);
        }
        if (cause instanceof NoSuchFileException) {
            return new DataException(file + ": no such file", cause);
        }
        return new DataException(file + ": cannot be read: " + FileTrouble.words(file, cause), cause);
    }
}
