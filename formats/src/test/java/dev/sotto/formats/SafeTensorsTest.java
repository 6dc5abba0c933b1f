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
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SafeTensorsTest {
    private static final List<Tensor> TENSORS = List.of(
            new Tensor("a", List.of(1), new float[] {1}),
            new Tensor("b", List.of(2, 3), new float[] {0, 1, 2, 3, 4, 5}));

    @TempDir
    Path folder;

    @Test
    void readsWhatItWrites() throws IOException {
        Path file = folder.resolve("a.safetensors");
        List<Tensor> tensors = List.of(
                TENSORS.get(1),
                new Tensor("scalar", List.of(), new float[] {-0f}),
                new Tensor("empty", List.of(3, 0), new float[0]),
                TENSORS.get(0));
        SafeTensors.write(file, tensors, Map.of("k", "line\n\"é\""));
        SafeTensors.Content content = SafeTensors.read(file);
        NpzTest.same(content.tensors(), tensors);
        assertThat(content.metadata()).containsExactly(Map.entry("k", "line\n\"é\""));
    }

    @Test
    void writesThePublishedLayout() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SafeTensors.write(out, TENSORS, Map.of("k", "v\"é"));
        String header = "{\"__metadata__\":{\"k\":\"v\\\"é\"},"
                + "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]},"
                + "\"b\":{\"dtype\":\"F32\",\"shape\":[2,3],\"data_offsets\":[4,28]}}     ";
        assertThat(out.toByteArray()).isEqualTo(file(header, 1, 0, 1, 2, 3, 4, 5));
        assertThat(header.getBytes(StandardCharsets.UTF_8).length % 8).isZero();
    }

    @Test
    void readsTensorsInAnyOrderAndDoubles() throws IOException {
        ByteBuffer data = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        data.putDouble(2.5).putFloat(7);
        SafeTensors.Content content = SafeTensors.read(written(raw(
                "{\"x\":{\"data_offsets\":[8,12],\"shape\":[],\"dtype\":\"F32\"},"
                        + "\"y\":{\"dtype\":\"F64\",\"shape\":[1,1],\"data_offsets\":[0,8]}}",
                data.array())));
        NpzTest.same(
                content.tensors(),
                List.of(new Tensor("x", List.of(), new float[] {7}), new Tensor("y", List.of(1, 1), new float[] {2.5f
                })));
    }

    @Test
    void refusesInOneLine() throws IOException {
        refused(new byte[4], "offset 4: truncated: the header length should be 8 bytes, only 4 are there");
        refused(new byte[8], "offset 0: a header of 0 bytes");
        byte[] long8 = {-1, -1, -1, -1, -1, -1, -1, -1, '{', '}'};
        refused(long8, "offset 0: a header of 18446744073709551615 bytes; the file has 10 bytes");
        refused(file("[]"), "offset 8: the header must begin with '{'");
        refused(file("{\"a\":}"), "header: not valid JSON: ");
        refused(file("{} {}"), "header: not valid JSON: ");
        String a = "\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}";
        String b = "\"b\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[4,12]}";
        refused(file("{" + a + "," + a + "}", 1), "not valid JSON: Duplicate");
        refused(
                file("{" + a + "," + b.replace("[4,12]", "[0,8]") + "}", 1, 2),
                "tensor b: its data overlap another tensor's at data offset 0");
        refused(
                file("{" + a + "," + b.replace("[4,12]", "[8,16]") + "}", 1, 2, 3, 4),
                "a hole in the data from offset 4");
        refused(file("{" + a + "," + b + "}", 1, 2), "the tensors take 12 bytes of data, the file has 8");
        refused(file("{" + a + "}", 1, 2), "the tensors take 4 bytes of data, the file has 8");
        refused(file("{" + a.replace("F32", "BF16") + "}", 1), "tensor a: dtype BF16; F32 and F64 can be read");
        refused(file("{" + a.replace("[1]", "[-1]") + "}", 1), "shape must hold whole numbers from 0");
        refused(file("{" + a.replace("[1]", "[3]") + "}", 1), "data_offsets [0, 4] do not span the 12 bytes of [3]");
        refused(
                file("{" + a.replace("[1]", "[2147483647,2147483647]") + "}", 1),
                "shape is larger than an array can be");
        refused(
                file("{" + a.replace("[0,4]", "[9223372036854775807,3]") + "}", 1),
                "data_offsets [9223372036854775807, 3] do not span");
        refused(file("{\"__metadata__\":{\"k\":1}," + a + "}", 1), "header, __metadata__: k must be a string");
    }

    @Test
    void refusesMoreThanTheLimits() throws IOException {
        Path file = folder.resolve("a.safetensors");
        SafeTensors.write(file, TENSORS, Map.of());
        assertThatThrownBy(() -> SafeTensors.read(file, new Limits(27, 10)))
                .hasMessage(file + ": offset 8: 28 bytes of data; at most 27 are read");
        assertThatThrownBy(() -> SafeTensors.read(file, new Limits(28, 1)))
                .hasMessage(file + ": header: more than 1 tensors");
    }

    @Test
    void survivesAnyDamage() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        SafeTensors.write(out, TENSORS, Map.of("k", "v"));
        assertThat(Mutations.fuzz(folder, out.toByteArray(), 10_000, 5, SafeTensors::read))
                .isGreaterThan(5000);
    }

    private void refused(byte[] bytes, String reason) throws IOException {
        Path file = written(bytes);
        assertThatThrownBy(() -> SafeTensors.read(file))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith(file + ": ")
                .hasMessageContaining(reason);
    }

    private Path written(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("x.safetensors"), bytes);
    }

    private static byte[] file(String header, float... data) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * data.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : data) {
            bytes.putFloat(value);
        }
        return raw(header, bytes.array());
    }

    private static byte[] raw(String header, byte[] data) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(8 + text.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(text.length)
                .put(text)
                .put(data)
                .array();
    }
}
