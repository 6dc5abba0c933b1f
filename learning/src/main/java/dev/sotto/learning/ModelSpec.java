package dev.sotto.learning;

import dev.sotto.data.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * A model as data: a chain of layers and the loss it is trained with. Immutable. Building one infers and checks every
 * shape, so a spec that exists can be compiled by any {@link Engine}.
 *
 * @param name what people call it, such as {@code lenet}
 * @param input shape of one example's features
 * @param layers from input to output; the last one's output must be flat
 * @param loss what the output is scored by
 */
public record ModelSpec(String name, Shape input, List<LayerSpec> layers, Loss loss) {

    /**
     * Checks the chain.
     *
     * @throws ModelException naming the layer that does not fit, as in {@code model lenet, layer 3 (linear): ...}
     */
    public ModelSpec {
        layers = List.copyOf(layers);
        infer(name, input, layers);
    }

    /** Shapes along the chain: element 0 is the input, element i + 1 the output of layer i. */
    public List<Shape> shapes() {
        return infer(name, input, layers);
    }

    /** Shape of the model's output: flat, one score per class or one value per target. */
    public int outputs() {
        return shapes().get(layers.size()).size();
    }

    /** Where each parameter tensor lies in the flat parameter array. */
    public Layout layout() {
        return Layout.of(this);
    }

    private static List<Shape> infer(String name, Shape input, List<LayerSpec> layers) {
        if (layers.isEmpty()) {
            throw new ModelException("model " + name + ": it has no layers");
        }
        List<Shape> shapes = new ArrayList<>(List.of(input));
        for (int i = 0; i < layers.size(); i++) {
            try {
                shapes.add(layers.get(i).infer(shapes.get(i)));
            } catch (ModelException e) {
                throw new ModelException(
                        "model " + name + ", layer " + i + " (" + layers.get(i).kind() + "): " + e.getMessage());
            }
        }
        Shape output = shapes.get(layers.size());
        if (output.rank() != 1) {
            throw new ModelException(
                    "model " + name + ": its output " + output + " is not flat: end with flatten or a linear layer");
        }
        return List.copyOf(shapes);
    }
}
