package dev.sotto.federation.clientlevel;

/**
 * The sum of bounded vectors in 64-bit fixed point. Each value is cut toward zero, so that a clipped vector never grows, and
 * nothing can wrap. One thread at a time.
 */
public final class BoundedSum {
    private final SumScale scale;
    private final boolean atClients;
    private final long[] sum;
    private int updates;

    BoundedSum(SumScale scale, boolean atClients) {
        this.scale = scale;
        this.atClients = atClients;
        this.sum = new long[scale.width()];
    }

    /** An empty one of the same kind. */
    public BoundedSum fresh() {
        return new BoundedSum(scale, atClients);
    }

    /** Values in a vector that is added: where clients bound for themselves, theirs hold the count as well. */
    public int width() {
        return atClients ? scale.width() : scale.bound().width();
    }

    /** How many vectors are in. */
    public int updates() {
        return updates;
    }

    /**
     * Takes a vector in, clipped and weighed where clients do not do so for themselves.
     *
     * @param examples of its client; looked at only where updates weigh them
     */
    public void add(float[] vector, int examples) {
        if (atClients) {
            scale.addReleased(vector, sum);
        } else {
            scale.addBounded(vector, examples, sum);
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

    /** The values, in units; the count last, if there is one. */
    long[] sum() {
        return sum;
    }

    SumScale scale() {
        return scale;
    }
}
