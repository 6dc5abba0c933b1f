package dev.sotto.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Labelled examples in PyTorch's files, in the forms that people save them in. */
final class TorchExamplesTest {
    private static final Limits LIMITS = new Limits(1 << 20, 100);
    private static final long[] TWO = {2, 1, 1, 2};
    private static final long[] STRIDES = {2, 2, 2, 1};
    private static final Map<String, byte[]> STORAGES =
            Map.of("0", floats(0, 0.25f, 0.5f, 1), "1", longs(7, 3), "2", new byte[] {0, 51, 102, -1});

    @TempDir
    Path folder;

    private static byte[] floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return bytes.array();
    }

    private static byte[] longs(long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return bytes.array();
    }

    private static TorchPickles pickle() {
        return new TorchPickles();
    }

    private static TorchPickles images(TorchPickles pickle) {
        return pickle.tensor("0", 4, 0, TWO, STRIDES);
    }

    private static TorchPickles labels(TorchPickles pickle, long count) {
        return pickle.tensor("LongStorage", "1", 2, 0, new long[] {count}, new long[] {1});
    }

    private TorchExamples read(TorchPickles pickle) throws IOException {
        return TorchExamples.read(
                Files.write(folder.resolve("x.pt"), TorchPickles.archiveOf(pickle.end(), STORAGES)), LIMITS);
    }

    private void refused(String message, TorchPickles pickle) {
        assertThatThrownBy(() -> read(pickle))
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith(folder.resolve("x.pt") + ": ")
                .hasMessageContaining(message);
    }

    private static void same(TorchExamples read) {
        assertThat(read.shape()).containsExactly(2, 1, 1, 2);
        assertThat(read.features()).containsExactly(0, 0.25f, 0.5f, 1);
        assertThat(read.labels()).containsExactly(7, 3);
        assertThat(read.bytes()).isFalse();
    }

    @Test
    void aFileThatPyTorchWrote() throws IOException {
        try (InputStream in = TorchExamplesTest.class.getResourceAsStream("labelled.pt")) {
            TorchExamples read =
                    TorchExamples.read(Files.write(folder.resolve("labelled.pt"), in.readAllBytes()), LIMITS);
            assertThat(read.shape()).containsExactly(3, 1, 2, 2);
            assertThat(read.features()).startsWith(0, 0.0625f).endsWith(11 * 0.0625f);
            assertThat(read.labels()).containsExactly(7, 7, 7);
        }
    }

    @Test
    void aTupleOrAListOfTwo() throws IOException {
        same(read(labels(images(pickle()), 2).code(0x86)));
        same(read(labels(images(pickle().code(']', '(')), 2).code('e')));
    }

    @Test
    void aDictUnderNamesOfTheField() throws IOException {
        for (String[] names : new String[][] {{"images", "labels"}, {"data", "targets"}, {"x", "y"}}) {
            TorchPickles pickle = images(pickle().code('}', '(').text(names[0])).text(names[1]);
            same(read(labels(pickle, 2).code('u')));
        }
    }

    @Test
    void classesInAListOfNumbers() throws IOException {
        same(read(images(pickle()).code(']', '(', 'K', 7, 'K', 3, 'e', 0x86)));
    }

    @Test
    void aListOfPairs() throws IOException {
        long[] one = {1, 1, 2};
        long[] strides = {2, 2, 1};
        TorchPickles pickle =
                pickle().code(']', '(').tensor("0", 4, 0, one, strides).code('K', 7, 0x86);
        same(read(pickle.tensor("0", 4, 2, one, strides).code('K', 3, 0x86, 'e')));
    }

    @Test
    void whatIsWrittenIsRead() throws IOException {
        Path file = folder.resolve("written.pt");
        new TorchExamples(List.of(2, 1, 1, 2), new float[] {0, 0.25f, 0.5f, 1}, new int[] {7, 3}, false).write(file);
        same(TorchExamples.read(file, LIMITS));
        new TorchExamples(List.of(1, 3), new float[] {0, 7, 255}, new int[] {1}, true).write(file);
        TorchExamples read = TorchExamples.read(file, LIMITS);
        assertThat(read.features()).containsExactly(0, 7, 255);
        assertThat(read.bytes()).isTrue();
    }

    @Test
    void bytesAreKnownAsSuch() throws IOException {
        TorchPickles pickle = pickle().tensor("ByteStorage", "2", 4, 0, new long[] {2, 2}, new long[] {2, 1});
        TorchExamples read = read(labels(pickle, 2).code(0x86));
        assertThat(read.bytes()).isTrue();
        assertThat(read.features()).containsExactly(0, 51, 102, 255);
        assertThat(read.shape()).containsExactly(2, 2);
    }

    @Test
    void whatIsNoSetOfExamplesIsRefused() {
        refused(
                "expected examples and their classes, as torch.save((images, labels), FILE) writes them; it holds tensor "
                        + "weight",
                images(pickle().code('}', '(').text("weight")).code('u'));
        refused(
                "its shape is [1]; there must be one class for each of the 2",
                labels(images(pickle()), 1).code(0x86));
        refused(
                "tensor 0: its shape is [2]; examples are",
                labels(labels(pickle(), 2), 2).code(0x86));
        refused(
                "tensor 1: its shape is [2, 1, 1, 2]; there must be one class",
                images(images(pickle())).code(0x86));
        refused(
                "tensor 1: classes are whole numbers",
                images(pickle())
                        .tensor("0", 4, 0, new long[] {2}, new long[] {1})
                        .code(0x86));
        refused("1.1: it is missing, or no whole number", images(pickle()).code(']', '(', 'K', 7, 'e', 0x86));
        refused("1: more classes than the 2", images(pickle()).code(']', '(', 'K', 7, 'K', 1, 'K', 2, 'e', 0x86));
        refused(
                "1.0: class -1; classes are counted from 0",
                images(pickle()).code(']', '(').number(-1).code('K', 2, 'e', 0x86));
        long[] one = {1, 1, 2};
        long[] strides = {2, 2, 1};
        TorchPickles unlike =
                pickle().code(']', '(').tensor("0", 4, 0, one, strides).code('K', 7, 0x86);
        refused(
                "tensor 1.0: its shape is [1]; the first example's is [1, 1, 2]",
                unlike.tensor("0", 4, 2, new long[] {1}, new long[] {1}).code('K', 3, 0x86, 'e'));
        refused(
                "it asks for torch.utils.data.dataset.TensorDataset, which is no part of a tensor; nothing was run",
                pickle().global("torch.utils.data.dataset", "TensorDataset"));
    }

    @Test
    void damagedFilesAreReadOrRefusedInOneLine() throws IOException {
        byte[] whole =
                TorchPickles.archiveOf(labels(images(pickle()), 2).code(0x86).end(), STORAGES);
        assertThat(Mutations.fuzz(folder, whole, 500, 41, file -> TorchExamples.read(file, LIMITS)))
                .isGreaterThan(125);
    }

    /** Damage to the pickle alone, which the archive's checksum would catch before. */
    @Test
    void damagedPicklesAreReadOrRefusedInOneLine() throws IOException {
        Path inner = Files.createDirectory(folder.resolve("inner"));
        for (byte[] valid : List.of(
                labels(images(pickle()), 2).code(0x86).end(),
                images(pickle()).code(']', '(', 'K', 7, 'K', 3, 'e', 0x86).end())) {
            int refused = Mutations.fuzz(inner, valid, 800, 42, file -> {
                Path damaged = inner.resolve("damaged.pt");
                Files.write(damaged, TorchPickles.archiveOf(Files.readAllBytes(file), STORAGES));
                try {
                    TorchExamples.read(damaged, LIMITS);
                } catch (FormatException e) {
                    throw new FormatException(
                            file.toString(),
                            "pickle",
                            e.getMessage().substring(damaged.toString().length()));
                }
            });
            assertThat(refused).isBetween(360, 799);
        }
    }
}
