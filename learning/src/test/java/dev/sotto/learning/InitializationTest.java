package dev.sotto.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.data.Shape;
import dev.sotto.privacy.random.Randomness;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Initial parameters")
class InitializationTest {
    private static final ModelSpec LENET =
            Presets.named("lenet-groupnorm-tanh", Shape.of(3, 32, 32), 10, Loss.CROSS_ENTROPY);

    private static float[] draw(ModelSpec spec, long seed) {
        return Initialization.draw(spec, Randomness.seeded(seed).stream("initial-parameters"));
    }

    @Test
    void weightsAndBiasesFillTheRangeOfTheirFanIn() {
        float[] drawn = draw(LENET, 1);
        int[] fanIns = {75, 75, 0, 0, 150, 150, 0, 0, 400, 400, 120, 120, 84, 84};
        List<Layout.Tensor> tensors = LENET.layout().tensors();
        assertThat(tensors).hasSameSizeAs(fanIns);
        for (int t = 0; t < fanIns.length; t++) {
            if (fanIns[t] > 0) {
                uniform(drawn, tensors.get(t), 1 / Math.sqrt(fanIns[t]));
            }
        }
    }

    /** The mean is within 5.5 standard errors (false alarm 4e-8 a tensor); no value is out of the range. */
    private static void uniform(float[] drawn, Layout.Tensor tensor, double bound) {
        double sum = 0;
        double largest = 0;
        for (int i = tensor.offset(); i < tensor.end(); i++) {
            sum += drawn[i];
            largest = Math.max(largest, Math.abs(drawn[i]));
        }
        int count = tensor.end() - tensor.offset();
        assertThat(largest).as(tensor.name()).isLessThanOrEqualTo((float) bound);
        // All of n values below (1 - 20/n) of the bound: less likely than exp(-20).
        assertThat(largest).as(tensor.name()).isGreaterThan(bound * (1 - 20.0 / count));
        assertThat(sum / count).as(tensor.name()).isCloseTo(0, within(5.5 * bound / Math.sqrt(3.0 * count)));
    }

    @Test
    void normalisationStartsAsTheIdentity() {
        float[] drawn = draw(LENET, 1);
        for (Layout.Tensor tensor : LENET.layout().tensors()) {
            if (LENET.layers().get(tensor.layer()) instanceof LayerSpec.GroupNorm) {
                float start = tensor.name().endsWith("weight") ? 1 : 0;
                for (int i = tensor.offset(); i < tensor.end(); i++) {
                    assertThat(drawn[i]).isEqualTo(start);
                }
            }
        }
    }

    @Test
    void aSeedGivesTheSameParametersAndAnotherOneOthers() {
        assertThat(draw(LENET, 7)).isEqualTo(draw(LENET, 7)).isNotEqualTo(draw(LENET, 8));
    }
}
