package dev.sotto.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** The vector shape of this process: a constant, so that the compiler sees one species everywhere. */
final class Lanes {
    static final VectorSpecies<Float> SPECIES = species();
    static final int COUNT = SPECIES.length();

    private Lanes() {}

    private static VectorSpecies<Float> species() {
        return switch (System.getProperty(KernelChoice.PROPERTY, "")) {
            case "vector-4" -> FloatVector.SPECIES_128;
            case "vector-8" -> FloatVector.SPECIES_256;
            case "vector-16" -> FloatVector.SPECIES_512;
            default -> FloatVector.SPECIES_PREFERRED;
        };
    }

    static FloatVector load(float[] from, int at) {
        return FloatVector.fromArray(SPECIES, from, at);
    }

    static FloatVector all(float value) {
        return FloatVector.broadcast(SPECIES, value);
    }
}
