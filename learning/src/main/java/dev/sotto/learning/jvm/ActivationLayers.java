package dev.sotto.learning.jvm;

import dev.sotto.kernels.Kernels;

/** Functions of single values. All but the Gaussian error linear unit may work in place ({@code in == out}). */
final class ActivationLayers {
    private ActivationLayers() {}

    record Relu(Kernels kernels, Slot in, Slot out) implements LaneLayer {
        @Override
        public void forward(float[] parameters, Group group) {
            kernels.relu(in.values(), out.values(), in.values().length);
        }

        @Override
        public void backward(float[] parameters) {
            kernels.reluGradient(out.values(), out.gradients(), in.gradients(), in.values().length);
        }

        @Override
        public boolean needsOutput() {
            return true;
        }
    }

    /** {@code scale / (1 + exp(-temperature x)) - offset}; tanh is (2, 2, 1), the sigmoid (1, 1, 0). */
    record Sigmoid(Kernels kernels, float scale, float temperature, float offset, Slot in, Slot out)
            implements LaneLayer {
        @Override
        public void forward(float[] parameters, Group group) {
            kernels.sigmoid(scale, temperature, offset, in.values(), out.values(), in.values().length);
        }

        @Override
        public void backward(float[] parameters) {
            kernels.sigmoidGradient(
                    scale, temperature, offset, out.values(), out.gradients(), in.gradients(), in.values().length);
        }

        @Override
        public boolean needsOutput() {
            return true;
        }
    }

    record Gelu(Kernels kernels, Slot in, Slot out) implements LaneLayer {
        @Override
        public void forward(float[] parameters, Group group) {
            kernels.gelu(in.values(), out.values(), in.values().length);
        }

        @Override
        public void backward(float[] parameters) {
            kernels.geluGradient(in.values(), out.gradients(), in.gradients(), in.values().length);
        }
    }
}
