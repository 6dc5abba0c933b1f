package dev.sotto.federation;

import dev.sotto.learning.LocalTraining;

/**
 * Training code at a client. The default is {@link StandardTrainer}; people bring their own to train in other ways. It is
 * called after the round's privacy has been reserved, and what it releases is held against that reservation.
 *
 * <p>Implementations are called by several workers at once and keep no state.
 */
@FunctionalInterface
public interface ClientTrainer {
    /**
     * Moves {@code parameters} by local training.
     *
     * @param client whose data, and everything derived from its plan for this round
     * @param parameters the round's model, a private copy, trained in place
     * @param training the worker's network and gradient memory
     * @return what was done and released
     */
    LocalTraining.Outcome train(ClientContext client, float[] parameters, LocalTraining training);
}
