package dev.sotto.privacy.accounting;

/**
 * Poisson sampling of a base pair: ((1-q) Q + q P, Q), whose loss is ln(1 - q + q e^L) (Zhu, Dong, Wang 2022, theorem 11).
 */
record SampledPair(LossPair base, double rate) implements LossPair {
    @Override
    public void masses(double loss, double[] into) {
        double scaled = (Math.expm1(loss) + rate) / rate;
        double inner = loss > 1
                ? loss + Math.log1p(-(1 - rate) * Math.exp(-loss)) - Math.log(rate)
                : Math.log(Math.max(scaled, 0));
        base.masses(inner, into);
        into[0] = rate * into[0] + (1 - rate) * into[1];
        into[2] = rate * into[2] + (1 - rate) * into[3];
    }

    @Override
    public double[] points(double tail) {
        double[] points = base.points(tail);
        for (int i = 0; i < points.length; i++) {
            points[i] = points[i] > 30
                    ? Math.log(rate) + points[i] + Math.log1p((1 - rate) / rate * Math.exp(-points[i]))
                    : Math.log1p(rate * Math.expm1(points[i]));
        }
        return points;
    }
}
