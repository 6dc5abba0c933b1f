package dev.sotto.data.jdbc;

import dev.sotto.data.DataException;
import dev.sotto.formats.config.FileTrouble;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * Who asks a database. A password is never part of a value that is written, logged or compared: only where it lies is.
 *
 * @param user if the database needs one
 * @param passwordVariable environment variable that holds the password
 * @param passwordFile file whose first line is the password, relative to the context's root
 */
public record Login(Optional<String> user, Optional<String> passwordVariable, Optional<Path> passwordFile) {
    private static final long LONGEST = 1 << 12;

    public Login {
        if (passwordVariable.isPresent() && passwordFile.isPresent()) {
            throw new IllegalArgumentException("give password-env or password-file, not both");
        }
    }

    /** Nobody in particular: enough for a database that is a file. */
    public static Login none() {
        return new Login(Optional.empty(), Optional.empty(), Optional.empty());
    }

    Optional<String> password(UnaryOperator<String> environment, Path root, String place) {
        if (passwordVariable.isPresent()) {
            String name = passwordVariable.get();
            return Optional.of(Optional.ofNullable(environment.apply(name))
                    .orElseThrow(() -> new DataException(
                            place + "password-env: the environment variable " + name + " is not set")));
        }
        return passwordFile.map(file -> read(root.resolve(file), place));
    }

    private static String read(Path file, String place) {
        try {
            if (Files.size(file) > LONGEST) {
                throw new DataException(place + "password-file: " + file + " is longer than a password can be");
            }
            String text = Files.readString(file, StandardCharsets.UTF_8);
            return text.lines().findFirst().orElse("");
        } catch (IOException e) {
            throw new DataException(
                    place + "password-file: " + file + " cannot be read: " + FileTrouble.words(file, e), e);
        }
    }
}
