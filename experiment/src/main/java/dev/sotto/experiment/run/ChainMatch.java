package dev.sotto.experiment.run;

import dev.sotto.data.Shape;
import dev.sotto.formats.Tensor;
import dev.sotto.learning.LayerSpec;
import dev.sotto.learning.LayerSpec.Conv2d;
import dev.sotto.learning.LayerSpec.Flatten;
import dev.sotto.learning.LayerSpec.Linear;
import dev.sotto.learning.LayerSpec.MaxPool2d;
import dev.sotto.learning.LayerSpec.Relu;
import dev.sotto.learning.Loss;
import dev.sotto.learning.ModelException;
import dev.sotto.learning.ModelSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds plain chains that have parameters of given shapes: convolutions, if any, then linear layers, each with a bias, relu
 * between them. Padding and pooling leave no weights behind; they follow from how many values the first linear layer takes, or
 * several chains fit.
 */
final class ChainMatch {
    private static final int MOST_CONVOLUTIONS = 5;

    private final List<List<Integer>> weights;
    private final int convolutions;
    private final List<ModelSpec> found = new ArrayList<>();

    private ChainMatch(List<List<Integer>> weights) {
        this.weights = weights;
        this.convolutions =
                (int) weights.stream().filter(shape -> shape.size() == 4).count();
    }

    /**
     * The chains.
     *
     * @param inputs shapes that an example may have, the likeliest first
     */
    static List<ModelSpec> of(List<Tensor> tensors, List<Shape> inputs) {
        Optional<List<List<Integer>>> weights = weights(tensors);
        if (weights.isEmpty()) {
            return List.of();
        }
        ChainMatch match = new ChainMatch(weights.get());
        if (!match.fits()) {
            return List.of();
        }
        for (Shape input : inputs) {
            if (match.convolutions == 0) {
                match.tryChain(input, new ArrayList<>());
                if (!match.found.isEmpty()) {
                    // Images and flat rows of as many values differ in their shape alone.
                    return match.found;
                }
            } else if (input.rank() == 3) {
                match.tryConvolutions(input, 0, new ArrayList<>());
            }
        }
        return match.found;
    }

    /** Shapes of weights, if they alternate with biases that belong to them. */
    private static Optional<List<List<Integer>>> weights(List<Tensor> tensors) {
        List<List<Integer>> weights = new ArrayList<>();
        if (tensors.size() % 2 != 0 || tensors.isEmpty()) {
            return Optional.empty();
        }
        for (int i = 0; i < tensors.size(); i += 2) {
            List<Integer> weight = tensors.get(i).shape();
            boolean layer = weight.size() == 2 || weight.size() == 4;
            if (!layer || !tensors.get(i + 1).shape().equals(weight.subList(0, 1)) || weight.contains(0)) {
                return Optional.empty();
            }
            weights.add(weight);
        }
        return Optional.of(weights);
    }

    /** Whether convolutions come first, kernels are square, and each layer takes what the one before it gives. */
    private boolean fits() {
        if (convolutions == weights.size() || convolutions > MOST_CONVOLUTIONS) {
            return false;
        }
        for (int i = 0; i < weights.size(); i++) {
            List<Integer> own = weights.get(i);
            boolean convolution = i < convolutions;
            if (convolution != (own.size() == 4) || (convolution && !own.get(2).equals(own.get(3)))) {
                return false;
            }
            if (i > 0
                    && i != convolutions
                    && !own.get(1).equals(weights.get(i - 1).get(0))) {
                return false;
            }
        }
        return true;
    }

    /** Tries each convolution without padding and with as much as keeps the size, with pooling and without. */
    private void tryConvolutions(Shape input, int at, List<LayerSpec> chain) {
        if (at == convolutions) {
            tryChain(input, chain);
            return;
        }
        int kernel = weights.get(at).get(2);
        List<Integer> paddings = kernel % 2 == 1 && kernel > 1 ? List.of(0, kernel / 2) : List.of(0);
        for (int padding : paddings) {
            for (boolean pooled : new boolean[] {true, false}) {
                List<LayerSpec> longer = new ArrayList<>(chain);
                longer.add(new Conv2d(weights.get(at).get(0), kernel, 1, padding));
                longer.add(new Relu());
                if (pooled) {
                    longer.add(new MaxPool2d(2, 2, 0));
                }
                tryConvolutions(input, at + 1, longer);
            }
        }
    }

    private void tryChain(Shape input, List<LayerSpec> start) {
        List<LayerSpec> chain = new ArrayList<>(start);
        if (input.rank() > 1) {
            chain.add(new Flatten());
        }
        for (int i = convolutions; i < weights.size(); i++) {
            chain.add(new Linear(weights.get(i).get(0)));
            if (i < weights.size() - 1) {
                chain.add(new Relu());
            }
        }
        try {
            ModelSpec spec = new ModelSpec("inferred", input, chain, Loss.CROSS_ENTROPY);
            List<List<Integer>> shapes = spec.layout().tensors().stream()
                    .map(tensor -> tensor.shape().dims())
                    .filter(shape -> shape.size() > 1)
                    .toList();
            if (shapes.equals(weights)) {
                found.add(spec);
            }
        } catch (ModelException e) {
            // What such an input does not fit is none of them.
        }
    }
}
