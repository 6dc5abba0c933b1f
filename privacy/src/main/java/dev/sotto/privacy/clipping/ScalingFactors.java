package dev.sotto.privacy.clipping;

/** min(1, C / norm), with a norm per group. Rounds down, so that the product never exceeds C by rounding. */
final class ScalingFactors implements ClipFactors {
    private final boolean perLayer;
    private final double[] norms;

    ScalingFactors(boolean perLayer, double... norms) {
        this.perLayer = perLayer;
        this.norms = norms;
    }

    @Override
    public boolean perLayer() {
        return perLayer;
    }

    @Override
    public float factor(double squaredNorm, int group) {
        if (!(squaredNorm < Double.POSITIVE_INFINITY)) {
            return 0;
        }
        double bound = norms[perLayer ? group : 0];
        if (squaredNorm <= bound * bound) {
            return 1;
        }
        return Math.max(0, Math.nextDown((float) (bound / Math.sqrt(squaredNorm))));
    }
}
