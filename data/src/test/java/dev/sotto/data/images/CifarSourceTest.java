package dev.sotto.data.images;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.data.DataContext;
import dev.sotto.data.DataException;
import dev.sotto.data.PixelScaling;
import dev.sotto.data.Target;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CifarSourceTest {
    @TempDir
    Path folder;

    private CifarSource source() {
        return new CifarSource("c", folder, Target.Classes.numbered(10), PixelScaling.unit());
    }

    @Test
    void readsNoBatchTwiceNorTestsOnWhatItTrainsOn() throws IOException {
        Path first = Files.write(folder.resolve("data_batch_1.bin"), new byte[2 * 3073]);
        assertThat(source().load(DataContext.ofSystem()).train().size()).isEqualTo(2);
        Path again = Files.createSymbolicLink(folder.resolve("data_batch_2.bin"), first);
        assertThatThrownBy(() -> source().load(DataContext.ofSystem()))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(again + " is read twice");
        Files.delete(again);
        Path test = Files.createLink(folder.resolve("test_batch.bin"), first);
        assertThatThrownBy(() -> source().load(DataContext.ofSystem()))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(test + " is among the training files too");
    }
}
