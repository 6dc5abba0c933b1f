package dev.sotto.learning;

import dev.sotto.data.Shape;
import java.util.ArrayList;
import java.util.List;

/**
 * Where each parameter tensor lies in a model's flat {@code float[]}: contiguous, in layer order, row-major. Clipping,
 * noise, aggregation, optimizers and files use only this. Immutable.
 *
 * @param tensors in order of their offsets
 */
public record Layout(List<Tensor> tensors) {

    /**
     * One parameter tensor.
     *
     * @param name layer position and parameter, as a PyTorch Sequential names it: {@code 0.weight}
     * @param shape its dimensions
     * @param offset index of its first value in the flat array
     * @param layer position of its layer in the model
     * @param group number of its layer among the layers that have parameters: the unit of per-layer clipping
     */
    public record Tensor(String name, Shape shape, int offset, int layer, int group) {
        /** Index after its last value. */
        public int end() {
            return offset + shape.size();
        }
    }

    public Layout {
        tensors = List.copyOf(tensors);
    }

    static Layout of(ModelSpec spec) {
        List<Tensor> tensors = new ArrayList<>();
        List<Shape> shapes = spec.shapes();
        long offset = 0;
        int group = 0;
        for (int i = 0; i < spec.layers().size(); i++) {
            List<LayerSpec.Parameter> parameters = spec.layers().get(i).parameters(shapes.get(i));
            for (LayerSpec.Parameter parameter : parameters) {
                tensors.add(new Tensor(i + "." + parameter.name(), parameter.shape(), (int) offset, i, group));
                offset += parameter.shape().size();
                if (offset > Integer.MAX_VALUE - 64) {
                    throw new ModelException("model " + spec.name() + ": more than 2^31 parameters");
                }
            }
            group += parameters.isEmpty() ? 0 : 1;
        }
        if (offset == 0) {
            throw new ModelException("model " + spec.name() + ": no layer has parameters, so nothing can be trained");
        }
        return new Layout(tensors);
    }

    /** How many parameters there are. */
    public int size() {
        return tensors.get(tensors.size() - 1).end();
    }

    /** How many layers have parameters: groups are numbered below this. */
    public int groups() {
        return tensors.get(tensors.size() - 1).group() + 1;
    }
}
