package dev.sotto.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ExamplesTest {
    @Test
    void shapesMultiplyAndPrint() {
        assertThat(Shape.of(3, 32, 32).size()).isEqualTo(3072);
        assertThat(Shape.of(3, 32, 32)).hasToString("3x32x32");
        assertThatThrownBy(() -> Shape.of(3, 0)).hasMessage("shape 3x0: every dimension must be at least 1");
        assertThatThrownBy(() -> Shape.of(1 << 16, 1 << 16)).hasMessageContaining("more than 2^31 - 1 values");
    }

    @Test
    void bytesAreScaledByChannel() {
        PixelScaling scaling = new PixelScaling(List.of(0.0, 0.5), List.of(1.0, 0.25));
        ByteImages images = new ByteImages(
                "t", Shape.of(2, 1, 2), Target.Classes.numbered(3), new byte[] {0, -1, 0, -1}, new byte[] {2}, scaling);
        float[] x = new float[5];
        images.features(0, x, 1);
        assertThat(x).containsExactly(0, 0, 1, -2, 2);
        assertThat(images.label(0)).isEqualTo(2);
        assertThatThrownBy(() -> images.values(0, x, 0)).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void badDataAreRefusedInOneLine() {
        Target.Classes two = Target.Classes.numbered(2);
        assertThatThrownBy(() -> new ByteImages(
                        "a.idx", Shape.of(1, 1, 1), two, new byte[2], new byte[] {0, 2}, PixelScaling.unit()))
                .isInstanceOf(DataException.class)
                .hasMessage("a.idx: label 2 of example 1 is outside the 2 classes (0 to 1)");
        assertThatThrownBy(() ->
                        new ByteImages("a.idx", Shape.of(1, 1, 1), two, new byte[2], new byte[1], PixelScaling.unit()))
                .hasMessage("a.idx: 1 labels and 2 images of 1x1x1; there must be one label for each image");
        float[] broken = {1, 2, 3, Float.NaN};
        assertThatThrownBy(() -> TableExamples.classified("a.csv", Shape.of(2), two, broken, new int[2]))
                .isInstanceOf(DataException.class)
                .hasMessage("a.csv: feature 1 of example 1 is NaN; every feature must be a finite number");
        assertThatThrownBy(() -> TableExamples.classified("a.csv", Shape.of(1), two, new float[1], new int[] {-1}))
                .hasMessage("a.csv: label -1 of example 0 is outside the 2 classes (0 to 1)");
        float[] infinite = {Float.POSITIVE_INFINITY};
        assertThatThrownBy(
                        () -> TableExamples.valued("a.csv", Shape.of(1), new Target.Values(1), new float[1], infinite))
                .hasMessageContaining("target value 0 of example 0 is Infinity");
    }

    @Test
    void viewsOfViewsSeeTheRoot() {
        float[] features = {0, 1, 2, 3, 4};
        int[] labels = {0, 1, 0, 1, 0};
        Examples rows = TableExamples.classified("t", Shape.of(1), Target.Classes.numbered(2), features, labels);
        int[] chosen = {4, 3, 1};
        Examples view = rows.select(chosen);
        chosen[0] = 0;
        Examples second = view.select(new int[] {0, 2});
        float[] x = new float[1];
        second.features(0, x, 0);
        assertThat(x[0]).isEqualTo(4);
        second.features(1, x, 0);
        assertThat(x[0]).isEqualTo(1);
        assertThat(second.label(1)).isEqualTo(1);
        assertThat(second.size()).isEqualTo(2);
        assertThatThrownBy(() -> view.select(new int[] {3})).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void aDataSetHasOneShapeAndSomeExamples() {
        Examples one = TableExamples.classified("t", Shape.of(1), Target.Classes.numbered(2), new float[1], new int[1]);
        Examples two = TableExamples.classified("t", Shape.of(2), Target.Classes.numbered(2), new float[2], new int[1]);
        assertThatThrownBy(() -> new DataSet("t", one, Optional.of(two), "here"))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("differ from training examples");
        assertThatThrownBy(() -> new DataSet("t", one.select(new int[0]), Optional.empty(), "here"))
                .hasMessage("t: no training examples (here)");
    }

    @Test
    void theContextReadsTheEnvironment() {
        Path home = Path.of("home");
        DataContext plain = DataContext.of(Path.of(""), Map.of("SOTTO_DATA", " "), home);
        assertThat(plain.cache()).isEqualTo(Path.of("home/.cache/sotto"));
        assertThat(plain.sottoData()).isEmpty();
        assertThat(plain.offline()).isFalse();
        DataContext set = DataContext.of(
                Path.of(""),
                Map.of("SOTTO_DATA", "d", "XDG_CACHE_HOME", "x", "SOTTO_MIRROR", "http://m/", "SOTTO_OFFLINE", "1"),
                home);
        assertThat(set.cache()).isEqualTo(Path.of("x/sotto"));
        assertThat(set.sottoData()).contains(Path.of("d"));
        assertThat(set.mirror()).contains(URI.create("http://m/"));
        assertThat(set.offline()).isTrue();
    }

    @Test
    void randomStreamsArePinnedAndIndependent() {
        assertThat(SeededRandom.stream(1, "a", 0).nextLong()).isEqualTo(-5509459220922214100L);
        assertThat(SeededRandom.stream(1, "a", 0).nextLong())
                .isNotEqualTo(SeededRandom.stream(1, "a", 1).nextLong())
                .isNotEqualTo(SeededRandom.stream(1, "b", 0).nextLong())
                .isNotEqualTo(SeededRandom.stream(2, "a", 0).nextLong());
        SeededRandom random = SeededRandom.stream(1, "a", 0);
        double[] sums = new double[3];
        for (int i = 0; i < 100_000; i++) {
            double z = random.nextGaussian();
            sums[0] += z;
            sums[1] += z * z;
            sums[2] += random.nextInt(3);
        }
        // Six standard errors each: false alarms below 1e-8.
        assertThat(sums[0] / 1e5).isBetween(-6 * 0.00317, 6 * 0.00317);
        assertThat(sums[1] / 1e5).isBetween(1 - 6 * 0.00448, 1 + 6 * 0.00448);
        assertThat(sums[2] / 1e5).isBetween(1 - 6 * 0.0026, 1 + 6 * 0.0026);
        int[] order = new int[100];
        Arrays.setAll(order, i -> i);
        random.shuffle(order);
        assertThat(Arrays.stream(order).sorted().toArray()).contains(0, 50, 99).doesNotHaveDuplicates();
    }
}
