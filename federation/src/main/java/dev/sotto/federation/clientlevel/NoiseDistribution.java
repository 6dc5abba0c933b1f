package dev.sotto.federation.clientlevel;

/** Of what distribution the coordinator's noise is. */
public enum NoiseDistribution {
    /** Normal numbers, rounded to a grid of their scale together with the sum. */
    GAUSSIAN("gaussian"),
    /** Whole numbers on the sum's own grid, drawn exactly: the released bits hide nothing that the accountant misses. */
    DISCRETE_GAUSSIAN("discrete-gaussian");

    private final String label;

    NoiseDistribution(String label) {
        this.label = label;
    }

    /** The word that files use. */
    public String label() {
        return label;
    }
}
