package dev.sotto.kernels;

/**
 * Rectifies a slot in place. Whoever wrote the slot may have kept its values: a pooling layer finds no input that equals an
 * output which was negative, and none of them has a gradient.
 */
record ChannelRelu(ChannelSlot slot) implements ChannelStep {
    @Override
    public void forward(int example) {
        VectorChannels.relu(slot.values, slot.at(example), slot.size());
    }

    @Override
    public void backward(int example) {
        VectorChannels.reluGradient(
                slot.values, slot.at(example), slot.gradients, slot.gradientsAt(example), slot.size());
    }
}
