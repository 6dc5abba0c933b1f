package dev.sotto.privacy;

import dev.sotto.privacy.clipping.ClipFactors;
import java.util.concurrent.atomic.LongAdder;

/** Counts, on the way, how many gradients lay within the norm: the factor of those is 1. */
final class WithinNormCount implements ClipFactors {
    private final ClipFactors factors;
    private final LongAdder twiceExcess = new LongAdder();

    WithinNormCount(ClipFactors factors) {
        this.factors = factors;
    }

    @Override
    public boolean perLayer() {
        return false;
    }

    @Override
    public float factor(double squaredNorm, int group) {
        float factor = factors.factor(squaredNorm, group);
        twiceExcess.add(factor == 1 ? 1 : -1);
        return factor;
    }

    /** Sum over the examples of (1 if within the norm, else 0) - 1/2: one example moves it by 1/2. */
    double excess() {
        return twiceExcess.sum() / 2.0;
    }
}
