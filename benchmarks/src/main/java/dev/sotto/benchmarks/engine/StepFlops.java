package dev.sotto.benchmarks.engine;

import dev.sotto.data.Shape;
import dev.sotto.learning.LayerSpec;
import dev.sotto.learning.ModelSpec;
import java.util.List;

/**
 * What a training step costs per example in floating-point operations, a multiply-add being two: the products of linear
 * and convolution layers only, padding included, as the field counts. These are those of the definition: an algorithm that
 * needs fewer, such as Winograd's, reaches a higher rate by it. Whatever else an engine does is overhead.
 *
 * @param forward outputs
 * @param weightGradients gradients of the parameters
 * @param inputGradients gradients that flow back to an earlier layer with parameters
 */
public record StepFlops(long forward, long weightGradients, long inputGradients) {

    /** The cost of one example of this model. */
    public static StepFlops of(ModelSpec spec) {
        List<Shape> shapes = spec.shapes();
        long forward = 0;
        long inputs = 0;
        boolean first = true;
        for (int i = 0; i < spec.layers().size(); i++) {
            long layer = 2 * products(spec.layers().get(i), shapes.get(i), shapes.get(i + 1));
            forward += layer;
            inputs += first ? 0 : layer;
            first &= spec.layers().get(i).parameters(shapes.get(i)).isEmpty();
        }
        return new StepFlops(forward, forward, inputs);
    }

    private static long products(LayerSpec layer, Shape from, Shape to) {
        if (layer instanceof LayerSpec.Linear) {
            return (long) from.size() * to.size();
        } else if (layer instanceof LayerSpec.Conv2d conv) {
            return (long) to.size() * from.dims().get(0) * conv.kernel() * conv.kernel();
        }
        return 0;
    }

    /** All of it. */
    public long total() {
        return forward + weightGradients + inputGradients;
    }
}
