package dev.sotto.federation.clientlevel;

/**
 * The sum of bounded vectors in 64-bit fixed point, each with weight one. Each value is cut toward zero, so that a clipped
 * vector never grows. One thread at a time.
 */
public final class BoundedSum {
    private final double clippingNorm;
    private final boolean bounds;
    private final double unitsPerOne;
    private final long[] sum;
    private int updates;

    BoundedSum(int width, double clippingNorm, boolean bounds, double unitsPerOne) {
        this.sum = new long[width];
        this.clippingNorm = clippingNorm;
        this.bounds = bounds;
        this.unitsPerOne = unitsPerOne;
    }

    /** An empty one of the same kind. */
    public BoundedSum fresh() {
        return new BoundedSum(sum.length, clippingNorm, bounds, unitsPerOne);
    }

    /** Values in a vector. */
    public int width() {
        return sum.length;
    }

    /** How many vectors are in. */
    public int updates() {
        return updates;
    }

    /** Takes a vector in; it is clipped in place where clients do not bound for themselves. */
    public void add(float[] vector) {
        if (bounds) {
            UpdateBound.clip(vector, clippingNorm);
        }
        for (int i = 0; i < sum.length; i++) {
            sum[i] += (long) (vector[i] * unitsPerOne);
        }
        updates++;
    }

    /** Takes in all that another one of the same kind holds. */
    public void merge(BoundedSum other) {
        for (int i = 0; i < sum.length; i++) {
            sum[i] += other.sum[i];
        }
        updates += other.updates;
    }

    long[] sum() {
        return sum;
    }

    double unitsPerOne() {
        return unitsPerOne;
    }
}
