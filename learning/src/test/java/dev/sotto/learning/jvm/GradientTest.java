package dev.sotto.learning.jvm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.data.Shape;
import dev.sotto.kernels.Kernels;
import dev.sotto.learning.LayerSpec;
import dev.sotto.learning.LayerSpec.AvgPool2d;
import dev.sotto.learning.LayerSpec.Conv2d;
import dev.sotto.learning.LayerSpec.Embedding;
import dev.sotto.learning.LayerSpec.Flatten;
import dev.sotto.learning.LayerSpec.Gelu;
import dev.sotto.learning.LayerSpec.GroupNorm;
import dev.sotto.learning.LayerSpec.LayerNorm;
import dev.sotto.learning.LayerSpec.Linear;
import dev.sotto.learning.LayerSpec.MaxPool2d;
import dev.sotto.learning.LayerSpec.Relu;
import dev.sotto.learning.LayerSpec.Sigmoid;
import dev.sotto.learning.LayerSpec.Tanh;
import dev.sotto.learning.LayerSpec.TemperedSigmoid;
import dev.sotto.learning.Loss;
import dev.sotto.learning.ModelSpec;
import dev.sotto.learning.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Gradients equal central differences of a double-precision forward pass")
class GradientTest {

    static Stream<ModelSpec> models() {
        List<ModelSpec> models = new ArrayList<>();
        Shape flat = Shape.of(7);
        models.add(model("one linear layer", flat, new Linear(3)));
        models.add(model("wide linear layers", flat, new Linear(29), new Tanh(), new Linear(4)));
        for (LayerSpec activation :
                List.of(new Relu(), new Tanh(), new Sigmoid(), new TemperedSigmoid(1.5, 2.5, 0.4), new Gelu())) {
            models.add(model(activation.kind(), flat, new Linear(9), activation, new Linear(3)));
            models.add(model(activation.kind() + " twice", flat, new Linear(9), activation, activation, new Linear(3)));
            models.add(model(activation.kind() + " first", flat, activation, new Linear(3)));
        }
        for (int kernel = 1; kernel <= 4; kernel++) {
            for (int stride = 1; stride <= 3; stride++) {
                for (int padding = 0; padding <= 3; padding++) {
                    convolutions(models, kernel, stride, padding);
                }
            }
        }
        for (int kernel = 1; kernel <= 3; kernel++) {
            for (int stride = 1; stride <= 3; stride++) {
                for (int padding = 0; 2 * padding <= kernel; padding++) {
                    pools(models, kernel, stride, padding);
                }
            }
        }
        Shape image = Shape.of(4, 3, 5);
        for (int groups : new int[] {1, 2, 4}) {
            models.add(model(
                    "group norm of " + groups,
                    image,
                    new Conv2d(4, 2, 1, 0),
                    new GroupNorm(groups),
                    new Flatten(),
                    new Linear(3)));
            models.add(model("group norm first", image, new GroupNorm(groups), new Flatten(), new Linear(3)));
        }
        for (int dims = 1; dims <= 3; dims++) {
            models.add(model(
                    "layer norm over " + dims,
                    image,
                    new Conv2d(4, 2, 1, 0),
                    new LayerNorm(dims),
                    new Flatten(),
                    new Linear(3)));
        }
        models.add(new ModelSpec(
                "squared error", flat, List.of(new Linear(5), new Tanh(), new Linear(3)), Loss.MEAN_SQUARED_ERROR));
        return models.stream();
    }

    private static void convolutions(List<ModelSpec> models, int kernel, int stride, int padding) {
        String name = "convolution of " + kernel + ", stride " + stride + ", padding " + padding;
        models.add(model(
                name,
                Shape.of(2, 4, 7),
                new Conv2d(3, 2, 1, 0),
                new Conv2d(5, Math.min(3, kernel), stride, padding),
                new Flatten(),
                new Linear(3)));
        models.add(model(
                name + ", first",
                Shape.of(3, 5, 4),
                new Conv2d(7, kernel, stride, padding),
                new Flatten(),
                new Linear(3)));
    }

    private static void pools(List<ModelSpec> models, int kernel, int stride, int padding) {
        String name = " pool of " + kernel + ", stride " + stride + ", padding " + padding;
        Shape image = Shape.of(2, 5, 6);
        Conv2d before = new Conv2d(3, 2, 1, 0);
        models.add(model(
                "max" + name,
                image,
                before,
                new MaxPool2d(kernel, stride, padding),
                new Relu(),
                new Flatten(),
                new Linear(3)));
        models.add(model(
                "average" + name, image, before, new AvgPool2d(kernel, stride, padding), new Flatten(), new Linear(3)));
    }

    static ModelSpec model(String name, Shape input, LayerSpec... layers) {
        return new ModelSpec(name, input, List.of(layers), Loss.CROSS_ENTROPY);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("models")
    @DisplayName("layer")
    void agreesWithDifferences(ModelSpec spec) {
        agrees(spec, Samples.of(spec, 3, 11));
    }

    @Test
    @DisplayName("convolution wide enough for Winograd's algorithm, at every 97th parameter")
    void wideConvolutionAgreesWithDifferences() {
        ModelSpec spec = model(
                "wide convolution",
                Shape.of(1, 3, 4),
                new Conv2d(32, 1, 1, 0),
                new Tanh(),
                new Conv2d(33, 3, 1, 1),
                new Flatten(),
                new Linear(3));
        Samples samples = Samples.of(spec, 1, 11);
        float[] parameters = Samples.parameters(spec, 0.3, 5);
        ReferenceModel reference = new ReferenceModel(spec);
        float[] sum = new float[parameters.length];
        new JvmEngine().compile(spec).sumGradients(parameters, samples.batch(), sum);
        for (int i = 0; i < sum.length; i += 97) {
            double expected = reference.difference(parameters, i, samples.rows()[0], samples.labels()[0]);
            assertThat((double) sum[i]).isCloseTo(expected, within(1e-5 * Math.max(1, Math.abs(expected))));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("embeddings")
    @DisplayName("embedding")
    void embeddingAgreesWithDifferences(ModelSpec spec) {
        agrees(spec, Samples.of(spec, 3, 12, 4));
    }

    static Stream<ModelSpec> embeddings() {
        Embedding embedding = new Embedding(4, 3);
        return Stream.of(
                model("embedding", Shape.of(6), embedding, new Flatten(), new Linear(3)),
                model("embedding, norm", Shape.of(6), embedding, new LayerNorm(1), new Flatten(), new Linear(3)));
    }

    private static void agrees(ModelSpec spec, Samples samples) {
        float[] parameters = Samples.parameters(spec, 0.7, 5);
        ReferenceModel reference = new ReferenceModel(spec);
        double[] expected = new double[parameters.length];
        double loss = 0;
        double[] p = new double[parameters.length];
        for (int i = 0; i < p.length; i++) {
            p[i] = parameters[i];
        }
        for (int n = 0; n < samples.size(); n++) {
            int label = samples.labels()[n];
            float[] wanted = samples.wanted()[n];
            double[] one = reference.gradient(parameters, samples.rows()[n], label, wanted);
            for (int i = 0; i < one.length; i++) {
                expected[i] += one[i];
            }
            loss += reference.loss(p, samples.rows()[n], label, wanted);
        }
        for (Kernels kernels : List.of(Kernels.chosen(), Kernels.plain())) {
            Network network = new JvmEngine(kernels).compile(spec);
            float[] sum = new float[parameters.length];
            double actual = network.sumGradients(parameters, samples.batch(), sum);
            double slack = 1e-5 * Math.max(1, loss);
            assertThat(actual).as("loss").isCloseTo(loss, within(slack));
            assertThat(network.evaluate(parameters, samples.batch()).lossSum()).isCloseTo(loss, within(slack));
            for (int i = 0; i < sum.length; i++) {
                sum[i] -= (float) expected[i];
                sum[i] /= (float) Math.max(1, Math.abs(expected[i]));
            }
            assertThat(Differences.largest(sum, new float[sum.length]))
                    .as("%s, %s", spec.name(), kernels.description())
                    .isLessThan(1e-5);
        }
    }
}
