package dev.sotto.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TarTest {
    @TempDir
    Path folder;

    @Test
    void extractsWhatIsAskedForAndNothingElse() throws IOException {
        byte[] tar = tar("a/b.txt", "hello", "../c.txt", "outside");
        for (byte[] bytes : new byte[][] {tar, Mutations.gzip(tar)}) {
            List<String> names = new ArrayList<>();
            int extracted = Tar.extract(
                    Files.write(folder.resolve("x.tar"), bytes),
                    name -> {
                        names.add(name);
                        return name.equals("a/b.txt") ? Optional.of(folder.resolve("b.txt")) : Optional.empty();
                    },
                    Limits.standard());
            assertThat(extracted).isOne();
            assertThat(names).containsExactly("a/b.txt", "../c.txt");
            assertThat(Files.readString(folder.resolve("b.txt"))).isEqualTo("hello");
            assertThat(folder.resolveSibling("c.txt")).doesNotExist();
        }
    }

    @Test
    void refusesInOneLine() throws IOException {
        byte[] tar = tar("a", "hello");
        refused(Arrays.copyOf(tar, 600), "truncated: the padding of entry a should be 507 bytes, only 83");
        refused(Arrays.copyOf(tar, 1024), "offset 1024: truncated: a tar header should be 512 bytes, only 0");
        tar[0] = 'b';
        refused(tar, "offset 512: not a tar header: its checksum does not match");
        Path file = Files.write(folder.resolve("x.tar"), tar("a", "hello"));
        assertThatThrownBy(() -> Tar.extract(file, name -> Optional.empty(), new Limits(4, 1)))
                .isInstanceOf(FormatException.class)
                .hasMessage(file + ": offset 512: an entry of 5 bytes; at most 4 are left");
    }

    @Test
    void survivesAnyDamage() throws IOException {
        byte[] tar = tar("a", "hello", "b", "x".repeat(600));
        Path into = folder.resolve("out");
        Mutations.Parser parser = file -> {
            Tar.extract(file, name -> Optional.of(into), Limits.standard());
            Files.deleteIfExists(into);
        };
        assertThat(Mutations.fuzz(folder, tar, 1500, 1, parser)).isGreaterThan(500);
        assertThat(Mutations.fuzz(folder, Mutations.gzip(tar), 1500, 2, parser)).isGreaterThan(500);
    }

    private void refused(byte[] bytes, String reason) throws IOException {
        Path file = Files.write(folder.resolve("x.tar"), bytes);
        assertThatThrownBy(() -> Tar.extract(file, name -> Optional.empty(), Limits.standard()))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(reason);
    }

    private static byte[] tar(String... namesAndContents) {
        ByteArrayOutputStream tar = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndContents.length; i += 2) {
            byte[] content = namesAndContents[i + 1].getBytes(StandardCharsets.US_ASCII);
            byte[] header = new byte[512];
            put(header, 0, namesAndContents[i]);
            put(header, 124, String.format(Locale.ROOT, "%011o", content.length));
            header[156] = '0';
            int sum = 8 * ' ';
            for (byte b : header) {
                sum += b;
            }
            put(header, 148, String.format(Locale.ROOT, "%06o", sum));
            tar.writeBytes(header);
            tar.writeBytes(content);
            tar.writeBytes(new byte[Math.floorMod(-content.length, 512)]);
        }
        tar.writeBytes(new byte[1024]);
        return tar.toByteArray();
    }

    private static void put(byte[] header, int at, String text) {
        System.arraycopy(text.getBytes(StandardCharsets.US_ASCII), 0, header, at, text.length());
    }
}
