package dev.sotto.learning.jvm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sotto.data.Shape;
import dev.sotto.kernels.Kernels;
import dev.sotto.learning.LayerSpec.Conv2d;
import dev.sotto.learning.LayerSpec.Flatten;
import dev.sotto.learning.LayerSpec.Linear;
import dev.sotto.learning.LayerSpec.Relu;
import dev.sotto.learning.ModelSpec;
import dev.sotto.learning.Network;
import dev.sotto.privacy.clipping.ClipFactors;
import dev.sotto.privacy.clipping.FlatClipping;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A sum that is completed where it is used")
class CompletedSumTest {
    /** Dense layers of more weights than are added at once, the first behind layers that run as one, the second not. */
    private static final ModelSpec MODEL = GradientTest.model(
            "large",
            Shape.of(1, 42, 42),
            new Conv2d(6, 3, 1, 0),
            new Relu(),
            new Flatten(),
            new Linear(45),
            new Relu(),
            new Linear(4500),
            new Relu(),
            new Linear(3));

    private static final ClipFactors CLIP = FlatClipping.of(0.7).factors();
    private static final int SIZE = MODEL.layout().size();

    static Stream<Arguments> cases() {
        return Stream.of(0, 1, 5, 16, 21).flatMap(size -> Stream.of(Kernels.chosen(), Kernels.plain())
                .map(kernels -> Arguments.of(size, kernels.description(), kernels)));
    }

    @ParameterizedTest(name = "{0} examples, {1}")
    @MethodSource("cases")
    @DisplayName("is the same to the bit, though what was used has changed meanwhile")
    void isTheSame(int size, String description, Kernels kernels) {
        Network network = new JvmNetwork(kernels, MODEL);
        Samples samples = Samples.of(MODEL, size, 1);
        float[] parameters = Samples.parameters(MODEL, 0.1, 2);
        float[] norms = new float[size];
        float[] whole = new float[SIZE];
        Arrays.fill(whole, 0.125f);
        float[] begun = whole.clone();
        double loss = network.sumClippedGradients(parameters, samples.batch(), CLIP, whole, norms);

        assertThat(network.beginClippedSum(parameters, samples.batch(), CLIP, begun, norms))
                .isEqualTo(loss);
        assertThat(Arrays.equals(begun, whole))
                .as("nothing was left, so this test shows nothing")
                .isEqualTo(size == 0);
        float[] used = new float[SIZE];
        for (int from = 0; from < SIZE; from += 1000) {
            int to = Math.min(SIZE, from + 1000);
            network.completeSum(begun, to);
            System.arraycopy(begun, from, used, from, to - from);
            Arrays.fill(begun, from, to, Float.NaN);
        }
        assertThat(Arrays.equals(used, whole)).isTrue();
        network.completeSum(used, SIZE);
        assertThat(Arrays.equals(used, whole)).as("it is completed once").isTrue();
    }

    @ParameterizedTest(name = "{0} examples, {1}")
    @MethodSource("cases")
    @DisplayName("forgets what was left when the network is used for something else")
    void forgets(int size, String description, Kernels kernels) {
        Network network = new JvmNetwork(kernels, MODEL);
        Samples samples = Samples.of(MODEL, size, 1);
        float[] parameters = Samples.parameters(MODEL, 0.1, 2);
        float[] sum = new float[SIZE];
        network.beginClippedSum(parameters, samples.batch(), CLIP, sum, new float[size]);
        float[] before = sum.clone();
        network.evaluate(parameters, samples.batch());
        network.completeSum(sum, SIZE);
        assertThat(Arrays.equals(sum, before)).isTrue();
    }
}
