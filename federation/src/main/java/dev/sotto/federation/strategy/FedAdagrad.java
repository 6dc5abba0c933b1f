package dev.sotto.federation.strategy;

/**
 * Adagrad at the server (Reddi et al., "Adaptive Federated Optimization", 2021, algorithm 2): v = v + mean^2. One run per
 * instance; one thread at a time.
 */
public final class FedAdagrad extends AdaptiveOptimizer {
    /**
     * At the start of a run.
     *
     * @param byExamples whether an update weighs its client's examples, or all weigh the same
     * @param learningRate eta, above 0
     * @param beta1 momentum, at least 0 and below 1; 0 in the paper
     * @param tau how little the rate adapts, above 0; 1e-3 in the paper
     */
    public FedAdagrad(boolean byExamples, double learningRate, double beta1, double tau) {
        super(byExamples, learningRate, beta1, tau);
    }

    @Override
    public String name() {
        return "fedadagrad";
    }

    @Override
    double second(double last, double square) {
        return last + square;
    }

    @Override
    public FedAdagrad fresh() {
        return new FedAdagrad(byExamples, learningRate, beta1, tau);
    }
}
