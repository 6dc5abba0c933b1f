package dev.sotto.privacy.clipping;

import dev.sotto.privacy.ClippingNorm;

/** g min(1, C / |g|) over all parameters as one vector (Abadi et al. 2016, algorithm 1). */
public record FlatClipping(ClippingNorm clippingNorm) implements ClippingRule {
    /** Flat clipping to {@code norm}. */
    public static FlatClipping of(double norm) {
        return new FlatClipping(new ClippingNorm(norm));
    }

    @Override
    public double norm() {
        return clippingNorm.value();
    }

    @Override
    public FlatClipping scaledBy(double factor) {
        return of(norm() * factor);
    }

    @Override
    public ClipFactors factors() {
        return new ScalingFactors(false, norm());
    }

    @Override
    public String label() {
        return "flat";
    }
}
