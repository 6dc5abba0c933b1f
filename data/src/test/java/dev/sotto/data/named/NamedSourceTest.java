package dev.sotto.data.named;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.data.DataContext;
import dev.sotto.data.DataException;
import dev.sotto.data.DataSet;
import dev.sotto.data.Examples;
import dev.sotto.data.Shape;
import dev.sotto.data.SharedData;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real data sets where they are present, and small files in their form elsewhere. */
final class NamedSourceTest {
    @TempDir
    Path folder;

    private DataContext context(Path data) {
        return DataContext.ofSystem().withOffline(true).withSottoData(data).withCache(folder.resolve("cache"));
    }

    @Test
    void findsMnist() throws IOException {
        Optional<Path> real = SharedData.folder("mnist");
        if (real.isEmpty()) {
            writeMnist(Files.createDirectories(folder.resolve("mnist")), 9);
        }
        DataSet mnist = NamedSource.of(Published.parse("mnist"))
                .load(context(real.map(Path::getParent).orElse(folder)));
        assertThat(mnist.train().shape()).isEqualTo(Shape.of(1, 28, 28));
        assertThat(mnist.train().size()).isEqualTo(real.isPresent() ? 60_000 : 10);
        assertThat(mnist.test().orElseThrow().size()).isEqualTo(real.isPresent() ? 10_000 : 10);
        if (real.isPresent()) {
            assertThat(mnist.train().label(0)).isEqualTo(5);
            double[] moments = moments(mnist.train(), 2000);
            assertThat(moments[0]).isBetween(-0.05, 0.05);
            assertThat(moments[1]).isBetween(0.9, 1.1);
        }
    }

    @Test
    void findsCifar10() throws IOException {
        Optional<Path> real = SharedData.folder("cifar10");
        Path data = real.map(Path::getParent).orElse(folder);
        if (real.isEmpty()) {
            Path cifar = Files.createDirectories(folder.resolve("cifar10"));
            Files.write(cifar.resolve("data_batch_1.bin"), new byte[2 * 3073]);
            Files.write(cifar.resolve("data_batch_2.bin"), new byte[3073]);
            Files.write(cifar.resolve("test_batch.bin"), new byte[3073]);
        }
        DataSet cifar = NamedSource.of(Published.CIFAR10).load(context(data));
        assertThat(cifar.train().shape()).isEqualTo(Shape.of(3, 32, 32));
        assertThat(cifar.train().size()).isEqualTo(real.isPresent() ? 10_000 : 3);
        assertThat(cifar.test().orElseThrow().size()).isEqualTo(real.isPresent() ? 10_000 : 1);
        if (real.isPresent()) {
            assertThat(moments(cifar.train(), 2000)[0]).isBetween(-0.1, 0.1);
        }
    }

    @Test
    void aGivenPathIsTheOnlyPlaceLookedAt() throws IOException {
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        writeMnist(elsewhere, 9);
        assertThat(NamedSource.of(Published.FASHION_MNIST)
                        .in(elsewhere)
                        .load(context(folder))
                        .train()
                        .size())
                .isEqualTo(10);
        assertThatThrownBy(() -> NamedSource.of(Published.MNIST).in(folder).load(context(folder)))
                .isInstanceOf(DataException.class)
                .hasMessage(folder + ": no file train-images-idx3-ubyte (or with .gz at the end)");
        assertThatThrownBy(() -> NamedSource.of(Published.CIFAR10).in(folder).load(context(folder)))
                .hasMessage(folder + ": no files data_batch_*.bin (or with .gz at the end)");
    }

    @Test
    void refusesBadFilesInOneLine() throws IOException {
        writeMnist(folder, 10);
        Path images = folder.resolve("train-images-idx3-ubyte");
        assertThatThrownBy(() -> NamedSource.of(Published.MNIST).in(folder).load(context(folder)))
                .hasMessage(images + " with train-labels-idx1-ubyte: label 10 of example 9 is outside the 10 classes"
                        + " (0 to 9)");
        Files.write(images, new byte[] {0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 28, 0, 0, 0, 28, 7});
        assertThatThrownBy(() -> NamedSource.of(Published.MNIST).in(folder).load(context(folder)))
                .isInstanceOf(DataException.class)
                .hasMessage(images + ": offset 17: truncated: the values [1, 28, 28] should be 784 bytes, only 1 are"
                        + " there");
        assertThatThrownBy(() -> Published.parse("minst"))
                .hasMessage("no published data set is called 'minst'; there are mnist, fashion-mnist, cifar10");
    }

    @Test
    void saysWhereToPutTheFiles() {
        assertThatThrownBy(() -> NamedSource.of(Published.MNIST).load(context(folder)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("put train-images-idx3-ubyte.gz, train-labels-idx1-ubyte.gz, ")
                .hasMessageContaining(" into " + folder.resolve("mnist") + " or " + folder.resolve("cache/mnist"));
    }

    /** Ten images, labels 0 to 8 and the given last one. */
    private static void writeMnist(Path into, int lastLabel) throws IOException {
        for (String set : new String[] {"train", "t10k"}) {
            byte[] images = ByteBuffer.allocate(16 + 7840)
                    .putInt(0x803)
                    .putInt(10)
                    .putInt(28)
                    .putInt(28)
                    .array();
            byte[] labels = ByteBuffer.allocate(18)
                    .putInt(0x801)
                    .putInt(10)
                    .put(new byte[] {0, 1, 2, 3, 4, 5, 6, 7, 8, (byte) lastLabel})
                    .array();
            Files.write(into.resolve(set + "-images-idx3-ubyte"), images);
            Files.write(into.resolve(set + "-labels-idx1-ubyte"), labels);
        }
    }

    /** Mean and standard deviation over the features of the first examples. */
    private static double[] moments(Examples examples, int count) {
        float[] x = new float[examples.shape().size()];
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < count; i++) {
            examples.features(i, x, 0);
            for (float value : x) {
                sum += value;
                squares += value * value;
            }
        }
        double n = (double) count * x.length;
        return new double[] {sum / n, Math.sqrt(squares / n - sum / n * (sum / n))};
    }
}
