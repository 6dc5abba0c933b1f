package dev.sotto.learning;

import java.util.Arrays;

/** What an example's prediction is scored by. The training objective of an example is its own loss, never an average. */
public enum Loss {
    /** Softmax followed by the negative log-likelihood of the label, in nats. Needs {@code Target.Classes}. */
    CROSS_ENTROPY("cross-entropy"),
    /** Mean over the outputs of one example of (prediction - value)^2. Needs {@code Target.Values}. */
    MEAN_SQUARED_ERROR("mean-squared-error");

    private final String label;

    Loss(String label) {
        this.label = label;
    }

    /** The name in experiment files. */
    public String label() {
        return label;
    }

    /**
     * The loss of that name.
     *
     * @throws ModelException if there is none
     */
    public static Loss parse(String name) {
        return Arrays.stream(values())
                .filter(loss -> loss.label.equals(name))
                .findFirst()
                .orElseThrow(() -> new ModelException(
                        "loss: unknown loss '" + name + "'; valid: cross-entropy, mean-squared-error"));
    }
}
