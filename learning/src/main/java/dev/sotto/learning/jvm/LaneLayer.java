package dev.sotto.learning.jvm;

/** Runs one layer on a group of examples, from its input slot to its output slot and back. */
interface LaneLayer {
    /** Takes over parameters; called once before a batch. */
    default void load(float[] parameters) {}

    /** Input values to output values. */
    void forward(float[] parameters, Group group);

    /** Output gradients to input gradients; called only where somebody before this layer needs them. */
    void backward(float[] parameters);

    /** Whether the backward pass reads this layer's output, so that the next layer must not overwrite it. */
    default boolean needsOutput() {
        return false;
    }
}
