package dev.sotto.folders;

import java.io.IOException;
import java.nio.file.Path;

/** Makes sense of what somebody dropped into {@code launch/}. Never runs any of it. */
@FunctionalInterface
public interface LaunchReader {
    /**
     * Reads a folder.
     *
     * @param project name of the folder
     * @param folder holds {@code fl_config.json}, weights and what else there is; nothing in it changes meanwhile
     * @throws IllegalArgumentException or IOException with one line that the user can act on; the folder is then left where
     *     it is, and read again once something in it has changed
     */
    Launch read(String project, Path folder) throws IOException;
}
