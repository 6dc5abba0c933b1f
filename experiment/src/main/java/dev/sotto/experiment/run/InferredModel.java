package dev.sotto.experiment.run;

import dev.sotto.learning.LayerSpec;
import dev.sotto.learning.LayerSpec.AvgPool2d;
import dev.sotto.learning.LayerSpec.Conv2d;
import dev.sotto.learning.LayerSpec.Linear;
import dev.sotto.learning.LayerSpec.MaxPool2d;
import dev.sotto.learning.ModelSpec;
import java.util.List;
import java.util.Optional;

/**
 * A model worked out from the names and shapes of its weights.
 *
 * @param model that the weights fit
 * @param preset its name, if it is one
 * @param assumed what weights cannot tell, in words: somebody who knows the model must say that it is so
 */
public record InferredModel(ModelSpec model, Optional<String> preset, String assumed) {
    static InferredModel preset(ModelSpec model) {
        return new InferredModel(
                model, Optional.of(model.name()), "activations, pooling and dropout are those of the preset");
    }

    static InferredModel chain(ModelSpec model) {
        boolean images = model.layers().stream().anyMatch(Conv2d.class::isInstance);
        return new InferredModel(
                model,
                Optional.empty(),
                images
                        ? "relu between layers, max pooling of 2x2, stride 1 and the padding are assumed"
                        : "relu between layers is assumed");
    }

    /** The whole of it in one line: input, layers, parameters. */
    public String words() {
        List<String> layers = model.layers().stream().map(InferredModel::words).toList();
        return (preset.isPresent() ? "preset " + preset.get() + ": " : "") + model.input() + " -> "
                + String.join(" -> ", layers) + ", " + model.layout().size() + " parameters";
    }

    private static String words(LayerSpec layer) {
        if (layer instanceof Linear linear) {
            return "linear " + linear.outputs();
        }
        if (layer instanceof Conv2d conv) {
            return "conv2d " + conv.channels() + window(conv.kernel(), conv.stride(), 1, conv.padding());
        }
        if (layer instanceof MaxPool2d pool) {
            return "max-pool2d" + window(pool.kernel(), pool.stride(), pool.kernel(), pool.padding());
        }
        if (layer instanceof AvgPool2d pool) {
            return "avg-pool2d" + window(pool.kernel(), pool.stride(), pool.kernel(), pool.padding());
        }
        return layer.kind();
    }

    private static String window(int kernel, int stride, int usualStride, int padding) {
        return " " + kernel + "x" + kernel + (stride == usualStride ? "" : " stride " + stride)
                + (padding == 0 ? "" : " padding " + padding);
    }
}
