package dev.sotto.federation;

import dev.sotto.learning.OptimizerSpec;
import dev.sotto.learning.TrainingSettings;
import dev.sotto.privacy.Require;
import java.util.Optional;

/**
 * What a strategy asks of local training beyond gradient descent. Decides how long the vector of an update is.
 */
public sealed interface LocalMethod {
    /** Values in an update's vector for a model of that many parameters. */
    default int width(int parameters) {
        return parameters;
    }

    /** Why clients that train so cannot do it; empty if they can. */
    default Optional<String> misfit(TrainingSettings training) {
        return Optional.empty();
    }

    /** Whether the vector holds something that training under example-level privacy does not protect. */
    default boolean exposesExamples() {
        return false;
    }

    /** Whether what a client sends depends on what it kept of earlier rounds, and so on which of them it took part in. */
    default boolean remembers() {
        return false;
    }

    private static Optional<String> needsDescent(TrainingSettings training, String reason) {
        return training.optimizer() instanceof OptimizerSpec.Sgd
                ? Optional.empty()
                : Optional.of(reason + training.optimizer().kind() + "; set client.optimizer.name to sgd");
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

        @Override
        public Optional<String> misfit(TrainingSettings training) {
            return needsDescent(training, "mean gradients cannot be told from the steps of ");
        }

        @Override
        public boolean remembers() {
            return true;
        }
    }

    /**
     * How many gradients' worth the parameters moved follows the update in the vector, as the sum of the weights that the
     * steps' gradients have in it (Wang et al., "Tackling the Objective Inconsistency Problem in Heterogeneous Federated
     * Optimization", 2020, section 4); the steps are held back as under {@link Proximal}.
     *
     * @param mu not negative; 0 to hold nothing back
     */
    record Counted(double mu) implements LocalMethod {
        public Counted {
            Require.nonNegative("mu of the proximal term", mu);
        }

        @Override
        public int width(int parameters) {
            return Math.addExact(parameters, 1);
        }

        @Override
        public Optional<String> misfit(TrainingSettings training) {
            return needsDescent(training, "how many gradients an update is worth cannot be told from the steps of ");
        }
    }

    /** The loss of the received model on all training examples follows the update in the vector (q-FedAvg). */
    record StartLoss() implements LocalMethod {
        @Override
        public int width(int parameters) {
            return Math.addExact(parameters, 1);
        }

        @Override
        public boolean exposesExamples() {
            return true;
        }
    }
}
