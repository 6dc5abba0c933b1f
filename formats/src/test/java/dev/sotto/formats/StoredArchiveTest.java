package dev.sotto.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Enumeration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives in one fixed form: written, read back, and refused when anything in them is otherwise. */
final class StoredArchiveTest {
    private static final Map<String, String> ENTRIES = new LinkedHashMap<>();

    static {
        ENTRIES.put("a.txt", "first");
        ENTRIES.put("empty", "");
        ENTRIES.put("b/\u00e9.txt", "second ".repeat(1000));
    }

    @TempDir
    Path folder;

    private static byte[] written(Map<String, String> entries) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StoredArchive.Writer writer = new StoredArchive.Writer(out);
        for (Map.Entry<String, String> entry : entries.entrySet()) {
            writer.entry(entry.getKey(), to -> to.write(entry.getValue().getBytes(StandardCharsets.UTF_8)));
        }
        writer.finish();
        return out.toByteArray();
    }

    private static Map<String, String> read(byte[] bytes, int most) throws IOException {
        return read("x.zip", bytes, most);
    }

    private static Map<String, String> read(String file, byte[] bytes, int most) throws IOException {
        Map<String, String> entries = new LinkedHashMap<>();
        StoredArchive.Reader reader = new StoredArchive.Reader(file, new ByteArrayInputStream(bytes), most);
        for (Optional<StoredArchive.Entry> entry = reader.next(); entry.isPresent(); entry = reader.next()) {
            byte[] content = entry.get().content().readAllBytes();
            entries.put(entry.get().name(), new String(content, StandardCharsets.UTF_8));
        }
        return entries;
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        assertThat(read(written(ENTRIES), 3)).isEqualTo(ENTRIES);
        assertThat(read(written(Map.of()), 3)).isEmpty();
    }

    @Test
    void otherZipReadersSeeTheSame() throws IOException {
        Path file = Files.write(folder.resolve("x.zip"), written(ENTRIES));
        Map<String, String> seen = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (Enumeration<? extends ZipEntry> entries = zip.entries(); entries.hasMoreElements(); ) {
                ZipEntry entry = entries.nextElement();
                seen.put(entry.getName(), new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        assertThat(seen).isEqualTo(ENTRIES);
    }

    @Test
    void everySingleChangedByteIsSeen() throws IOException {
        byte[] valid = written(Map.of("name", "content"));
        for (int at = 0; at < valid.length; at++) {
            byte[] changed = valid.clone();
            changed[at] ^= 1;
            assertThatThrownBy(() -> read(changed, 3)).as("byte " + at).isInstanceOf(FormatException.class);
        }
    }

    @Test
    void truncationIsSeenEverywhere() throws IOException {
        byte[] valid = written(ENTRIES);
        for (int length = 0; length < valid.length; length += length < 300 || length > valid.length - 300 ? 1 : 97) {
            byte[] cut = Arrays.copyOf(valid, length);
            assertThatThrownBy(() -> read(cut, 3)).isInstanceOf(FormatException.class);
        }
    }

    @Test
    void compressedRepeatedAndSurplusEntriesAreRefused() throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(packed)) {
            zip.putNextEntry(new ZipEntry("bomb"));
            zip.write(new byte[1 << 20]);
        }
        refused("x.zip: entry bomb: it is compressed; entries must be stored as they are", packed.toByteArray(), 3);
        refused("more than 2 entries", written(ENTRIES), 2);

        ByteArrayOutputStream twice = new ByteArrayOutputStream();
        StoredArchive.Writer writer = new StoredArchive.Writer(twice);
        writer.entry("a", to -> to.write(1));
        writer.entry("a", to -> to.write(2));
        writer.finish();
        refused("x.zip: entry a: it is there twice", twice.toByteArray(), 3);

        byte[] longer = Arrays.copyOf(written(ENTRIES), written(ENTRIES).length + 1);
        refused("more bytes after the archive", longer, 3);
        refused("not a ZIP archive", "no archive at all".getBytes(StandardCharsets.UTF_8), 3);
    }

    private static void refused(String message, byte[] bytes, int most) {
        assertThatThrownBy(() -> read(bytes, most))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(message);
    }

    @Test
    void damagedArchivesAreRefusedInOneLine() throws IOException {
        byte[] valid = written(ENTRIES);
        int refused =
                Mutations.fuzz(folder, valid, 2000, 11, file -> read(file.toString(), Files.readAllBytes(file), 3));
        assertThat(refused).isGreaterThan(1900);
    }

    @Test
    void storedNpzIsReadInOnePass() throws IOException {
        Tensor weight = new Tensor("0", List.of(2, 3), new float[] {0, 1, 2, 3, 4, 0.1f});
        Tensor bias = new Tensor("1", List.of(3), new float[] {-1, Float.MIN_VALUE, 3});
        List<Supplier<Tensor>> tensors = List.of(() -> weight, () -> bias);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Npz.writeStored(out, tensors);
        Path file = Files.write(folder.resolve("x.npz"), out.toByteArray());
        NpzTest.same(Npz.read(file), List.of(weight, bias));
        assertThat(arrays("x.npz", out.toByteArray(), new Limits(36, 2))).containsExactly("0[2, 3]", "1[3]");
        assertThatThrownBy(() -> arrays("x.npz", out.toByteArray(), new Limits(35, 2)))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("x.npz: entry 1.npy, ")
                .hasMessageContaining("needs 12 bytes; at most 11 are left");
        int refused = Mutations.fuzz(
                folder,
                out.toByteArray(),
                1000,
                12,
                damaged -> arrays(damaged.toString(), Files.readAllBytes(damaged), new Limits(1000, 4)));
        assertThat(refused).isGreaterThan(950);
    }

    private static List<String> arrays(String file, byte[] bytes, Limits limits) throws IOException {
        List<String> read = new ArrayList<>();
        Npz.readStored(file, new ByteArrayInputStream(bytes), limits, tensor -> read.add(tensor.toString()));
        return read;
    }
}
