package dev.sotto.experiment;

import dev.sotto.formats.config.ConfigException;
import dev.sotto.formats.config.FileTrouble;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The commented experiment that people start from. */
public final class StarterExperiment {
    private StarterExperiment() {}

    /**
     * Writes it.
     *
     * @throws ConfigException if the file is there already, or cannot be written
     */
    public static void write(Path file) {
        try (InputStream text = StarterExperiment.class.getResourceAsStream("starter.yaml")) {
            Files.copy(text, file);
        } catch (FileAlreadyExistsException e) {
            throw new ConfigException(file + ": it is there already; name another file");
        } catch (IOException e) {
            throw new ConfigException(FileTrouble.writing(file, e));
        }
    }
}
