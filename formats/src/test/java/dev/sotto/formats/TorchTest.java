package dev.sotto.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PyTorch's files: those in the test's resources were written by PyTorch 2.15, the hostile ones by hand or by it too. */
final class TorchTest {
    private static final Map<String, float[]> TWO = Map.of("0", new float[] {1, 2});

    @TempDir
    Path folder;

    private Path resource(String name) throws IOException {
        try (InputStream in = TorchTest.class.getResourceAsStream(name)) {
            return Files.write(folder.resolve(name), in.readAllBytes());
        }
    }

    private List<Tensor> read(byte[] pickle, Map<String, float[]> storages) throws IOException {
        return Torch.read(Files.write(folder.resolve("x.pt"), TorchPickles.archive(pickle, storages)));
    }

    private void refused(String message, TorchPickles pickle, Map<String, float[]> storages) {
        assertThatThrownBy(() -> read(pickle.end(), storages))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith(folder.resolve("x.pt") + ": ")
                .hasMessageContaining(message)
                .hasMessageNotContaining("\n");
    }

    private static TorchPickles pickle() {
        return new TorchPickles();
    }

    private static float[] counted(int from, int count, float scale) {
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (from + i) * scale;
        }
        return values;
    }

    @Test
    void aStateDictIsReadInItsOrder() throws IOException {
        NpzTest.same(
                Torch.read(resource("state-dict.pt")),
                List.of(
                        new Tensor("0.weight", List.of(6, 4), counted(0, 24, 0.125f)),
                        new Tensor("0.bias", List.of(6), counted(24, 6, 0.125f)),
                        new Tensor("2.weight", List.of(3, 6), counted(30, 18, 0.125f)),
                        new Tensor("2.bias", List.of(3), counted(48, 3, 0.125f))));
    }

    @Test
    void imagesAndLabelsInATuple() throws IOException {
        NpzTest.same(
                Torch.read(resource("labelled.pt")),
                List.of(
                        new Tensor("0", List.of(3, 1, 2, 2), counted(0, 12, 0.0625f)),
                        new Tensor("1", List.of(3), new float[] {7, 7, 7})));
    }

    @Test
    void viewsAreReadAsTheyLook() throws IOException {
        NpzTest.same(
                Torch.read(resource("views.pt")),
                List.of(
                        new Tensor("turned", List.of(4, 3), new float[] {0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11}),
                        new Tensor("column", List.of(3), new float[] {1, 5, 9}),
                        new Tensor("part", List.of(2, 2), new float[] {6, 7, 10, 11}),
                        new Tensor("one", List.of(), new float[] {11}),
                        new Tensor("none", List.of(0, 3), new float[0]),
                        new Tensor("wide", List.of(2, 2), new float[] {1, 1, 1, 1})));
    }

    @Test
    void everyNumberTypeBecomesAFloat() throws IOException {
        List<Tensor> read = Torch.read(resource("types.pt"));
        assertThat(read)
                .extracting(Tensor::name)
                .containsExactly(
                        "types.double",
                        "types.half",
                        "types.bfloat16",
                        "whole.0",
                        "whole.1",
                        "whole.2",
                        "whole.3",
                        "whole.4",
                        "bool",
                        "w",
                        "7");
        assertThat(read.subList(0, 3))
                .allSatisfy(tensor -> assertThat(tensor.data()).containsExactly(0, 1, -2.5f));
        assertThat(read.subList(3, 8))
                .allSatisfy(tensor -> assertThat(tensor.data()).containsExactly(0, 1, 2));
        assertThat(read.get(8).data()).containsExactly(1, 0);
        assertThat(read.get(10).data()).containsExactly(-1, -70000);
    }

    @Test
    void halfPrecisionIsExact() {
        assertThat(TorchType.half((short) 0x3c01)).isEqualTo(1.0009765625f);
        assertThat(TorchType.half((short) 0x0001)).isEqualTo(0x1p-24f);
        assertThat(TorchType.half((short) 0x8400)).isEqualTo(-0x1p-14f);
        assertThat(TorchType.half((short) 0x7bff)).isEqualTo(65504);
        assertThat(TorchType.half((short) 0xfc00)).isEqualTo(Float.NEGATIVE_INFINITY);
        assertThat(TorchType.half((short) 0x7e00)).isNaN();
    }

    @Test
    void whatWouldRunCodeIsRefusedByName() throws IOException {
        Path hostile = resource("hostile.pt");
        assertThatThrownBy(() -> Torch.read(hostile))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("it asks for posix.system, which is no part of a tensor; nothing was run");
        Path module = resource("module.pt");
        assertThatThrownBy(() -> Torch.read(module))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining(
                        "it asks for torch.nn.modules.container.Sequential, which is no part of a tensor");
        refused(
                "it asks for os.system",
                pickle().global("os", "system").text("id").code(0x85, 'R'),
                TWO);
        refused(
                "it asks for builtins.eval",
                pickle().text("builtins").text("eval").code(0x93),
                TWO);
        refused("it asks for torch.load", pickle().global("torch", "load"), TWO);
        refused(
                "it asks for torch._utils._rebuild_tensor_v2?x",
                pickle().global("torch._utils", "_rebuild_tensor_v2\rx"),
                TWO);
        refused(
                "pickle instruction 0x69, which no file of tensors needs",
                pickle().code('i').ascii("os\nsystem\n"),
                TWO);
        refused("pickle instruction 0x6f", pickle().code('(', 'o'), TWO);
        refused("pickle instruction 0x81", pickle().code(0x81), TWO);
        refused("pickle instruction 0x82", pickle().code(0x82, 1), TWO);
        refused("a call of something that is not a function", pickle().text("f").code(')', 'R'), TWO);
        refused(
                "a call of collections.OrderedDict with other arguments",
                pickle().global("collections", "OrderedDict").text("x").code(0x85, 'R'),
                TWO);
        assertThat(Path.of("/tmp/run-by-pickle")).doesNotExist();
    }

    @Test
    void tensorsThatDoNotLieInTheirStorageAreRefused() throws IOException {
        long[] one = {1};
        assertThat(read(pickle().tensor("0", 2, 0, new long[] {2}, one).end(), TWO)
                        .get(0)
                        .data())
                .containsExactly(1, 2);
        String beyond = "it reaches beyond its storage of 2 numbers";
        refused(beyond, pickle().tensor("0", 2, 1, new long[] {2}, one), TWO);
        refused(beyond, pickle().tensor("0", 2, 0, new long[] {3}, one), TWO);
        refused(beyond, pickle().tensor("0", 2, 0, new long[] {2}, new long[] {2}), TWO);
        refused(beyond, pickle().tensor("0", 2, 0, new long[] {2, 2}, new long[] {Integer.MAX_VALUE, 1}), TWO);
        refused("out of range", pickle().tensor("0", 2, 1, new long[] {2}, new long[] {-1}), TWO);
        refused("out of range", pickle().tensor("0", 2, 0, new long[] {-1}, one), TWO);
        refused("farther offset", pickle().tensor("0", 2, -1, new long[] {1}, one), TWO);
        refused("farther offset", pickle().tensor("0", 2, Long.MAX_VALUE, new long[] {2}, one), TWO);
        refused("8 bytes; its tensors need 12", pickle().tensor("0", 3, 0, new long[] {2}, one), TWO);
        refused("entry data/../0: it is missing", pickle().tensor("../0", 2, 0, new long[] {2}, one), TWO);
        refused(
                "holds more numbers than",
                pickle().tensor("0", 2, 0, new long[] {1 << 20, 1 << 20}, new long[] {0, 0}),
                TWO);
    }

    @Test
    void valuesWithinThemselvesEnd() {
        refused("nested too deep, or too many", pickle().code(']', 'q', 0, 'h', 0, 'a'), TWO);
        TorchPickles laughs = pickle().code(']', 'q', 0);
        for (int i = 1; i < 30; i++) {
            laughs.code(']', 'q', i, '(');
            for (int k = 0; k < 10; k++) {
                laughs.code('h', i - 1);
            }
            laughs.code('e');
        }
        refused("nested too deep, or too many", laughs, TWO);
        refused("damaged pickle: it refers to a value that was not kept", pickle().code('h', 5), TWO);
        refused("damaged pickle: a value is missing", pickle().code('(', 'R'), TWO);
        refused("damaged pickle: a mark is missing", pickle().code('t'), TWO);
        refused("truncated pickle", pickle().code('X', 255, 255, 255, 127), TWO);
        refused("it holds no tensors", pickle().code('}'), TWO);
        refused(
                "a name of more than 1000 characters",
                pickle().code('}').text("x".repeat(2000)).code('N', 's'),
                TWO);
    }

    @Test
    void otherFilesAreRefused() throws IOException {
        Path legacy = resource("legacy.pt");
        assertThatThrownBy(() -> Torch.read(legacy))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("not a ZIP archive, as PyTorch writes since 1.6; save it with a later version");
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(packed)) {
            zip.putNextEntry(new ZipEntry("a/data.pkl"));
            zip.write(new byte[1 << 20]);
        }
        Path bomb = Files.write(folder.resolve("bomb.pt"), packed.toByteArray());
        assertThatThrownBy(() -> Torch.read(bomb))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("entry a/data.pkl: it is compressed");
        byte[] tensor =
                pickle().tensor("0", 2, 0, new long[] {2}, new long[] {1}).end();
        Path file = Files.write(folder.resolve("y.pt"), TorchPickles.archive(tensor, TWO));
        assertThatThrownBy(() -> Torch.read(file, new Limits(7, 5)))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("holds more numbers than the 1 that may be read");
        Path outside = Files.write(folder.resolve("z.pt"), archive("a/data.pkl", "../../x"));
        assertThatThrownBy(() -> Torch.read(outside))
                .isInstanceOf(FormatException.class)
                .hasMessageContaining("entry ../../x: entries must be in one folder");
    }

    private static byte[] archive(String... names) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        StoredArchive.Writer zip = new StoredArchive.Writer(bytes);
        for (String name : names) {
            zip.entry(name, to -> to.write(name.getBytes(StandardCharsets.UTF_8)));
        }
        zip.finish();
        return bytes.toByteArray();
    }

    @Test
    void damagedFilesAreReadOrRefusedInOneLine() throws IOException {
        for (String name : List.of("state-dict.pt", "types.pt")) {
            byte[] valid = Files.readAllBytes(resource(name));
            Limits limits = new Limits(1 << 20, 100);
            assertThat(Mutations.fuzz(folder, valid, 2000, 31, file -> Torch.read(file, limits)))
                    .isGreaterThan(500);
        }
    }

    /** Damage to the pickle alone, which the archive's checksum would catch before. */
    @Test
    void damagedPicklesAreReadOrRefusedInOneLine() throws IOException {
        byte[] pickle = pickle().code('}', '(')
                .text("a")
                .tensor("0", 2, 0, new long[] {2, 1}, new long[] {1, 1})
                .text("b")
                .tensor("0", 2, 1, new long[] {1}, new long[] {1})
                .code('u')
                .end();
        Path inner = Files.createDirectory(folder.resolve("inner"));
        int refused = Mutations.fuzz(inner, pickle, 4000, 32, file -> {
            Path damaged = inner.resolve("damaged.pt");
            Files.write(damaged, TorchPickles.archive(Files.readAllBytes(file), TWO));
            try {
                Torch.read(damaged);
            } catch (FormatException e) {
                throw new FormatException(
                        file.toString(),
                        "pickle",
                        e.getMessage().substring(damaged.toString().length()));
            }
        });
        assertThat(refused).isBetween(2000, 3990);
    }
}
