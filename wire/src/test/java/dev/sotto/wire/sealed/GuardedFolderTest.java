package dev.sotto.wire.sealed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("A folder that others write in")
class GuardedFolderTest {
    @TempDir
    private Path root;

    private GuardedFolder folder;
    private Path secret;

    @BeforeEach
    void prepare() throws Exception {
        folder = GuardedFolder.root(root.resolve("shared")).below("a", "b");
        Files.createDirectories(root.resolve("shared"));
        secret = Files.writeString(root.resolve("secret"), "secret");
    }

    @Test
    void showsFilesWhole() throws Exception {
        assertThat(folder.read("f", 10)).isEmpty();
        folder.write("f", new byte[] {1, 2, 3});
        assertThat(folder.read("f", 3)).hasValue(new byte[] {1, 2, 3});
        assertThat(folder.names(10)).containsExactly("f");
        assertThatThrownBy(() -> folder.read("f", 2)).hasMessageContaining("3 bytes; at most 2");
    }

    @Test
    void followsNoLinkToAFile() throws Exception {
        folder.make();
        Files.createSymbolicLink(folder.file("f"), secret);
        assertThatThrownBy(() -> folder.read("f", 100)).hasMessageContaining("links are not followed");
        folder.write("f", new byte[] {1});
        assertThat(folder.read("f", 100)).hasValue(new byte[] {1});
        assertThat(secret).content().isEqualTo("secret");
    }

    @Test
    void followsNoLinkOnTheWay() throws Exception {
        Path outside = Files.createDirectories(root.resolve("outside/b"));
        Files.writeString(outside.resolve("f"), "x");
        Files.createSymbolicLink(root.resolve("shared/a"), outside.getParent());
        assertThatThrownBy(() -> folder.read("f", 100)).hasMessageContaining("links are not followed");
        assertThatThrownBy(() -> folder.write("g", new byte[] {1})).isInstanceOf(UnfitFileException.class);
        assertThatThrownBy(() -> folder.names(10)).isInstanceOf(UnfitFileException.class);
        assertThat(outside.resolve("g")).doesNotExist();
        assertThat(folder.obstacle().orElseThrow().name()).isEqualTo("a");
        assertThat(folder.obstacle().orElseThrow().in().link("a")).isPresent();
    }

    @Test
    void saysThatAFolderLiesInThePlaceOfAFile() throws Exception {
        folder.make();
        Files.createDirectories(folder.file("f").resolve("inside"));
        assertThatThrownBy(() -> folder.read("f", 100)).hasMessageContaining("a folder in the place of a file");
        assertThatThrownBy(() -> folder.write("f", new byte[] {1})).hasMessageContaining("in the place of a file");
        assertThat(folder.names(10)).containsExactly("f");
    }

    @Test
    void hasNoNamesThatLeadOutOfIt() {
        for (String name : new String[] {"", ".", "..", "a/b", "../x", "a\\b", "a\0"}) {
            assertThatThrownBy(() -> folder.below(name)).isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> folder.read(name, 1)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void movesOverNothingThatIsThere() throws Exception {
        folder.write("f", new byte[] {1});
        GuardedFolder other = folder.below("c");
        assertThat(folder.move("f", other, "g")).isTrue();
        assertThat(folder.move("f", other, "g")).isFalse();
        folder.write("f", new byte[] {2});
        assertThat(folder.move("f", other, "g")).isFalse();
        assertThat(other.read("g", 1)).hasValue(new byte[] {1});
    }
}
