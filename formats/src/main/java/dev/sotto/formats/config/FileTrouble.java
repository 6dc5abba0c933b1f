package dev.sotto.formats.config;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Why a file could not be read or written, in words that follow "cannot be read: " or "cannot be written: ". */
public final class FileTrouble {
    private FileTrouble() {}

    /** One line that begins with the file's name. */
    public static String reading(Path file, IOException trouble) {
        return file + ": it cannot be read: " + words(file, trouble);
    }

    /** The same where it could not be written. */
    public static String writing(Path file, IOException trouble) {
        return file + ": it cannot be written: " + words(file, trouble);
    }

    /** One line without the file's own name, and without the names of classes. */
    public static String words(Path file, IOException trouble) {
        if (trouble instanceof NoSuchFileException) {
            Path folder = file.toAbsolutePath().getParent();
            return folder == null || Files.isDirectory(folder)
                    ? "there is no such file"
                    : "there is no folder " + shown(file) + "; make it, or name another";
        }
        if (trouble instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (trouble instanceof CharacterCodingException) {
            return "it is not text in UTF-8";
        }
        String message = message(trouble).replace(file + ": ", "").strip();
        return message.equals("Is a directory") ? "it is a folder; give a file" : message;
    }

    /** The folder as it was written, where it was. */
    private static Path shown(Path file) {
        return file.getParent() == null ? file.toAbsolutePath().getParent() : file.getParent();
    }

    private static String message(IOException trouble) {
        if (trouble instanceof FileSystemException own && own.getReason() != null) {
            return own.getReason();
        }
        return trouble.getMessage() == null
                ? "it failed without a reason"
                : trouble.getMessage().lines().findFirst().orElse("");
    }
}
