package dev.sotto.learning;

import dev.sotto.data.Examples;
import dev.sotto.data.Shape;
import dev.sotto.data.Target;
import dev.sotto.formats.config.Nearest;
import dev.sotto.learning.LayerSpec.AvgPool2d;
import dev.sotto.learning.LayerSpec.Conv2d;
import dev.sotto.learning.LayerSpec.Dropout;
import dev.sotto.learning.LayerSpec.Flatten;
import dev.sotto.learning.LayerSpec.GroupNorm;
import dev.sotto.learning.LayerSpec.Linear;
import dev.sotto.learning.LayerSpec.MaxPool2d;
import dev.sotto.learning.LayerSpec.Relu;
import dev.sotto.learning.LayerSpec.Tanh;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Models known by name. Each adapts to the shape of its data and to the number of outputs; the parameter counts in the
 * comments are for the shape it was made for.
 */
public final class Presets {
    private static final Map<String, IntFunction<List<LayerSpec>>> LAYERS = layers();

    private Presets() {}

    private static Map<String, IntFunction<List<LayerSpec>>> layers() {
        Map<String, IntFunction<List<LayerSpec>>> presets = new LinkedHashMap<>();
        presets.put("logistic", outputs -> List.of(new Linear(outputs)));
        // LeCun et al. (1998) as the field's tutorials write it: 62,006 parameters on 3x32x32.
        presets.put("lenet", outputs -> {
            List<LayerSpec> chain = new ArrayList<>(List.of(
                    new Conv2d(6, 5, 1, 0), new Relu(), new MaxPool2d(2, 2, 0), new Conv2d(16, 5, 1, 0), new Relu()));
            chain.add(new MaxPool2d(2, 2, 0));
            chain.addAll(List.of(new Flatten(), new Linear(120), new Relu(), new Linear(84), new Relu()));
            chain.add(new Linear(outputs));
            return chain;
        });
        // Group norm and tanh for DP-SGD: 62,050 parameters on 3x32x32.
        presets.put("lenet-groupnorm-tanh", outputs -> {
            List<LayerSpec> chain = new ArrayList<>(
                    List.of(new Conv2d(6, 5, 1, 0), new Tanh(), new AvgPool2d(2, 2, 0), new GroupNorm(2)));
            chain.addAll(List.of(new Conv2d(16, 5, 1, 0), new Tanh(), new AvgPool2d(2, 2, 0), new GroupNorm(4)));
            chain.addAll(List.of(new Flatten(), new Linear(120), new Tanh(), new Linear(84), new Tanh()));
            chain.add(new Linear(outputs));
            return chain;
        });
        // The DP-SGD example network of the field: 26,010 parameters on 1x28x28.
        presets.put("mnist-cnn", outputs -> mnistCnn(outputs, new Relu()));
        // The same with bounded activations, which lose less to clipping (Papernot et al., 2021).
        presets.put("mnist-cnn-tanh", outputs -> mnistCnn(outputs, new Tanh()));
        // 52,650 parameters on 784 features.
        presets.put(
                "mlp-784-64-32-10",
                outputs -> List.of(
                        new Flatten(),
                        new Linear(64),
                        new Relu(),
                        new Dropout(0.5),
                        new Linear(32),
                        new Relu(),
                        new Linear(outputs)));
        // 101,770 parameters on 784 features.
        presets.put(
                "mlp-784-128-10", outputs -> List.of(new Flatten(), new Linear(128), new Relu(), new Linear(outputs)));
        // 1,626,442 parameters on 3x32x32.
        presets.put(
                "pfl-cnn",
                outputs -> List.of(
                        new Conv2d(32, 3, 1, 0),
                        new Relu(),
                        new Conv2d(64, 3, 1, 0),
                        new Relu(),
                        new MaxPool2d(2, 2, 0),
                        new Flatten(),
                        new Linear(128),
                        new Relu(),
                        new Linear(outputs)));
        return presets;
    }

    private static List<LayerSpec> mnistCnn(int outputs, LayerSpec activation) {
        List<LayerSpec> chain = new ArrayList<>(List.of(new Conv2d(16, 8, 2, 3), activation, new MaxPool2d(2, 1, 0)));
        chain.addAll(List.of(new Conv2d(32, 4, 2, 0), activation, new MaxPool2d(2, 1, 0)));
        chain.addAll(List.of(new Flatten(), new Linear(32), activation, new Linear(outputs)));
        return chain;
    }

    /** The names, in the order of documentation. */
    public static List<String> names() {
        return List.copyOf(LAYERS.keySet());
    }

    /** The preset of that name for these examples: their shape, and an output with its loss for each class or value. */
    public static ModelSpec fitting(String name, Examples examples) {
        return examples.target() instanceof Target.Classes classes
                ? named(name, examples.shape(), classes.count(), Loss.CROSS_ENTROPY)
                : named(name, examples.shape(), ((Target.Values) examples.target()).size(), Loss.MEAN_SQUARED_ERROR);
    }

    /**
     * The preset of that name for data of the given shape. A flatten layer is put first where the data is not flat but the
     * preset is.
     *
     * @throws ModelException if there is no such preset, or the data does not fit it
     */
    public static ModelSpec named(String name, Shape input, int outputs, Loss loss) {
        IntFunction<List<LayerSpec>> preset = LAYERS.get(name);
        if (preset == null) {
            throw new ModelException("model: unknown preset '" + name + "'; "
                    + Nearest.to(name, names())
                            .map(near -> "did you mean '" + near + "'?")
                            .orElse("valid: " + String.join(", ", names())));
        }
        List<LayerSpec> chain = new ArrayList<>(preset.apply(outputs));
        if (chain.get(0) instanceof Linear && input.rank() > 1) {
            chain.add(0, new Flatten());
        }
        return new ModelSpec(name, input, chain, loss);
    }
}
