package dev.sotto.folders.owner;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.folders.Datasite;
import dev.sotto.folders.Email;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("What an owner keeps of what it is asked")
class AskedFilesTest {
    @TempDir
    private Path folder;

    @Test
    void isThePackageAskedNowAndNoneBefore() throws Exception {
        Datasite ann = Datasite.init(folder, Email.of("ann@a.org"), Optional.empty(), Datasite.APP_DATA);
        AskedFiles files = new AskedFiles(ann);
        Path last = null;
        for (String digest : new String[] {"aa", "bb", "cc"}) {
            AskedProject asked = AskedProject.of(
                    "toy.0123456789abcdef", "toy", Email.of("agg@n.org"), "0123456789abcdef", 1, digest, 1);
            files.save(asked);
            last = files.keepPack(asked, new byte[] {1});
            assertThat(files.pack(asked)).contains(last);
        }
        assertThat(last.getParent())
                .isDirectoryContaining("glob:**cc.sotto")
                .isDirectoryNotContaining("glob:**{aa,bb}.sotto");
    }
}
