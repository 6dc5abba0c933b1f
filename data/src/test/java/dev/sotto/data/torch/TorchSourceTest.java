package dev.sotto.data.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.data.DataContext;
import dev.sotto.data.DataException;
import dev.sotto.data.DataSet;
import dev.sotto.data.Examples;
import dev.sotto.data.Holdout;
import dev.sotto.data.PixelScaling;
import dev.sotto.data.Shape;
import dev.sotto.data.Target;
import dev.sotto.formats.TorchExamples;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** PyTorch's files as data: one digit a file, as they are handed out. */
final class TorchSourceTest {
    private static final Target.Classes DIGITS = Target.Classes.numbered(10);
    private static final int[] IMAGE = {1, 2, 2};

    @TempDir
    Path folder;

    private static TorchSource source(List<Path> train, List<Path> test) {
        return new TorchSource("pt", train, test, Holdout.none(), DIGITS, PixelScaling.unit());
    }

    private DataSet load(TorchSource source) {
        return source.load(DataContext.ofSystem().withRoot(folder));
    }

    private static void write(Path file, int[] shape, float[] images, int... labels) throws IOException {
        write(file, shape, images, false, labels);
    }

    private static void write(Path file, int[] shape, float[] images, boolean bytes, int... labels) throws IOException {
        List<Integer> all = IntStream.concat(IntStream.of(labels.length), IntStream.of(shape))
                .boxed()
                .toList();
        new TorchExamples(all, images, labels, bytes).write(file);
    }

    private static float[] features(Examples examples, int index) {
        float[] features = new float[examples.shape().size()];
        examples.features(index, features, 0);
        return features;
    }

    @Test
    void aFolderIsReadInTheOrderOfItsNamesAndEachFileIsAGroup() throws IOException {
        write(folder.resolve("mnist_label_3.pt"), IMAGE, new float[] {0, 0.5f, 1, 0.25f}, 3);
        write(folder.resolve("mnist_label_1.pt"), IMAGE, new float[] {1, 1, 0, 0, 0, 0, 1, 1}, 1, 1);
        Files.writeString(folder.resolve("notes.txt"), "not data");
        DataSet set = load(source(List.of(Path.of("")), List.of()));
        assertThat(set.test()).isEmpty();
        Examples all = set.train();
        assertThat(all.shape()).isEqualTo(Shape.of(1, 2, 2));
        assertThat(all.target()).isEqualTo(DIGITS);
        assertThat(List.of(all.label(0), all.label(1), all.label(2))).containsExactly(1, 1, 3);
        assertThat(features(all, 2)).containsExactly(0, 0.5f, 1, 0.25f);
        assertThat(all.grouping("file").orElseThrow().names())
                .extracting(name -> name.substring(name.lastIndexOf('/') + 1))
                .containsExactly("mnist_label_1.pt", "mnist_label_3.pt");
        assertThat(all.grouping("file").orElseThrow().group(2)).isEqualTo(1);
    }

    @Test
    void testFilesAreNotTrainedOn() throws IOException {
        write(folder.resolve("a.pt"), IMAGE, new float[4], 0);
        write(folder.resolve("test.pt"), IMAGE, new float[8], 1, 2);
        DataSet set = load(source(List.of(Path.of("")), List.of(Path.of("test.pt"))));
        assertThat(set.train().size()).isEqualTo(1);
        assertThat(set.test().orElseThrow().size()).isEqualTo(2);
        DataSet tested = load(source(List.of(Path.of("test.pt")), List.of(Path.of("test.pt"))));
        assertThat(tested.test().orElseThrow()).isSameAs(tested.train());
    }

    @Test
    void noFileIsReadTwiceNorTestedOnWhenTrainedOn() throws IOException {
        write(folder.resolve("a.pt"), IMAGE, new float[4], 0);
        Files.createSymbolicLink(folder.resolve("b.pt"), folder.resolve("a.pt"));
        Path a = Path.of("a.pt");
        Path b = Path.of("b.pt");
        refused(folder.resolve(a) + " is read twice", List.of(a, a));
        refused(folder.resolve(b) + " is read twice", List.of(Path.of("")));
        assertThatThrownBy(() -> load(source(List.of(a), List.of(b))))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(folder.resolve(b) + " is among the training files too");
    }

    @Test
    void bytesAreSharesOf255AndImagesWithoutAChannelGetOne() throws IOException {
        write(folder.resolve("a.pt"), new int[] {2, 2}, new float[] {0, 51, 102, 255}, true, 5);
        DataSet set = load(source(List.of(Path.of("a.pt")), List.of()));
        assertThat(set.train().shape()).isEqualTo(Shape.of(1, 2, 2));
        assertThat(features(set.train(), 0)).containsExactly(0, 0.2f, 0.4f, 1);
    }

    @Test
    void rowsOfNumbersStayFlatAndScalingApplies() throws IOException {
        write(folder.resolve("a.pt"), new int[] {3}, new float[] {0, 0.5f, 1}, 0);
        TorchSource source = new TorchSource(
                "pt", List.of(Path.of("a.pt")), List.of(), Holdout.none(), DIGITS, PixelScaling.symmetric());
        DataSet set = load(source);
        assertThat(set.train().shape()).isEqualTo(Shape.of(3));
        assertThat(features(set.train(), 0)).containsExactly(-1, 0, 1);
    }

    @Test
    void whatDoesNotFitIsSaidInOneLine() throws IOException {
        Path file = folder.resolve("a.pt");
        refused(folder.resolve("absent.pt") + ": no such file; give a .pt file", List.of(Path.of("absent.pt")));
        refused(folder + ": no .pt file in it", List.of(Path.of("")));
        write(file, IMAGE, new float[4], 10);
        refused(file + ": label 10 of example 0 is outside the 10 classes", List.of(Path.of("a.pt")));
        write(file, IMAGE, new float[] {0, Float.NaN, 0, 0}, 1);
        refused(file + ": feature 1 of example 0 is NaN", List.of(Path.of("a.pt")));
        write(folder.resolve("b.pt"), new int[] {1, 1, 2}, new float[2], 1);
        refused(folder.resolve("b.pt") + ": its examples have the shape 1x1x2", List.of(Path.of("")));
        Files.writeString(file, "no archive");
        refused(file + ": archive: not a ZIP archive", List.of(Path.of("a.pt")));
    }

    private void refused(String message, List<Path> train) {
        assertThatThrownBy(() -> load(source(train, List.of())))
                .isInstanceOf(DataException.class)
                .hasMessageStartingWith(message)
                .hasMessageNotContaining("\n");
    }
}
