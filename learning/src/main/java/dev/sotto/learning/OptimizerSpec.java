package dev.sotto.learning;

/**
 * How a gradient moves the parameters, as data. All of these are post-processing: under privacy they see only the noised
 * gradient, and so do their states.
 */
public sealed interface OptimizerSpec {
    /** The name in experiment files. */
    String kind();

    /** Step size. */
    double learningRate();

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

    /** Gradient descent with heavy-ball momentum; weight decay is added to the gradient. */
    record Sgd(double learningRate, double momentum, double weightDecay) implements OptimizerSpec {
        @Override
        public String kind() {
            return "sgd";
        }
    }

    /** Kingma and Ba (2015), algorithm 1; weight decay is added to the gradient. */
    record Adam(double learningRate, double beta1, double beta2, double epsilon, double weightDecay)
            implements OptimizerSpec {
        @Override
        public String kind() {
            return "adam";
        }
    }

    /** Loshchilov and Hutter (2019), algorithm 2: weight decay apart from the gradient. */
    record AdamW(double learningRate, double beta1, double beta2, double epsilon, double weightDecay)
            implements OptimizerSpec {
        @Override
        public String kind() {
            return "adamw";
        }
    }

    /** Duchi et al. (2011), diagonal form. */
    record Adagrad(double learningRate, double epsilon, double weightDecay) implements OptimizerSpec {
        @Override
        public String kind() {
            return "adagrad";
        }
    }
}
