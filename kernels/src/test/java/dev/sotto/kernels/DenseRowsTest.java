package dev.sotto.kernels;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("A dense layer on examples that follow each other")
class DenseRowsTest {
    private static final Kernels KERNELS = VectorKernels.INSTANCE;
    private static final int LANES = KERNELS.lanes();

    private static float[] random(int length, double scale, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) (scale * (2 * random.nextDouble() - 1));
        }
        return values;
    }

    @ParameterizedTest
    @CsvSource({"4, 64", "5, 65", "7, 127", "10, 200", "13, 529", "128, 1043", "6, 2000"})
    @DisplayName("equals its definition, for any number of examples, whatever the other rows hold")
    void equalsDefinition(int outputs, int inputs) {
        int at = 3;
        int bias = at + outputs * inputs;
        float[] w = random(bias + outputs, 0.1, 1);
        DenseRows dense = KERNELS.denseRows(at, bias, outputs, inputs).orElse(null);
        if (LANES < 16) {
            assertThat(dense).isNull();
            return;
        }
        for (int examples = 1; examples <= LANES; examples++) {
            float[] x = random(inputs * LANES, 1, 2);
            float[] dy = random(outputs * LANES, 1, 3);
            for (int i = examples * inputs; i < x.length; i++) {
                x[i] = Float.NaN;
            }
            float[] y = new float[outputs * LANES];
            float[] dx = new float[inputs * LANES];
            dense.forward(w, x, examples, y);
            dense.inputGradient(w, dy, examples, dx);
            for (int n = 0; n < examples; n++) {
                double squares = 0;
                for (int o = 0; o < outputs; o++) {
                    double expected = w[bias + o];
                    for (int i = 0; i < inputs; i++) {
                        expected += (double) w[at + o * inputs + i] * x[n * inputs + i];
                    }
                    assertThat((double) y[o * LANES + n]).isCloseTo(expected, within(1e-5));
                }
                for (int i = 0; i < inputs; i++) {
                    double expected = 0;
                    for (int o = 0; o < outputs; o++) {
                        expected += (double) w[at + o * inputs + i] * dy[o * LANES + n];
                    }
                    assertThat((double) dx[n * inputs + i]).isCloseTo(expected, within(1e-5));
                    squares += (double) x[n * inputs + i] * x[n * inputs + i];
                }
                assertThat(dense.squaredNorm(x, n)).isCloseTo(squares, within(1e-6 * squares));
            }
        }
    }

    @Test
    @DisplayName("is made where a tile fits, and never by plain Java")
    void choice() {
        assertThat(KERNELS.denseRows(0, 0, 3, 64)).isEmpty();
        assertThat(KERNELS.denseRows(0, 0, 4, 63)).isEmpty();
        assertThat(KERNELS.denseRows(0, 0, 4, 64).isPresent()).isEqualTo(LANES == 16);
        assertThat(Kernels.plain().denseRows(0, 0, 128, 784)).isEmpty();
    }
}
