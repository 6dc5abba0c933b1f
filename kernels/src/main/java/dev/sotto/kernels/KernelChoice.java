package dev.sotto.kernels;

/** Decides once which kernels run. Apart from {@link Kernels}, so that merely naming the interface decides nothing. */
final class KernelChoice {
    static final String PROPERTY = "sotto.kernels";
    static final Kernels CHOSEN = choose(System.getProperty(PROPERTY, ""));

    private KernelChoice() {}

    static Kernels choose(String wanted) {
        return switch (wanted) {
            case "" -> VectorUnit.fast() ? VectorKernels.INSTANCE : JavaKernels.INSTANCE;
            case "java" -> JavaKernels.INSTANCE;
            case "vector", "vector-4", "vector-8", "vector-16" -> vectors(wanted);
            default ->
                throw new IllegalArgumentException(PROPERTY + ": unknown kernels '" + wanted
                        + "'; valid: java, vector, vector-4, vector-8, vector-16");
        };
    }

    private static Kernels vectors(String wanted) {
        if (!VectorUnit.present()) {
            throw new IllegalArgumentException(PROPERTY + ": " + wanted
                    + " needs the Vector API: start Java with --add-modules jdk.incubator.vector, or choose java");
        }
        return VectorKernels.INSTANCE;
    }
}
