package dev.sotto.formats.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileTroubleTest {
    @TempDir
    private Path folder;

    private interface Attempt {
        void on(Path file) throws IOException;
    }

    private static String words(Path file, Attempt attempt) {
        try {
            attempt.on(file);
        } catch (IOException e) {
            return FileTrouble.words(file, e);
        }
        throw new AssertionError(file + " made no trouble");
    }

    @Test
    void aFileThatIsNotThereIsToldFromItsFolder() {
        assertThat(words(folder.resolve("x"), Files::readString)).isEqualTo("there is no such file");
        Path below = folder.resolve("no/x.yaml");
        String missing = "there is no folder " + folder.resolve("no") + "; make it, or name another";
        assertThat(words(below, Files::readString)).isEqualTo(missing);
        assertThat(words(below, file -> Files.writeString(file, ""))).isEqualTo(missing);
    }

    @Test
    void aFolderInAFilesPlaceIsCalledOne() {
        assertThat(words(folder, Files::readString)).isEqualTo("it is a folder; give a file");
        assertThat(words(folder, file -> Files.writeString(file, ""))).isEqualTo("it is a folder; give a file");
    }

    @Test
    void bytesThatAreNoTextAreCalledSo() throws IOException {
        Path binary = Files.write(folder.resolve("bad"), new byte[] {(byte) 0xff, 0, (byte) 0xfe});
        assertThat(words(binary, Files::readString)).isEqualTo("it is not text in UTF-8");
    }

    @Test
    void whatTheSystemSaysIsOneLineWithoutNamesOfClassesAndFiles() {
        assertThat(FileTrouble.words(folder, new AccessDeniedException(folder.toString())))
                .isEqualTo("permission denied");
        assertThat(FileTrouble.words(folder, new FileSystemException("a", "b", "No space left on device")))
                .isEqualTo("No space left on device");
        assertThat(FileTrouble.words(folder, new IOException(folder + ": torn\nat its end")))
                .isEqualTo("torn");
        assertThat(FileTrouble.words(folder, new IOException())).isEqualTo("it failed without a reason");
    }
}
