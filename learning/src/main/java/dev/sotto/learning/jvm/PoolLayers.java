package dev.sotto.learning.jvm;

import dev.sotto.kernels.Kernels;
import dev.sotto.kernels.PoolWindows;

/** The two kinds of pooling. */
final class PoolLayers {
    private PoolLayers() {}

    record Max(Kernels kernels, PoolWindows windows, Slot in, Slot out) implements LaneLayer {
        @Override
        public void forward(float[] parameters, Group group) {
            kernels.maxPool(windows, in.values(), out.values());
        }

        @Override
        public void backward(float[] parameters) {
            kernels.maxPoolGradient(windows, in.values(), out.values(), out.gradients(), in.gradients());
        }

        @Override
        public boolean needsOutput() {
            return true;
        }
    }

    record Average(Kernels kernels, PoolWindows windows, Slot in, Slot out) implements LaneLayer {
        @Override
        public void forward(float[] parameters, Group group) {
            kernels.averagePool(windows, in.values(), out.values());
        }

        @Override
        public void backward(float[] parameters) {
            kernels.averagePoolGradient(windows, out.gradients(), in.gradients());
        }
    }
}
