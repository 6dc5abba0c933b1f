package dev.sotto.learning.jvm;

import dev.sotto.privacy.clipping.ClipFactors;
import java.util.Arrays;

/** Turns per-lane gradients into a sum: reads off the norms, asks for the factors, adds what they leave. */
final class LaneClipping {
    private final ParameterGradients[] layers;
    private final double[][] squaredNorms;
    private final double[] totals;
    private final float[] factors;

    LaneClipping(ParameterGradients[] layers, int lanes) {
        this.layers = layers;
        squaredNorms = new double[layers.length][lanes];
        totals = new double[lanes];
        factors = new float[lanes];
    }

    /** Adds the gradients of the first {@code examples} lanes as they are. */
    void addUnclipped(int examples, float[] sum) {
        Arrays.fill(factors, 0, examples, 1f);
        Arrays.fill(factors, examples, factors.length, 0f);
        for (ParameterGradients layer : layers) {
            layer.addGradients(factors, examples, sum);
        }
    }

    /**
     * Adds the clipped gradients of the first {@code examples} lanes and reports their norms.
     *
     * @param all if not, some may be left to {@link #complete}
     */
    void addClipped(int examples, ClipFactors clip, float[] sum, float[] norms, int firstNorm, boolean all) {
        Arrays.fill(totals, 0);
        for (int i = 0; i < layers.length; i++) {
            Arrays.fill(squaredNorms[i], 0);
            layers[i].addSquaredNorms(squaredNorms[i]);
            for (int lane = 0; lane < examples; lane++) {
                totals[lane] += squaredNorms[i][lane];
            }
        }
        for (int lane = 0; lane < examples; lane++) {
            norms[firstNorm + lane] = (float) Math.sqrt(totals[lane]);
        }
        Arrays.fill(factors, 0);
        if (!clip.perLayer()) {
            for (int lane = 0; lane < examples; lane++) {
                factors[lane] = factor(clip, totals[lane], totals[lane], 0);
            }
        }
        for (int i = 0; i < layers.length; i++) {
            for (int lane = 0; clip.perLayer() && lane < examples; lane++) {
                factors[lane] = factor(clip, squaredNorms[i][lane], totals[lane], i);
            }
            if (all) {
                layers[i].addGradients(factors, examples, sum);
            } else {
                layers[i].beginGradients(factors, examples, sum);
            }
        }
    }

    /** Adds what was left to {@code sum[0 .. to)}. */
    void complete(float[] sum, int to) {
        for (ParameterGradients layer : layers) {
            layer.completeGradients(sum, to);
        }
    }

    /** One layer that is not finite takes the whole example out. */
    private static float factor(ClipFactors clip, double squaredNorm, double total, int group) {
        boolean finite = Double.isFinite(total) && Float.isFinite((float) Math.sqrt(total));
        float factor = clip.factor(finite ? squaredNorm : Double.NaN, group);
        return finite ? factor : 0;
    }
}
