package dev.sotto.federation.strategy;

/**
 * Yogi at the server (Reddi et al., "Adaptive Federated Optimization", 2021, algorithm 2):
 * v = v - (1 - beta2) mean^2 sign(v - mean^2), which follows growing and shrinking squares at one speed. One run per instance; one thread at a time.
 */
public final class FedYogi extends AdaptiveOptimizer {
    private final double beta2;

    /**
     * At the start of a run.
     *
     * @param byExamples whether an update weighs its client's examples, or all weigh the same
     * @param learningRate eta, above 0
     * @param beta1 momentum, at least 0 and below 1; 0.9 in the paper
     * @param beta2 of the second moment, at least 0 and below 1; 0.99 in the paper
     * @param tau how little the rate adapts, above 0; 1e-3 in the paper
     */
    public FedYogi(boolean byExamples, double learningRate, double beta1, double beta2, double tau) {
        super(byExamples, learningRate, beta1, tau);
        this.beta2 = decay("server beta2", beta2);
    }

    @Override
    public String name() {
        return "fedyogi";
    }

    @Override
    double second(double last, double square) {
        return last - (1 - beta2) * square * Math.signum(last - square);
    }

    @Override
    public FedYogi fresh() {
        return new FedYogi(byExamples, learningRate, beta1, beta2, tau);
    }
}
