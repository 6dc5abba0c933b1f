package dev.sotto.learning.jvm;

import java.util.List;

/** Runs a layer, or several that follow each other, on a group of examples, from its input slot to its output slot and back. */
interface LaneLayer {
    /** Takes over parameters; called once before a batch. */
    default void load(float[] parameters) {}

    /** Input values to output values. */
    void forward(float[] parameters, Group group);

    /** What has parameters here, in the order of the model's layers. */
    default List<ParameterGradients> trained() {
        return List.of();
    }

    /** Prepares the per-lane parameter gradients from the output gradients; before {@link #backward}. */
    default void computeGradients() {}

    /** Output gradients to input gradients; called only where somebody before this layer needs them. */
    void backward(float[] parameters);

    /** Whether the backward pass reads this layer's output, so that the next layer must not overwrite it. */
    default boolean needsOutput() {
        return false;
    }
}
