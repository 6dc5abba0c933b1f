package dev.sotto.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CifarTest {
    @TempDir
    Path folder;

    @Test
    void readsPlainAndGzipped() throws IOException {
        byte[] two = records(3, 9);
        for (byte[] bytes : new byte[][] {two, Mutations.gzip(two)}) {
            Cifar.Records records = Cifar.read(written(bytes));
            assertThat(records.size()).isEqualTo(2);
            assertThat(records.labels()).containsExactly(3, 9);
            assertThat(records.pixels()).hasSize(2 * 3072);
            assertThat(records.pixels()[3071]).isEqualTo(two[3072]);
            assertThat(records.pixels()[3072]).isEqualTo(two[3074]);
        }
    }

    @Test
    void refusesInOneLine() throws IOException {
        refused(new byte[0], "0 bytes are not a whole number of CIFAR records of 3073");
        refused(Arrays.copyOf(records(1), 3072), "3072 bytes are not a whole number of CIFAR records of 3073");
        refused(records(1, 10), "offset 3073: label 10 of record 1 is outside the 10 classes (0 to 9)");
        Path file = written(records(1, 2));
        assertThatThrownBy(() -> Cifar.read(file, 10, new Limits(3073, 1)))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("more bytes after the 3073 that are read at most");
    }

    @Test
    void survivesAnyDamage() throws IOException {
        Mutations.fuzz(folder, records(1, 2), 1000, 8, Cifar::read);
        assertThat(Mutations.fuzz(folder, Mutations.gzip(records(1, 2)), 2000, 9, Cifar::read))
                .isGreaterThan(500);
    }

    private static byte[] records(int... labels) {
        byte[] bytes = new byte[3073 * labels.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i % 3073 == 0 ? labels[i / 3073] : i * 31);
        }
        return bytes;
    }

    private void refused(byte[] bytes, String reason) throws IOException {
        Path file = written(bytes);
        assertThatThrownBy(() -> Cifar.read(file))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(reason);
    }

    private Path written(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("x.bin"), bytes);
    }
}
