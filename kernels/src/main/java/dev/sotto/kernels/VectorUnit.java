package dev.sotto.kernels;

/** Whether this process has vectors. */
final class VectorUnit {
    private VectorUnit() {}

    /** Whether the module is there, so that the vector forms link. */
    static boolean present() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
    }

    /** Whether they are worth it: without a fused multiply-add in hardware, each of theirs takes big decimals. */
    static boolean fast() {
        return present() && FusedMultiplyAdd.IN_HARDWARE;
    }
}
