package dev.sotto.kernels;

/** Chosen once, at start. Names the vector form only where its module was found, so that it links without it. */
final class GaussianChoice {
    static final GaussianTransform FASTEST = choose();

    private GaussianChoice() {}

    private static GaussianTransform choose() {
        boolean vectors = ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent();
        return vectors ? new GaussianVectors() : new GaussianScalar();
    }
}
