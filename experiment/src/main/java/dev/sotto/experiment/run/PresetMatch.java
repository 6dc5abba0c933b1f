package dev.sotto.experiment.run;

import dev.sotto.data.Shape;
import dev.sotto.formats.Tensor;
import dev.sotto.learning.Layout;
import dev.sotto.learning.Loss;
import dev.sotto.learning.ModelException;
import dev.sotto.learning.ModelSpec;
import dev.sotto.learning.Presets;
import java.util.ArrayList;
import java.util.List;

/** Finds the presets that have parameters of given shapes. */
final class PresetMatch {
    /** Sides of the images that presets are made for. */
    private static final List<Integer> SIDES = List.of(28, 32);

    private PresetMatch() {}

    static List<ModelSpec> of(List<Tensor> tensors) {
        List<ModelSpec> matches = new ArrayList<>();
        if (tensors.isEmpty() || tensors.get(tensors.size() - 1).data().length == 0) {
            return matches;
        }
        // The last parameter of every preset is the bias of its output.
        int outputs = tensors.get(tensors.size() - 1).data().length;
        List<Shape> inputs = inputs(tensors.get(0).shape());
        for (String name : Presets.names()) {
            for (Shape input : inputs) {
                if (matches(name, input, outputs, tensors, matches)) {
                    break;
                }
            }
        }
        return matches;
    }

    /** The preset of that name for the likeliest input, whether its shapes match or not. */
    static ModelSpec named(String name, List<Tensor> tensors) {
        List<Shape> inputs = new ArrayList<>(
                tensors.isEmpty() ? List.of() : inputs(tensors.get(0).shape()));
        inputs.addAll(List.of(Shape.of(1, SIDES.get(0), SIDES.get(0)), Shape.of(3, SIDES.get(1), SIDES.get(1))));
        int outputs = tensors.isEmpty()
                ? 1
                : Math.max(1, tensors.get(tensors.size() - 1).data().length);
        ModelException last = null;
        for (Shape input : inputs) {
            try {
                return Presets.named(name, input, outputs, Loss.CROSS_ENTROPY);
            } catch (ModelException e) {
                last = e;
            }
        }
        throw last;
    }

    private static boolean matches(
            String name, Shape input, int outputs, List<Tensor> tensors, List<ModelSpec> matches) {
        try {
            ModelSpec spec = Presets.named(name, input, outputs, Loss.CROSS_ENTROPY);
            List<List<Integer>> wanted = spec.layout().tensors().stream()
                    .map(Layout.Tensor::shape)
                    .map(Shape::dims)
                    .toList();
            boolean same = wanted.equals(tensors.stream().map(Tensor::shape).toList());
            if (same) {
                matches.add(spec);
            }
            return same;
        } catch (ModelException e) {
            // A preset that such input does not fit is none of them.
            return false;
        }
    }

    /** What could go into a first layer with weights of that shape: images first, as they are what nets are made for. */
    static List<Shape> inputs(List<Integer> weights) {
        List<Shape> inputs = new ArrayList<>();
        if (weights.size() == 4 && weights.get(1) > 0) {
            SIDES.forEach(side -> inputs.add(Shape.of(weights.get(1), side, side)));
        } else if (weights.size() == 2 && weights.get(1) > 0) {
            int features = weights.get(1);
            for (int side : SIDES) {
                int channels = features / (side * side);
                if (channels > 0 && channels * side * side == features) {
                    inputs.add(Shape.of(channels, side, side));
                }
            }
            inputs.add(Shape.of(features));
        }
        return inputs;
    }
}
