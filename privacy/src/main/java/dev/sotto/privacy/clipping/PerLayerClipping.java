package dev.sotto.privacy.clipping;

import dev.sotto.privacy.ClippingNorm;
import java.util.Collections;
import java.util.List;

/**
 * Each layer's part of the gradient is clipped to a norm of its own. The whole moves the sum by at most the root of the
 * sum of the squared norms (McMahan et al. 2018, section 3).
 */
public record PerLayerClipping(List<ClippingNorm> norms) implements ClippingRule {
    /** At least one norm, in the order of the layers that have parameters. */
    public PerLayerClipping {
        norms = List.copyOf(norms);
        if (norms.isEmpty()) {
            throw new IllegalArgumentException("per-layer clipping has no norms; it must have one for each layer");
        }
    }

    /** One norm for the whole, split evenly: each of {@code layers} layers gets C / sqrt(layers). */
    public static PerLayerClipping evenly(ClippingNorm whole, int layers) {
        if (layers < 1) {
            throw new IllegalArgumentException(
                    "per-layer clipping over " + layers + " layers; it must have at least 1");
        }
        return new PerLayerClipping(Collections.nCopies(layers, new ClippingNorm(whole.value() / Math.sqrt(layers))));
    }

    @Override
    public double norm() {
        return Math.sqrt(norms.stream().mapToDouble(c -> c.value() * c.value()).sum());
    }

    @Override
    public PerLayerClipping scaledBy(double factor) {
        return new PerLayerClipping(
                norms.stream().map(c -> new ClippingNorm(c.value() * factor)).toList());
    }

    @Override
    public ClipFactors factors() {
        return new ScalingFactors(
                true, norms.stream().mapToDouble(ClippingNorm::value).toArray());
    }

    @Override
    public String label() {
        return "per-layer";
    }
}
