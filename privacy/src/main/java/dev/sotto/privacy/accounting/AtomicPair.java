package dev.sotto.privacy.accounting;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/** Two discrete distributions over the same outcomes. */
final class AtomicPair implements LossPair {
    private final double[] p;
    private final double[] q;
    private final double[] lossOf;
    private final double[] losses;
    private final double[] above;
    private final double[] aboveQ;
    private final double[] below;
    private final double[] belowQ;

    /** P and Q by outcome; outcomes that neither has are left out. */
    AtomicPair(double[] p, double[] q) {
        this(
                p,
                q,
                IntStream.range(0, p.length)
                        .mapToDouble(i -> Math.log(p[i]) - Math.log(q[i]))
                        .toArray());
    }

    /** The same with the losses, for where a double does not hold the smaller of two probabilities. */
    AtomicPair(double[] p, double[] q, double[] lossOf) {
        this.p = p;
        this.q = q;
        this.lossOf = lossOf;
        int[] order = IntStream.range(0, p.length)
                .filter(i -> p[i] > 0 || q[i] > 0)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> lossOf[i]))
                .mapToInt(i -> i)
                .toArray();
        int n = order.length;
        losses = new double[n];
        above = new double[n + 1];
        aboveQ = new double[n + 1];
        below = new double[n + 1];
        belowQ = new double[n + 1];
        for (int i = 0; i < n; i++) {
            losses[i] = lossOf[order[i]];
            below[i + 1] = below[i] + p[order[i]];
            belowQ[i + 1] = belowQ[i] + q[order[i]];
        }
        for (int i = n - 1; i >= 0; i--) {
            above[i] = above[i + 1] + p[order[i]];
            aboveQ[i] = aboveQ[i + 1] + q[order[i]];
        }
    }

    /** The worst pair of anything that is (epsilon, delta)-private. */
    static AtomicPair pure(double epsilon, double delta) {
        double high = (1 - delta) / (1 + Math.exp(-epsilon));
        double low = (1 - delta) / (1 + Math.exp(epsilon));
        double infinite = Double.POSITIVE_INFINITY;
        return new AtomicPair(new double[] {delta, high, low, 0}, new double[] {0, low, high, delta}, new double[] {
            infinite, epsilon, -epsilon, -infinite
        });
    }

    @Override
    public void masses(double loss, double[] into) {
        int low = 0;
        int high = losses.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (losses[middle] <= loss) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        into[0] = above[low];
        into[1] = aboveQ[low];
        into[2] = below[low];
        into[3] = belowQ[low];
    }

    @Override
    public double[] points(double tail) {
        double[] finite =
                Arrays.stream(losses).filter(Double::isFinite).distinct().toArray();
        return finite.length == 0 ? new double[] {0} : finite;
    }

    /** The points of a grid on both sides of each atom: no others get any mass. */
    double[] around(double step) {
        return Arrays.stream(points(0))
                .mapToLong(loss -> (long) Math.floor(loss / step + 1e-9))
                .flatMap(below -> LongStream.of(below, below + 1))
                .distinct()
                .sorted()
                .mapToDouble(i -> i * step)
                .toArray();
    }

    @Override
    public LossPair flipped() {
        return new AtomicPair(q, p, Arrays.stream(lossOf).map(loss -> -loss).toArray());
    }
}
