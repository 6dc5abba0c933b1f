package dev.sotto.learning;

import dev.sotto.data.Shape;
import java.util.List;

/**
 * One layer of a model, as data. Shapes are per example: {@code (features)}, {@code (channels, height, width)} or {@code
 * (positions, features)}. Every layer treats each example alone: that is what makes a per-example gradient exist, and why
 * batch normalisation has no record here.
 *
 * <p>Values are checked when a {@link ModelSpec} infers its shapes; a record on its own holds what was written.
 */
public sealed interface LayerSpec {

    /** The name in model files, such as {@code conv2d}. */
    String kind();

    /**
     * The output shape for an input of the given shape.
     *
     * @throws ModelException with the reason, without the layer's position (the model adds that)
     */
    Shape infer(Shape input);

    /** The parameter tensors (name and shape) for an input of the given shape; empty for most layers. */
    default List<Parameter> parameters(Shape input) {
        return List.of();
    }

    /**
     * A parameter tensor of a layer.
     *
     * @param name {@code weight} or {@code bias}
     * @param shape as PyTorch lays it out: linear (outputs, inputs), convolution (outputs, inputs, kernel, kernel)
     * @param fanIn how many inputs one output sums over: initial values are drawn within 1/sqrt(fanIn); 0 marks a constant
     *     start at {@code start}
     * @param start the constant that a parameter with {@code fanIn == 0} starts from
     */
    record Parameter(String name, Shape shape, int fanIn, float start) {}

    /** Fully connected: {@code y = W x + b} over a flat input. */
    record Linear(int outputs) implements LayerSpec {
        @Override
        public String kind() {
            return "linear";
        }

        @Override
        public Shape infer(Shape input) {
            LayerChecks.positive("outputs", outputs);
            LayerChecks.rank(input, 1, "put a flatten layer before it");
            return Shape.of(outputs);
        }

        @Override
        public List<Parameter> parameters(Shape input) {
            int inputs = input.size();
            return List.of(
                    new Parameter("weight", Shape.of(outputs, inputs), inputs, 0),
                    new Parameter("bias", Shape.of(outputs), inputs, 0));
        }
    }

    /** Cross-correlation with square kernels; {@code padding} zeros on each side, output floor((n + 2p - k)/s) + 1. */
    record Conv2d(int channels, int kernel, int stride, int padding) implements LayerSpec {
        @Override
        public String kind() {
            return "conv2d";
        }

        @Override
        public Shape infer(Shape input) {
            LayerChecks.positive("channels", channels);
            LayerChecks.window(input, kernel, stride, padding);
            return Shape.of(
                    channels,
                    LayerChecks.windows(input.dims().get(1), kernel, stride, padding),
                    LayerChecks.windows(input.dims().get(2), kernel, stride, padding));
        }

        @Override
        public List<Parameter> parameters(Shape input) {
            int inputs = input.dims().get(0);
            int fanIn = inputs * kernel * kernel;
            return List.of(
                    new Parameter("weight", Shape.of(channels, inputs, kernel, kernel), fanIn, 0),
                    new Parameter("bias", Shape.of(channels), fanIn, 0));
        }
    }

    /** Largest value of each window; the gradient goes to the first position that holds it. */
    record MaxPool2d(int kernel, int stride, int padding) implements LayerSpec {
        @Override
        public String kind() {
            return "max-pool2d";
        }

        @Override
        public Shape infer(Shape input) {
            return LayerChecks.pooled(input, kernel, stride, padding);
        }
    }

    /** Mean of each window; padded zeros count in the mean, as in PyTorch's default. */
    record AvgPool2d(int kernel, int stride, int padding) implements LayerSpec {
        @Override
        public String kind() {
            return "avg-pool2d";
        }

        @Override
        public Shape infer(Shape input) {
            return LayerChecks.pooled(input, kernel, stride, padding);
        }
    }

    /** Any shape to a flat one, row-major. */
    record Flatten() implements LayerSpec {
        @Override
        public String kind() {
            return "flatten";
        }

        @Override
        public Shape infer(Shape input) {
            return Shape.of(input.size());
        }
    }

    /** A function applied to each value alone. */
    sealed interface Activation extends LayerSpec {
        @Override
        default Shape infer(Shape input) {
            return input;
        }
    }

    /** max(x, 0). */
    record Relu() implements Activation {
        @Override
        public String kind() {
            return "relu";
        }
    }

    /** Hyperbolic tangent. */
    record Tanh() implements Activation {
        @Override
        public String kind() {
            return "tanh";
        }
    }

    /** 1 / (1 + exp(-x)). */
    record Sigmoid() implements Activation {
        @Override
        public String kind() {
            return "sigmoid";
        }
    }

    /**
     * {@code scale / (1 + exp(-temperature x)) - offset}: bounded activations suit clipped gradients (Papernot et al.,
     * "Tempered Sigmoid Activations for Deep Learning with Differential Privacy", 2021). (2, 2, 1) is tanh.
     */
    record TemperedSigmoid(double scale, double temperature, double offset) implements Activation {
        @Override
        public String kind() {
            return "tempered-sigmoid";
        }

        @Override
        public Shape infer(Shape input) {
            LayerChecks.finite("scale", scale);
            LayerChecks.finite("temperature", temperature);
            LayerChecks.finite("offset", offset);
            return input;
        }
    }

    /** x Phi(x), in the tanh form of Hendrycks and Gimpel (2016), section 2. */
    record Gelu() implements Activation {
        @Override
        public String kind() {
            return "gelu";
        }
    }

    /** Normalises each example's channels in groups (Wu and He, 2018), then scales and shifts each channel. */
    record GroupNorm(int groups) implements LayerSpec {
        /** Added to the variance. */
        public static final double EPSILON = 1e-5;

        @Override
        public String kind() {
            return "group-norm";
        }

        @Override
        public Shape infer(Shape input) {
            LayerChecks.positive("groups", groups);
            LayerChecks.rank(input, 3, "it works on (channels, height, width)");
            if (input.dims().get(0) % groups != 0) {
                throw new ModelException("groups: " + groups + " does not divide the "
                        + input.dims().get(0) + " channels of its input");
            }
            return input;
        }

        @Override
        public List<Parameter> parameters(Shape input) {
            Shape perChannel = Shape.of(input.dims().get(0));
            return List.of(new Parameter("weight", perChannel, 0, 1), new Parameter("bias", perChannel, 0, 0));
        }
    }

    /**
     * Normalises over the trailing {@code dims} dimensions of an example (Ba et al., 2016), then scales and shifts each
     * value of those dimensions.
     */
    record LayerNorm(int dims) implements LayerSpec {
        /** Added to the variance. */
        public static final double EPSILON = 1e-5;

        @Override
        public String kind() {
            return "layer-norm";
        }

        @Override
        public Shape infer(Shape input) {
            if (dims < 1 || dims > input.rank()) {
                throw new ModelException("dims: " + dims + " is not between 1 and the " + input.rank()
                        + " dimensions of its input " + input);
            }
            return input;
        }

        @Override
        public List<Parameter> parameters(Shape input) {
            List<Integer> all = input.dims();
            Shape trailing = new Shape(all.subList(all.size() - dims, all.size()));
            return List.of(new Parameter("weight", trailing, 0, 1), new Parameter("bias", trailing, 0, 0));
        }
    }

    /** In training, zeroes each value with probability {@code rate} and scales the others by 1/(1 - rate). */
    record Dropout(double rate) implements LayerSpec {
        @Override
        public String kind() {
            return "dropout";
        }

        @Override
        public Shape infer(Shape input) {
            if (!(rate >= 0 && rate < 1)) {
                throw new ModelException("rate: " + rate + " is not in [0, 1)");
            }
            return input;
        }
    }

    /** Looks up a row for each position: input (positions) of whole numbers below {@code vocabulary}. */
    record Embedding(int vocabulary, int dimension) implements LayerSpec {
        @Override
        public String kind() {
            return "embedding";
        }

        @Override
        public Shape infer(Shape input) {
            LayerChecks.positive("vocabulary", vocabulary);
            LayerChecks.positive("dimension", dimension);
            LayerChecks.rank(input, 1, "it reads one token number per position");
            return Shape.of(input.size(), dimension);
        }

        @Override
        public List<Parameter> parameters(Shape input) {
            return List.of(new Parameter("weight", Shape.of(vocabulary, dimension), 1, 0));
        }
    }
}
