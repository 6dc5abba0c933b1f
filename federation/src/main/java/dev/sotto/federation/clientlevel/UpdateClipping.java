package dev.sotto.federation.clientlevel;

import dev.sotto.privacy.ClippingNorm;
import dev.sotto.privacy.Require;
import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;

/** How updates are bounded over a run. */
public sealed interface UpdateClipping {
    /** The L2 norm that bounds an update in the first round. */
    double initialNorm();

    /** What files and reports call it. */
    String label();

    /** The same norm in every round, over the update as one vector. */
    record Fixed(ClippingNorm norm) implements UpdateClipping {
        @Override
        public double initialNorm() {
            return norm.value();
        }

        @Override
        public String label() {
            return "fixed";
        }
    }

    /**
     * A norm that follows a quantile of the updates' norms (Andrew, Thakkar, McMahan, Ramaswamy, "Differentially Private
     * Learning with Adaptive Clipping", 2021, algorithm 1). How many updates lay within the norm is released with noise,
     * together with the sum, as one Gaussian event.
     *
     * @param initial the norm of the first round, C_0
     * @param targetQuantile gamma, the share of updates that should lie within the norm
     * @param learningRate eta of C_(t+1) = C_t exp(-eta (share - gamma))
     * @param countStddev standard deviation of the noise on the count; empty for a twentieth of the expected clients
     */
    record Adaptive(ClippingNorm initial, double targetQuantile, double learningRate, OptionalDouble countStddev)
            implements UpdateClipping {
        /** C_0 of the paper. */
        public static final double INITIAL_NORM = 0.1;

        /** gamma of the paper: the median. */
        public static final double TARGET_QUANTILE = 0.5;

        /** eta of the paper. */
        public static final double LEARNING_RATE = 0.2;

        private static final double CLIENTS_PER_COUNT_STDDEV = 20;

        /** Checks the ranges. */
        public Adaptive {
            Require.probability("target quantile of adaptive clipping", targetQuantile);
            Require.nonNegative("learning rate of adaptive clipping", learningRate);
            countStddev.ifPresent(stddev -> Require.positive("count noise of adaptive clipping", stddev));
        }

        /** The paper's values, beginning with that norm. */
        public static Adaptive from(double initial) {
            return new Adaptive(new ClippingNorm(initial), TARGET_QUANTILE, LEARNING_RATE, OptionalDouble.empty());
        }

        /** Standard deviation of the noise on the count of clients within the norm. */
        public double countStddev(double expectedClients) {
            return countStddev.orElse(expectedClients / CLIENTS_PER_COUNT_STDDEV);
        }

        /** The norm of the next round, from the noised share of updates that lay within this one. */
        double next(double norm, double noisedShare) {
            double next = norm * Math.exp(-learningRate * (noisedShare - targetQuantile));
            return Math.min(Math.max(next, UpdateBound.SMALLEST_NORM), UpdateBound.LARGEST_NORM);
        }

        @Override
        public double initialNorm() {
            return initial.value();
        }

        @Override
        public String label() {
            return "adaptive";
        }
    }

    /**
     * Each layer's part of the update is clipped to a norm of its own; one client moves the sum by at most the root of the
     * sum of the squared norms (McMahan, Ramage, Talwar, Zhang, "Learning Differentially Private Recurrent Language Models",
     * 2018, section 3).
     *
     * @param norms one for each layer that has parameters, in their order
     */
    record PerLayer(List<ClippingNorm> norms) implements UpdateClipping {
        /** At least one norm. */
        public PerLayer {
            norms = List.copyOf(norms);
            if (norms.isEmpty()) {
                throw new IllegalArgumentException("per-layer clipping has no norms; it must have one for each layer");
            }
        }

        /** One norm for the whole, split evenly: C / sqrt(layers) each. */
        public static PerLayer evenly(ClippingNorm whole, int layers) {
            return new PerLayer(
                    Collections.nCopies(layers, new ClippingNorm(whole.value() / Math.sqrt((double) layers))));
        }

        @Override
        public double initialNorm() {
            return Math.sqrt(norms.stream()
                    .mapToDouble(norm -> norm.value() * norm.value())
                    .sum());
        }

        @Override
        public String label() {
            return "per-layer";
        }
    }
}
