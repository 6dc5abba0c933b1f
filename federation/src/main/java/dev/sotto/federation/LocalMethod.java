package dev.sotto.federation;

import dev.sotto.privacy.Require;

/**
 * What a strategy asks of local training beyond gradient descent. Decides how long the vector of an update is.
 */
public sealed interface LocalMethod {
    /** Values in an update's vector for a model of that many parameters. */
    default int width(int parameters) {
        return parameters;
    }

    /** Nothing beyond. */
    record Plain() implements LocalMethod {}

    /**
     * The term mu/2 |w - w_t|^2 is added to the loss (Li et al., "Federated Optimization in Heterogeneous Networks", 2020).
     *
     * @param mu not negative
     */
    record Proximal(double mu) implements LocalMethod {
        public Proximal {
            Require.nonNegative("mu of the proximal term", mu);
        }
    }

    /**
     * Every gradient is corrected by c - c_i, and the client's change of c_i follows its update in the vector (Karimireddy et
     * al., "SCAFFOLD", 2020, option II). The task carries c.
     */
    record ControlVariates() implements LocalMethod {
        @Override
        public int width(int parameters) {
            return Math.multiplyExact(2, parameters);
        }
    }

    /** The loss of the received model on all training examples follows the update in the vector (q-FedAvg). */
    record StartLoss() implements LocalMethod {
        @Override
        public int width(int parameters) {
            return Math.addExact(parameters, 1);
        }
    }
}
