package dev.sotto.privacy.accounting;

/** P and Q exchanged: every loss changes its sign. */
record FlippedPair(LossPair pair) implements LossPair {
    @Override
    public void masses(double loss, double[] into) {
        pair.masses(-loss, into);
        double above = into[3];
        double aboveQ = into[2];
        into[2] = into[1];
        into[3] = into[0];
        into[0] = above;
        into[1] = aboveQ;
    }

    @Override
    public double[] points(double tail) {
        double[] points = pair.points(tail);
        double[] mirrored = new double[points.length];
        for (int i = 0; i < points.length; i++) {
            mirrored[i] = -points[points.length - 1 - i];
        }
        return mirrored;
    }

    @Override
    public LossPair flipped() {
        return pair;
    }
}
