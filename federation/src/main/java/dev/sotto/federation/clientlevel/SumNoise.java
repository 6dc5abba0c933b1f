package dev.sotto.federation.clientlevel;

import dev.sotto.privacy.correlated.CorrelatedNoise;
import dev.sotto.privacy.random.DiscreteGaussianNoise;
import dev.sotto.privacy.random.RandomStream;
import java.util.Arrays;

/** What the coordinator adds to a sum of whole units. */
sealed interface SumNoise {
    /**
     * Adds a round's noise.
     *
     * @param unitsPerOne units in a value of 1
     * @param stream this round's own
     */
    void addTo(long[] sum, double unitsPerOne, RandomStream stream);

    /** Nothing: clients did, or nobody is protected. */
    record None() implements SumNoise {
        @Override
        public void addTo(long[] sum, double unitsPerOne, RandomStream stream) {}
    }

    /** Independent normal numbers, rounded to whole units: the sum's low bits never meet those of a float. */
    record Normal(double standardDeviation) implements SumNoise {
        private static final int BLOCK = 2048;

        @Override
        public void addTo(long[] sum, double unitsPerOne, RandomStream stream) {
            float[] block = new float[BLOCK];
            float std = (float) (standardDeviation * unitsPerOne);
            for (int from = 0; from < sum.length; from += BLOCK) {
                int count = Math.min(BLOCK, sum.length - from);
                Arrays.fill(block, 0, count, 0);
                stream.addGaussian(block, 0, count, std);
                for (int i = 0; i < count; i++) {
                    sum[from + i] += (long) Math.rint(block[i]);
                }
            }
        }
    }

    /** Independent whole numbers, exactly discrete Gaussian with a sigma of 2^bits units. */
    record Discrete(int bits) implements SumNoise {
        @Override
        public void addTo(long[] sum, double unitsPerOne, RandomStream stream) {
            new DiscreteGaussianNoise(bits, stream).addTo(sum, 0, sum.length);
        }
    }

    /** Normal numbers that take back part of those of earlier rounds. */
    record Correlated(CorrelatedNoise noise) implements SumNoise {
        @Override
        public void addTo(long[] sum, double unitsPerOne, RandomStream stream) {
            float[] drawn = new float[sum.length];
            noise.addTo(drawn, stream);
            for (int i = 0; i < sum.length; i++) {
                sum[i] += Math.round(drawn[i] * unitsPerOne);
            }
        }
    }
}
