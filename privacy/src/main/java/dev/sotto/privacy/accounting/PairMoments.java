package dev.sotto.privacy.accounting;

/** Renyi divergences of a dominating pair, the larger of both directions, from atoms that dominate it. */
final class PairMoments {
    private static final int REFINEMENT = 16;

    /** Mass of infinite losses below this is the tail of a distribution, beyond what a double can hold of it. */
    private static final double LEAST = 1e-290;

    private PairMoments() {}

    /**
     * The divergence at each order; never below the truth, and exact for discrete pairs.
     */
    static double[] divergences(LossPair pair, double[] orders) {
        double[] result = new double[orders.length];
        for (LossPair direction : new LossPair[] {pair, pair.flipped()}) {
            LossPair fine = pair instanceof AtomicPair ? direction : new RefinedPair(direction, REFINEMENT);
            LossAtoms atoms = LossAtoms.roughly(fine, Double.MIN_NORMAL);
            CumulantFunction cumulants = new CumulantFunction(new LossAtoms[] {atoms}, new long[] {1});
            for (int i = 0; i < orders.length; i++) {
                double own = atoms.infinite > LEAST
                        ? Double.POSITIVE_INFINITY
                        : cumulants.value(orders[i] - 1) / (orders[i] - 1);
                result[i] = Math.max(result[i], own);
            }
        }
        return result;
    }
}
