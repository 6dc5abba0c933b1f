package dev.sotto.learning.jvm;

/** The parameters of one layer, with a gradient for each lane once {@link LaneLayer#computeGradients} has run. */
interface ParameterGradients {
    /** Adds each lane's squared gradient norm over these parameters. */
    void addSquaredNorms(double[] perLane);

    /**
     * Adds the lanes' gradients, each times its factor, to the flat sum; may destroy the values and gradients it reads.
     *
     * @param factors one per lane; a lane whose factor is 0 adds nothing even where its values are not finite
     */
    void addGradients(float[] factors, int examples, float[] sum);

    /** The same, except that it may leave some to {@link #completeGradients}, before the next group is looked at. */
    default void beginGradients(float[] factors, int examples, float[] sum) {
        addGradients(factors, examples, sum);
    }

    /** Adds what was left to {@code sum[0 .. to)}, and maybe more; {@code to} ascends. */
    default void completeGradients(float[] sum, int to) {}
}
