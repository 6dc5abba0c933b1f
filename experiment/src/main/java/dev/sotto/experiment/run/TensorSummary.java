package dev.sotto.experiment.run;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.formats.Tensor;
import java.util.List;
import java.util.OptionalDouble;

/**
 * One array of a model file in numbers; the statistics are over its finite values and empty if it has none.
 *
 * @param name as the file calls it
 * @param shape outermost dimension first; empty for a scalar
 * @param parameters how many values
 * @param mean of the values
 * @param std population standard deviation
 * @param nonFinite how many are NaN or infinite
 */
public record TensorSummary(
        String name,
        List<Integer> shape,
        int parameters,
        OptionalDouble min,
        OptionalDouble max,
        OptionalDouble mean,
        OptionalDouble std,
        int nonFinite) {

    static TensorSummary of(Tensor tensor) {
        double min = Double.POSITIVE_INFINITY;
        double max = Double.NEGATIVE_INFINITY;
        double mean = 0;
        double squares = 0;
        int finite = 0;
        // Welford's recurrence: no cancellation between the square of the mean and the mean of the squares.
        for (float value : tensor.data()) {
            if (Float.isFinite(value)) {
                finite++;
                double above = value - mean;
                mean += above / finite;
                squares += above * (value - mean);
                min = Math.min(min, value);
                max = Math.max(max, value);
            }
        }
        boolean any = finite > 0;
        return new TensorSummary(
                tensor.name(),
                tensor.shape(),
                tensor.data().length,
                Json.finite(min),
                Json.finite(max),
                any ? OptionalDouble.of(mean) : OptionalDouble.empty(),
                any ? OptionalDouble.of(Math.sqrt(squares / finite)) : OptionalDouble.empty(),
                tensor.data().length - finite);
    }

    /** As people say it: 6x3x5x5, or scalar. */
    String shapeText() {
        return shape.isEmpty()
                ? "scalar"
                : String.join("x", shape.stream().map(String::valueOf).toList());
    }

    ObjectNode json() {
        ObjectNode node = Json.object().put("name", name);
        ArrayNode dims = node.putArray("shape");
        shape.forEach(dims::add);
        node.put("parameters", parameters);
        Json.put(node, "min", min);
        Json.put(node, "max", max);
        Json.put(node, "mean", mean);
        Json.put(node, "std", std);
        return node.put("nonFinite", nonFinite);
    }
}
