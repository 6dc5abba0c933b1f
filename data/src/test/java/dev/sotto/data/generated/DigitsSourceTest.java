package dev.sotto.data.generated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.data.ByteImages;
import dev.sotto.data.DataContext;
import dev.sotto.data.DataException;
import dev.sotto.data.DataSet;
import dev.sotto.data.Examples;
import dev.sotto.data.LinearModel;
import dev.sotto.data.Shape;
import dev.sotto.data.Target;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

final class DigitsSourceTest {
    private final DataContext context = DataContext.ofSystem();

    @Test
    void hasImagesOfTenClasses() {
        DataSet digits = DigitsSource.of(1000, 200, 1).load(context);
        assertThat(digits.train().size()).isEqualTo(1000);
        assertThat(digits.test().orElseThrow().size()).isEqualTo(200);
        assertThat(digits.train().shape()).isEqualTo(Shape.of(1, 28, 28));
        assertThat(digits.train().target()).isEqualTo(Target.Classes.numbered(10));
        int[] counts = new int[10];
        for (int i = 0; i < 1000; i++) {
            counts[digits.train().label(i)]++;
        }
        // Binomial(1000, 0.1): outside [50, 170] with probability below 1e-7 per class.
        assertThat(Arrays.stream(counts).boxed().toList()).allMatch(n -> n >= 50 && n <= 170);
    }

    @Test
    void isTheSameOnEveryMachine() {
        assertThat(checksum(DigitsSource.of(500, 0, 7).load(context).train())).isEqualTo(2748760324L);
    }

    @Test
    void aLargerSetBeginsWithTheSmallerAndSeedsDiffer() {
        ByteImages small = (ByteImages) DigitsSource.of(10, 10, 7).load(context).train();
        DataSet large = DigitsSource.of(600, 10, 7).load(context);
        ByteImages other = (ByteImages) DigitsSource.of(10, 10, 8).load(context).train();
        assertThat(pixels((ByteImages) large.train(), 9)).isEqualTo(pixels(small, 9));
        assertThat(pixels(other, 9)).isNotEqualTo(pixels(small, 9));
        assertThat(pixels((ByteImages) large.test().orElseThrow(), 9)).isNotEqualTo(pixels(small, 9));
    }

    @Test
    void isTooHardForALinearModel() {
        DataSet digits = DigitsSource.of(10_000, 2_000, 3).load(context);
        double accuracy = LinearModel.train(digits.train(), 6, 0.1, 1)
                .accuracy(digits.test().orElseThrow());
        assertThat(accuracy).isBetween(0.75, 0.93);
    }

    @Test
    void refusesSizesOutOfRange() {
        assertThatThrownBy(() -> DigitsSource.of(0, 10, 1))
                .isInstanceOf(DataException.class)
                .hasMessage("digits: train 0 and test 10; train must be in 1 to 1000000 and test in 0 to 1000000");
    }

    private static long checksum(Examples examples) {
        CRC32 crc = new CRC32();
        for (int i = 0; i < examples.size(); i++) {
            crc.update(pixels((ByteImages) examples, i));
            crc.update(examples.label(i));
        }
        return crc.getValue();
    }

    private static byte[] pixels(ByteImages images, int index) {
        byte[] pixels = new byte[images.shape().size()];
        for (int p = 0; p < pixels.length; p++) {
            pixels[p] = (byte) images.pixel(index, p);
        }
        return pixels;
    }
}
