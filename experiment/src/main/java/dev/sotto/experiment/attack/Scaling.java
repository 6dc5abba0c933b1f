package dev.sotto.experiment.attack;

import dev.sotto.federation.ClientTrainer;
import dev.sotto.learning.LocalTraining;
import dev.sotto.privacy.Require;

/**
 * Sends the honest update many times as long, so that it outweighs others (model replacement, in Bagdasaryan et al., "How To
 * Backdoor Federated Learning", 2020, section 3).
 *
 * @param factor above 0
 */
public record Scaling(double factor) implements Attack {
    /** Checks the range; an {@link IllegalArgumentException} names the value and the range. */
    public Scaling {
        Require.positive("factor of the attack", factor);
    }

    @Override
    public String kind() {
        return "scaling";
    }

    @Override
    public ClientTrainer corrupting(ClientTrainer honest) {
        return times(factor, honest);
    }

    /** The honest update times a number. */
    static ClientTrainer times(double factor, ClientTrainer honest) {
        return (client, parameters, training) -> {
            float[] start = parameters.clone();
            LocalTraining.Outcome outcome = honest.train(client, parameters, training);
            for (int i = 0; i < parameters.length; i++) {
                parameters[i] = (float) (start[i] + factor * (parameters[i] - start[i]));
            }
            return outcome;
        };
    }
}
