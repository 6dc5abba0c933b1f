package dev.sotto.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class NpzTest {
    private static final List<Tensor> TENSORS = List.of(
            new Tensor("w.x", List.of(2, 3), new float[] {0, 1, 2, 3, 4, 5}),
            new Tensor("ü", List.of(), new float[] {3}),
            new Tensor("empty", List.of(0, 4), new float[0]));

    @TempDir
    Path folder;

    @Test
    void readsWhatItWrites() throws IOException {
        Path file = folder.resolve("a.npz");
        Npz.write(file, TENSORS);
        same(Npz.read(file), TENSORS);
        assertThat(folder).isDirectoryContaining(f -> f.equals(file)).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void pinsEveryFieldOfTheArchive() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Npz.write(out, List.of(TENSORS.get(0)));
        byte[] zip = out.toByteArray();
        CRC32 crc = new CRC32();
        crc.update(npy(
                "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }",
                TENSORS.get(0).data()));
        String crcHex =
                HexFormat.of().formatHex(le(4).putInt((int) crc.getValue()).array());
        // Local header: version 45, no flags, deflate, 1980-01-01, sizes in the ZIP64 extra field.
        assertThat(HexFormat.of().formatHex(zip, 0, 43))
                .isEqualTo("504b03042d00000008000000" + "2100" + crcHex + "ffffffffffffffff" + "07001400"
                        + HexFormat.of().formatHex("w.x.npy".getBytes(StandardCharsets.US_ASCII))
                        + "01001000" + "9800");
        ByteBuffer view = ByteBuffer.wrap(zip).order(ByteOrder.LITTLE_ENDIAN);
        int directory = view.getInt(zip.length - 6);
        int packed = directory - 57;
        assertThat(view.getLong(49)).isEqualTo(packed);
        assertThat(HexFormat.of().formatHex(zip, directory, directory + 53))
                .isEqualTo("504b01022d032d000000080000002100" + crcHex
                        + HexFormat.of()
                                .formatHex(le(8).putInt(packed).putInt(152).array())
                        + "0700" + "0000" + "0000" + "0000" + "0000" + "00008001" + "00000000"
                        + HexFormat.of().formatHex("w.x.npy".getBytes(StandardCharsets.US_ASCII)));
        assertThat(HexFormat.of().formatHex(zip, zip.length - 22, zip.length - 6))
                .isEqualTo("504b0506" + "00000000" + "0100" + "0100" + "35000000");
    }

    @Test
    void writesTheNpyHeaderThatNumpyWrites() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Npy.write(TENSORS.get(0), out);
        assertThat(out.toByteArray())
                .isEqualTo(npy(
                        "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }",
                        TENSORS.get(0).data()))
                .hasSize(128 + 24);
        out.reset();
        Npy.write(new Tensor("v", List.of(5), new float[5]), out);
        assertThat(out.toByteArray())
                .isEqualTo(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (5,), }", new float[5]));
        out.reset();
        Npy.write(TENSORS.get(1), out);
        assertThat(out.toByteArray())
                .isEqualTo(npy("{'descr': '<f4', 'fortran_order': False, 'shape': (), }", new float[] {3}));
    }

    @Test
    void isTheSameBytesEachTime() throws IOException {
        ByteArrayOutputStream one = new ByteArrayOutputStream();
        ByteArrayOutputStream two = new ByteArrayOutputStream();
        Npz.write(one, TENSORS);
        Npz.write(two, TENSORS);
        assertThat(one.toByteArray()).isEqualTo(two.toByteArray());
    }

    @Test
    void readsStoredEntriesAndDoubles() throws IOException {
        byte[] npy = doubles("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", 1.5, -2);
        Path file = stored("a", npy);
        same(Npz.read(file), List.of(new Tensor("a", List.of(2), new float[] {1.5f, -2})));
    }

    private Path wrapped(String name, byte[] model, String... more) throws IOException {
        Path file = folder.resolve(name);
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("metadata.json"));
            zip.write("{\"version\": 2, \"helper_type\": \"numpyhelper\"}".getBytes(StandardCharsets.UTF_8));
            zip.putNextEntry(new ZipEntry("training_model.bin"));
            zip.write(model);
            for (String each : more) {
                zip.putNextEntry(new ZipEntry(each));
                zip.write(new byte[100]);
            }
        }
        return file;
    }

    @Test
    void readsWhatFednsSecondGenerationWrapsAndNothingElseOfIt() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Npz.write(out, TENSORS);
        byte[] npz = out.toByteArray();
        same(Npz.read(wrapped("v2.npz", npz)), TENSORS);
        same(Npz.read(wrapped("whole.npz", npz, "inference_model.bin")), TENSORS);
        refused(wrapped("no.npz", new byte[100]), "entry training_model.bin: archive: not a ZIP archive: ");
        refused(wrapped("empty.npz", new byte[0]), "entry training_model.bin: offset 0: not a file, or an empty one");
        byte[] twice = Files.readAllBytes(wrapped("twice.npz", npz));
        refused(wrapped("thrice.npz", twice), "entry training_model.bin: entry metadata.json: entries must be called");
        Path alone = folder.resolve("alone.npz");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(alone))) {
            zip.putNextEntry(new ZipEntry("metadata.json"));
        }
        refused(alone, "entry metadata.json: entries must be called NAME.npy");
        // A bomb is cut off at the limits, however small it is here.
        Path bomb = wrapped("bomb.npz", new byte[1 << 20]);
        assertThatThrownBy(() -> Npz.read(bomb, new Limits(1000, 10)))
                .isInstanceOf(FormatException.class)
                .hasMessage(bomb + ": entry training_model.bin: more than 11240 bytes");
    }

    @Test
    void refusesInOneLine() throws IOException {
        refused(folder.resolve("missing.npz"), "offset 0: not a file, or an empty one");
        Path junk = Files.write(folder.resolve("junk.npz"), new byte[100]);
        refused(junk, "archive: not a ZIP archive: ");
        String shape = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }";
        refused(stored("a", npy(shape, 1)), "truncated: the array should be 8 bytes, only 4 are there");
        refused(stored("a", npy(shape, 1, 2, 3)), "more bytes after the array");
        refused(stored("a", npy(shape.replace("<f4", "<i4"), 1, 2)), "numbers of type '<i4'; '<f4' and '<f8' can");
        refused(
                stored("a", npy(shape.replace("False", "True").replace("(2,)", "(1, 2)"), 1, 2)),
                "fortran_order is True; save the array in C order");
        refused(
                stored("a", npy(shape.replace("(2,)", "(2000000000, 2000000000)"), 1)),
                "shape [2000000000, 2000000000]... is larger than an array can be");
        refused(
                stored("a", npy(shape.replace("(2,)", "(900000000,)"), 1)),
                "shape [900000000] needs 3600000000 bytes; at most 2147483648 are left");
        // A promise of 2 GB in a small file is refused without taking the memory.
        refused(stored("a", npy(shape.replace("(2,)", "(500000000,)"), 1)), "truncated: the array should be");
    }

    @Test
    void refusesMoreThanTheLimits() throws IOException {
        Path file = folder.resolve("a.npz");
        Npz.write(file, TENSORS);
        assertThatThrownBy(() -> Npz.read(file, new Limits(1 << 20, 2)))
                .isInstanceOf(FormatException.class)
                .hasMessage(file + ": directory: 3 arrays; at most 2");
        assertThatThrownBy(() -> Npz.read(file, new Limits(23, 10)))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("entry w.x.npy, offset 128: shape [2, 3] needs 24 bytes; at most 23 are left");
    }

    @Test
    void noticesDamageToStoredNumbers() throws IOException {
        Path file = stored("a", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", 1, 2));
        byte[] bytes = Files.readAllBytes(file);
        bytes[30 + 5 + 128] ^= 1;
        Files.write(file, bytes);
        refused(file, "the CRC-32 of the archive does not match");
    }

    @Test
    void survivesAnyDamage() throws IOException {
        Path file = folder.resolve("a.npz");
        Npz.write(file, TENSORS);
        assertThat(Mutations.fuzz(folder, Files.readAllBytes(file), 4000, 1, Npz::read))
                .isGreaterThan(2000);
        byte[] stored = Files.readAllBytes(
                stored("a", npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", 1, 2, 3, 4, 5, 6)));
        assertThat(Mutations.fuzz(folder, stored, 4000, 2, Npz::read)).isGreaterThan(2000);
        byte[] npy = npy("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", 1, 2, 3, 4, 5, 6);
        // Straight at the array parser, where no CRC-32 stands guard.
        int refused = Mutations.fuzz(folder, npy, 6000, 3, f -> {
            try (Input in = new Input(f.toString(), "", Files.newInputStream(f))) {
                Npy.read("a", in, 1 << 20);
            }
        });
        assertThat(refused).isGreaterThan(3000);
    }

    private void refused(Path file, String reason) {
        assertThatThrownBy(() -> Npz.read(file))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(reason);
    }

    private Path stored(String name, byte[] npy) throws IOException {
        Path file = folder.resolve("stored.npz");
        CRC32 crc = new CRC32();
        crc.update(npy);
        ZipEntry entry = new ZipEntry(name + ".npy");
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(npy.length);
        entry.setCrc(crc.getValue());
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(entry);
            zip.write(npy);
            zip.closeEntry();
        }
        return file;
    }

    /** A version 1.0 array with a header of 128 bytes in all. */
    private static byte[] npy(String dict, float... data) {
        ByteBuffer bytes = le(4 * data.length);
        for (float value : data) {
            bytes.putFloat(value);
        }
        return joined(dict, bytes);
    }

    private static byte[] doubles(String dict, double... data) {
        ByteBuffer bytes = le(8 * data.length);
        for (double value : data) {
            bytes.putDouble(value);
        }
        return joined(dict, bytes);
    }

    private static byte[] joined(String dict, ByteBuffer data) {
        String padded = dict + " ".repeat(117 - dict.length()) + "\n";
        return le(128 + data.position())
                .put(HexFormat.of().parseHex("934e554d505901007600"))
                .put(padded.getBytes(StandardCharsets.US_ASCII))
                .put(data.flip())
                .array();
    }

    private static ByteBuffer le(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }

    static void same(List<Tensor> actual, List<Tensor> expected) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            assertThat(actual.get(i).name()).isEqualTo(expected.get(i).name());
            assertThat(actual.get(i).shape()).isEqualTo(expected.get(i).shape());
            assertThat(actual.get(i).data()).isEqualTo(expected.get(i).data());
        }
    }
}
