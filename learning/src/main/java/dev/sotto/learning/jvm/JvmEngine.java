package dev.sotto.learning.jvm;

import dev.sotto.kernels.Kernels;
import dev.sotto.learning.Engine;
import dev.sotto.learning.ModelSpec;
import dev.sotto.learning.Network;

/** The engine that needs nothing but the JVM: one SIMD lane per example. Thread-safe. */
public final class JvmEngine implements Engine {
    private final Kernels kernels;

    /** On the kernels chosen at start. */
    public JvmEngine() {
        this(Kernels.chosen());
    }

    JvmEngine(Kernels kernels) {
        this.kernels = kernels;
    }

    @Override
    public String name() {
        return "jvm";
    }

    /** Kernels, lane width and Java release, as in {@code vector, 16 lanes, Java 17}. */
    @Override
    public String description() {
        return kernels.description() + ", Java " + Runtime.version().feature();
    }

    @Override
    public Network compile(ModelSpec spec) {
        return new JvmNetwork(kernels, spec);
    }
}
