package dev.sotto.kernels;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Pooling by largest values")
class PoolingTest {
    private static final Kernels CHOSEN = Kernels.chosen();
    private static final Kernels PLAIN = Kernels.plain();
    private static final int CHANNELS = 3;

    @ParameterizedTest
    @CsvSource({
        "7, 6, 2, 1, 0",
        "2, 2, 2, 1, 0",
        "2, 9, 2, 1, 0",
        "9, 2, 2, 1, 0",
        "7, 6, 2, 1, 1",
        "7, 6, 2, 2, 0",
        "7, 6, 2, 2, 1",
        "7, 6, 3, 1, 0",
        "7, 6, 3, 2, 1",
        "1, 5, 1, 1, 0"
    })
    @DisplayName("gives each window's gradient to the first of equal values, with and without vectors")
    void firstOfEqualValuesHasTheGradient(int height, int width, int kernel, int stride, int padding) {
        int outHeight = (height + 2 * padding - kernel) / stride + 1;
        int outWidth = (width + 2 * padding - kernel) / stride + 1;
        int inSize = CHANNELS * height * width;
        int outSize = CHANNELS * outHeight * outWidth;
        for (int seed = 0; seed < 20; seed++) {
            // Few different values, so that most windows hold their largest more than once.
            float[] in = integers(inSize * CHOSEN.lanes(), seed, 3);
            float[] dout = integers(outSize * CHOSEN.lanes(), seed + 100, 1000);
            float[] out = new float[outSize * CHOSEN.lanes()];
            float[] din = integers(in.length, seed + 200, 9);
            PoolWindows windows = new PoolWindows(CHOSEN, CHANNELS, height, width, kernel, stride, padding);
            CHOSEN.maxPool(windows, in, out);
            CHOSEN.maxPoolGradient(windows, in, out, dout, din);
            for (int lane = 0; lane < CHOSEN.lanes(); lane++) {
                float[] plainIn = lane(in, CHOSEN.lanes(), lane);
                float[] plainOut = new float[outSize * PLAIN.lanes()];
                float[] plainDin = new float[plainIn.length];
                PoolWindows plain = new PoolWindows(PLAIN, CHANNELS, height, width, kernel, stride, padding);
                PLAIN.maxPool(plain, plainIn, plainOut);
                PLAIN.maxPoolGradient(plain, plainIn, plainOut, lane(dout, CHOSEN.lanes(), lane), plainDin);
                assertThat(lane(out, CHOSEN.lanes(), lane)).containsExactly(plainOut);
                assertThat(lane(din, CHOSEN.lanes(), lane)).containsExactly(plainDin);
                assertThat(plainDin)
                        .containsExactly(byDefinition(plainIn, dout, lane, height, width, kernel, stride, padding));
            }
        }
    }

    /** The plain kernels' arrays, with the same example in all lanes. */
    private static float[] lane(float[] x, int lanes, int lane) {
        float[] spread = new float[x.length / lanes * PLAIN.lanes()];
        for (int i = 0; i < spread.length; i++) {
            spread[i] = x[i / PLAIN.lanes() * lanes + lane];
        }
        return spread;
    }

    private static float[] byDefinition(
            float[] in, float[] dout, int lane, int height, int width, int kernel, int stride, int padding) {
        float[] din = new float[in.length];
        int window = 0;
        for (int c = 0; c < CHANNELS; c++) {
            for (int top = -padding; top + kernel <= height + padding; top += stride) {
                for (int left = -padding; left + kernel <= width + padding; left += stride, window++) {
                    int first = first(in, c, top, left, height, width, kernel);
                    for (int l = 0; l < PLAIN.lanes(); l++) {
                        din[first + l] += dout[window * CHOSEN.lanes() + lane];
                    }
                }
            }
        }
        return din;
    }

    private static int first(float[] in, int channel, int top, int left, int height, int width, int kernel) {
        int first = -1;
        for (int y = Math.max(0, top); y < Math.min(height, top + kernel); y++) {
            for (int x = Math.max(0, left); x < Math.min(width, left + kernel); x++) {
                int i = ((channel * height + y) * width + x) * PLAIN.lanes();
                first = first < 0 || in[i] > in[first] ? i : first;
            }
        }
        return first;
    }

    /** Whole numbers from zero on: sums of them are exact in any order. */
    private static float[] integers(int length, long seed, int bound) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = random.nextInt(bound);
        }
        return values;
    }
}
