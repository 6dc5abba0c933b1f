package dev.sotto.learning.jvm;

import dev.sotto.data.Examples;
import dev.sotto.learning.ModelSpec;

/** Scores the outputs of a group. */
interface LaneLoss {
    /**
     * Refuses data that the loss cannot score.
     *
     * @throws dev.sotto.learning.ModelException with the reason
     */
    void check(ModelSpec spec, Examples examples);

    /**
     * Losses of the group's examples; with {@code gradients}, also their gradients, zero in empty lanes.
     *
     * @param losses receives one loss for each lane that holds an example
     * @return how many predictions were correct; 0 where there are no classes
     */
    int score(Group group, Slot outputs, double[] losses, boolean gradients);
}
