package dev.sotto.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IdxTest {
    /** Two images of 2 x 3. */
    private static final byte[] IMAGES =
            HexFormat.of().parseHex("00000803" + "00000002" + "00000002" + "00000003" + "000102030405fffefdfcfbfa");

    @TempDir
    Path folder;

    @Test
    void readsPlainAndGzipped() throws IOException {
        for (byte[] bytes : new byte[][] {IMAGES, Mutations.gzip(IMAGES)}) {
            Idx.Bytes idx = Idx.read(written(bytes));
            assertThat(idx.dims()).containsExactly(2, 2, 3);
            assertThat(idx.data()).containsExactly(0, 1, 2, 3, 4, 5, -1, -2, -3, -4, -5, -6);
        }
    }

    @Test
    void refusesInOneLine() throws IOException {
        refused(new byte[0], "offset 0: truncated: the IDX magic number should be 4 bytes, only 0 are there");
        refused("hello".getBytes(StandardCharsets.US_ASCII), "offset 0: not an IDX file: it begins");
        refused(Arrays.copyOf(IMAGES, 27), "offset 27: truncated: the values [2, 2, 3] should be 12 bytes, only 11");
        refused(Arrays.copyOf(IMAGES, 29), "offset 28: more bytes after the values [2, 2, 3]");
        refused(changed(2, 0x0d), "offset 2: IDX values of type 0xd; unsigned bytes (0x8) can be read");
        refused(changed(4, 0x7f), "more than 2147483648 bytes");
        byte[] gzip = Mutations.gzip(IMAGES);
        refused(Arrays.copyOf(gzip, gzip.length - 9), "damaged or truncated compressed data");
        refused(Arrays.copyOf(gzip, 3), "offset 0: damaged gzip header");
    }

    @Test
    void takesNoMemoryOnAPromise() throws IOException {
        byte[] header = HexFormat.of().parseHex("00000803" + "00001000" + "00000200" + "00000300");
        refused(header, "truncated: the values [4096, 512, 768] should be 1610612736 bytes, only 0 are there");
    }

    @Test
    void survivesAnyDamage() throws IOException {
        assertThat(Mutations.fuzz(folder, IMAGES, 5000, 6, Idx::read)).isGreaterThan(2000);
        assertThat(Mutations.fuzz(folder, Mutations.gzip(IMAGES), 5000, 7, Idx::read))
                .isGreaterThan(2000);
    }

    private static byte[] changed(int at, int value) {
        byte[] bytes = IMAGES.clone();
        bytes[at] = (byte) value;
        return bytes;
    }

    private void refused(byte[] bytes, String reason) throws IOException {
        Path file = written(bytes);
        assertThatThrownBy(() -> Idx.read(file))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(reason);
    }

    private Path written(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("x.idx"), bytes);
    }
}
