package dev.sotto.folders;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.formats.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A datasite that is made")
class DatasiteTest {
    @TempDir
    private Path folder;

    private Datasite init(Path synced) {
        return Datasite.init(folder.resolve("ann"), Email.of("ann@a.org"), Optional.of(synced), Datasite.APP_DATA);
    }

    @Test
    void isOfASyncedTreeThatIsThere() throws IOException {
        Path synced = folder.resolve("sycned");
        assertThatThrownBy(() -> init(synced))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        "--synced " + synced + ": there is no such folder; give the folder that your program syncs, or"
                                + " leave it out for " + folder.resolve("ann/datasites"));
        assertThat(folder).isEmptyDirectory();
        Files.writeString(synced, "");
        assertThatThrownBy(() -> init(synced)).hasMessageContaining("it is no folder");
        Files.delete(synced);
        Files.createDirectory(synced);
        assertThat(init(synced).synced()).isEqualTo(synced);
    }
}
