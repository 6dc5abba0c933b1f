package dev.sotto.experiment.attack;

import dev.sotto.federation.ClientTrainer;
import dev.sotto.privacy.Require;

/**
 * Sends the opposite of the honest update, so that the model unlearns (Li et al., "RSA: Byzantine-Robust Stochastic
 * Aggregation Methods for Distributed Learning from Heterogeneous Datasets", 2019, section 5).
 *
 * @param factor how many times as long as the honest one; above 0
 */
public record SignFlip(double factor) implements Attack {
    /** Checks the range; an {@link IllegalArgumentException} names the value and the range. */
    public SignFlip {
        Require.positive("factor of the attack", factor);
    }

    @Override
    public String kind() {
        return "sign-flip";
    }

    @Override
    public ClientTrainer corrupting(ClientTrainer honest) {
        return Scaling.times(-factor, honest);
    }
}
