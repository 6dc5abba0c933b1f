package dev.sotto.kernels;

/** Chosen once, at start. Names the vector form only where its module was found, so that it links without it. */
final class GaussianChoice {
    static final GaussianTransform FASTEST = choose();

    private GaussianChoice() {}

    private static GaussianTransform choose() {
        return VectorUnit.fast() ? new GaussianVectors() : new GaussianScalar();
    }
}
