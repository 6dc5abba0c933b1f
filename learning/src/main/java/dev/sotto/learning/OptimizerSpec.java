package dev.sotto.learning;

import dev.sotto.privacy.Require;

/**
 * How a gradient moves the parameters, as data. All of these are post-processing: under privacy they see only the noised
 * gradient, and so do their states. A value out of range is an {@link IllegalArgumentException} that says what is valid.
 */
public sealed interface OptimizerSpec {
    /** The name in experiment files. */
    String kind();

    /** Step size. */
    double learningRate();

    /** The same with another step size. */
    OptimizerSpec withLearningRate(double rate);

    /** A fresh optimizer for that many parameters. */
    default Optimizer create(int size) {
        return new Optimizer(this, size);
    }

    /** Gradient descent without momentum. */
    static OptimizerSpec sgd(double learningRate) {
        return new Sgd(learningRate, 0, 0);
    }

    /** Adam with the constants of its paper. */
    static OptimizerSpec adam(double learningRate) {
        return new Adam(learningRate, 0.9, 0.999, 1e-8, 0);
    }

    private static void check(double learningRate, double weightDecay) {
        Require.positive("learning rate", learningRate);
        Require.nonNegative("weight decay", weightDecay);
    }

    private static void checkDecay(String name, double value) {
        if (!(value >= 0 && value < 1)) {
            throw new IllegalArgumentException(name + " is " + value + "; it must be at least 0 and below 1");
        }
    }

    private static void checkAdam(double beta1, double beta2, double epsilon) {
        checkDecay("beta1", beta1);
        checkDecay("beta2", beta2);
        Require.positive("epsilon", epsilon);
    }

    /** Gradient descent with heavy-ball momentum; weight decay is added to the gradient. */
    record Sgd(double learningRate, double momentum, double weightDecay) implements OptimizerSpec {
        public Sgd {
            check(learningRate, weightDecay);
            checkDecay("momentum", momentum);
        }

        /**
         * How many gradients' worth the parameters moved in that many steps: the sum of the weights that the steps' gradients
         * have in it (|a|_1 in Wang et al., "Tackling the Objective Inconsistency Problem in Heterogeneous Federated
         * Optimization", 2020, section 4). Without momentum and pull it is the number of steps.
         *
         * @param steps taken from a fresh optimizer
         * @param pull how much of the distance from the start one step takes back: the rate it is taken with, times the factor
         *     of a proximal term or of weight decay; 0 for none
         */
        public double accumulated(int steps, double pull) {
            double distance = 0;
            double velocity = 0;
            // A unit gradient in each step: what is moved is linear in the gradients.
            for (int step = 0; step < steps; step++) {
                velocity = momentum * velocity + 1 - pull * distance;
                distance += velocity;
            }
            return distance;
        }

        @Override
        public String kind() {
            return "sgd";
        }

        @Override
        public Sgd withLearningRate(double rate) {
            return new Sgd(rate, momentum, weightDecay);
        }
    }

    /** Kingma and Ba (2015), algorithm 1; weight decay is added to the gradient. */
    record Adam(double learningRate, double beta1, double beta2, double epsilon, double weightDecay)
            implements OptimizerSpec {
        public Adam {
            check(learningRate, weightDecay);
            checkAdam(beta1, beta2, epsilon);
        }

        @Override
        public String kind() {
            return "adam";
        }

        @Override
        public Adam withLearningRate(double rate) {
            return new Adam(rate, beta1, beta2, epsilon, weightDecay);
        }
    }

    /** Loshchilov and Hutter (2019), algorithm 2: weight decay apart from the gradient. */
    record AdamW(double learningRate, double beta1, double beta2, double epsilon, double weightDecay)
            implements OptimizerSpec {
        public AdamW {
            check(learningRate, weightDecay);
            checkAdam(beta1, beta2, epsilon);
        }

        @Override
        public String kind() {
            return "adamw";
        }

        @Override
        public AdamW withLearningRate(double rate) {
            return new AdamW(rate, beta1, beta2, epsilon, weightDecay);
        }
    }

    /** Duchi et al. (2011), diagonal form. */
    record Adagrad(double learningRate, double epsilon, double weightDecay) implements OptimizerSpec {
        public Adagrad {
            check(learningRate, weightDecay);
            Require.positive("epsilon", epsilon);
        }

        @Override
        public String kind() {
            return "adagrad";
        }

        @Override
        public Adagrad withLearningRate(double rate) {
            return new Adagrad(rate, epsilon, weightDecay);
        }
    }
}
