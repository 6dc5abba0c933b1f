package dev.sotto.wire.sealed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("Files that others write")
class ChangedFilesTest {
    @TempDir
    private Path folder;

    @Test
    void lookChangedAlsoWhereTheirTimeWasSetBack() throws Exception {
        GuardedFolder guarded = GuardedFolder.root(folder);
        Path file = folder.resolve("answer.sealed");
        Files.writeString(file, "one");
        FileTime time = Files.getLastModifiedTime(file);
        GuardedFolder.Stamp before = guarded.stamp("answer.sealed").orElseThrow();
        assertThat(guarded.stamp("answer.sealed")).contains(before);
        Thread.sleep(50);
        Files.writeString(file, "two", StandardOpenOption.WRITE);
        Files.setLastModifiedTime(file, time);
        assertThat(guarded.stamp("answer.sealed").orElseThrow()).isNotEqualTo(before);
    }

    @Test
    void areNotNamedByWhatNothingHereIsCalled() throws Exception {
        Files.writeString(folder.resolve("a\\b"), "");
        Files.writeString(folder.resolve("fine"), "");
        assertThat(GuardedFolder.root(folder).names(10)).containsExactly("fine");
    }

    @Test
    void haveTheirDigestTakenWithinBounds() throws Exception {
        Files.writeString(folder.resolve("x"), "abc");
        GuardedFolder guarded = GuardedFolder.root(folder);
        assertThat(guarded.sha256("x", 3)).contains(Keys.sha256().digest("abc".getBytes(StandardCharsets.US_ASCII)));
        assertThat(guarded.sha256("y", 3)).isEmpty();
        assertThatThrownBy(() -> guarded.sha256("x", 2))
                .isInstanceOf(UnfitFileException.class)
                .hasMessageContaining("at most 2");
    }
}
