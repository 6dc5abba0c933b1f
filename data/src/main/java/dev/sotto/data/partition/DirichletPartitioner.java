package dev.sotto.data.partition;

import dev.sotto.data.DataException;
import dev.sotto.data.Examples;
import dev.sotto.data.Partition;
import dev.sotto.data.Partitioner;
import dev.sotto.data.SeededRandom;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Label skew: the examples of each class are divided among the clients in proportions drawn from a symmetric Dirichlet
 * distribution (Hsu, Qi, Brown 2019; per class as in Yurochkin et al. 2019). Small alpha gives each class to few
 * clients, large alpha tends to an even split. A client that would be left with nothing gets one example of the client
 * that has most.
 *
 * @param alpha concentration, finite and above 0
 */
public record DirichletPartitioner(double alpha) implements Partitioner {
    public DirichletPartitioner {
        if (!Double.isFinite(alpha) || alpha <= 0) {
            throw new DataException("partition dirichlet: alpha is " + alpha + "; it must be a number above 0");
        }
    }

    @Override
    public Partition split(Examples examples, int clients, long seed) {
        Deal.check(examples, clients);
        SeededRandom random = SeededRandom.stream(seed, "partition/dirichlet", 0);
        int[][] byClass = ClassIndex.of(examples, "dirichlet", random);
        IntStream.Builder[] dealt = new IntStream.Builder[clients];
        Arrays.setAll(dealt, c -> IntStream.builder());
        for (int[] members : byClass) {
            double[] share = proportions(clients, random);
            double reached = 0;
            int from = 0;
            for (int c = 0; c < clients; c++) {
                reached += share[c];
                int to = c == clients - 1 ? members.length : (int) Math.round(Math.min(1, reached) * members.length);
                for (int i = from; i < to; i++) {
                    dealt[c].add(members[i]);
                }
                from = to;
            }
        }
        int[][] indices = new int[clients][];
        Arrays.setAll(indices, c -> dealt[c].build().toArray());
        feedEmpty(indices);
        return new Partition(Arrays.asList(indices));
    }

    private double[] proportions(int clients, SeededRandom random) {
        double[] log = new double[clients];
        double max = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < clients; c++) {
            // Gamma(a) = Gamma(a + 1) U^(1/a), in logarithms since U^(1/a) underflows for small a.
            log[c] = StrictMath.log(gamma(alpha + 1, random)) + StrictMath.log(1 - random.nextDouble()) / alpha;
            max = Math.max(max, log[c]);
        }
        double sum = 0;
        for (int c = 0; c < clients; c++) {
            log[c] = StrictMath.exp(log[c] - max);
            sum += log[c];
        }
        for (int c = 0; c < clients; c++) {
            log[c] /= sum;
        }
        return log;
    }

    /** Marsaglia and Tsang 2000, for shape of at least 1. */
    private static double gamma(double shape, SeededRandom random) {
        double d = shape - 1.0 / 3;
        double c = 1 / StrictMath.sqrt(9 * d);
        while (true) {
            double x = random.nextGaussian();
            double t = 1 + c * x;
            if (t > 0) {
                double v = t * t * t;
                if (StrictMath.log(1 - random.nextDouble()) < 0.5 * x * x + d - d * v + d * StrictMath.log(v)) {
                    return d * v;
                }
            }
        }
    }

    private static void feedEmpty(int[][] indices) {
        for (int c = 0; c < indices.length; c++) {
            if (indices[c].length == 0) {
                int largest = 0;
                for (int k = 1; k < indices.length; k++) {
                    largest = indices[k].length > indices[largest].length ? k : largest;
                }
                int[] giver = indices[largest];
                indices[c] = new int[] {giver[giver.length - 1]};
                indices[largest] = Arrays.copyOf(giver, giver.length - 1);
            }
        }
    }
}
