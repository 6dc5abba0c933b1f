package dev.sotto.learning.jvm;

/** A layer with parameters, whose gradients exist lane by lane once {@link #computeGradients} has run. */
interface ParameterLayer extends LaneLayer {
    /** Prepares the per-lane parameter gradients from the output gradients; before {@link #backward}. */
    void computeGradients();

    /** Adds each lane's squared gradient norm over this layer's parameters. */
    void addSquaredNorms(double[] perLane);

    /**
     * Adds the lanes' gradients, each times its factor, to the flat sum; may destroy the output gradients.
     *
     * @param factors one per lane; a lane whose factor is 0 adds nothing even where its values are not finite
     */
    void addGradients(float[] factors, int examples, float[] sum);
}
