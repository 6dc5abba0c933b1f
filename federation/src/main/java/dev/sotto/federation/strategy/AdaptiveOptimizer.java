package dev.sotto.federation.strategy;

import dev.sotto.privacy.Require;

/**
 * The adaptive server optimizers of Reddi et al., "Adaptive Federated Optimization", 2021, algorithm 2:
 *
 * <pre>  m = beta1 m + (1 - beta1) mean;  v = (one of three);  w = w + eta m / (sqrt(v) + tau)</pre>
 *
 * with m = 0 and v = tau^2 at the start, and without bias correction, as written there. They differ in v alone.
 */
abstract sealed class AdaptiveOptimizer extends ServerOptimizer permits FedAdagrad, FedAdam, FedYogi {
    final double beta1;
    final double tau;

    AdaptiveOptimizer(boolean byExamples, double learningRate, double beta1, double tau) {
        super(byExamples, learningRate);
        this.beta1 = decay("server beta1", beta1);
        this.tau = Require.positive("server tau", tau);
    }

    /** The next second moment, from the last one and the square of the mean update. */
    abstract double second(double last, double square);

    @Override
    public final void step(float[] parameters, float[] mean, double share) {
        float[] first = momentum(parameters.length);
        float[] second = second(parameters.length, (float) (tau * tau));
        for (int i = 0; i < parameters.length; i++) {
            first[i] = (float) (beta1 * first[i] + (1 - beta1) * mean[i]);
            second[i] = (float) second(second[i], (double) mean[i] * mean[i]);
            parameters[i] += (float) (learningRate * first[i] / (Math.sqrt(second[i]) + tau));
        }
    }
}
