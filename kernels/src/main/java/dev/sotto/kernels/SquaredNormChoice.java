package dev.sotto.kernels;

/** Chosen once, at start. Names the vector form only where its module was found, so that it links without it. */
final class SquaredNormChoice {
    static final SquaredNorm FASTEST = choose();

    private SquaredNormChoice() {}

    private static SquaredNorm choose() {
        return VectorUnit.present() && SquaredNormVectors.supported()
                ? new SquaredNormVectors()
                : new SquaredNormScalar();
    }
}
