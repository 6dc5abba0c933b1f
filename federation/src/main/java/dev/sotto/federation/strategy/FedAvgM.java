package dev.sotto.federation.strategy;

/**
 * Averaging with momentum at the server (Hsu et al., "Measuring the Effects of Non-Identical Data Distribution for Federated
 * Visual Classification", 2019, section 4.3): v = beta v + mean; w = w + eta v. Heavy-ball, as their formula is; not Nesterov's.
 * One run per instance; one thread at a time.
 */
public final class FedAvgM extends ServerOptimizer {
    private final double beta;

    /**
     * At the start of a run.
     *
     * @param byExamples whether an update weighs its client's examples, or all weigh the same
     * @param learningRate eta, above 0; 1 in the paper
     * @param beta momentum, at least 0 and below 1; 0 is {@link FedAvg}
     */
    public FedAvgM(boolean byExamples, double learningRate, double beta) {
        super(byExamples, learningRate);
        this.beta = decay("server momentum", beta);
    }

    @Override
    public String name() {
        return "fedavgm";
    }

    @Override
    public void step(float[] parameters, float[] mean, double share) {
        float[] velocity = momentum(parameters.length);
        for (int i = 0; i < parameters.length; i++) {
            velocity[i] = (float) (beta * velocity[i] + mean[i]);
            parameters[i] += (float) (learningRate * velocity[i]);
        }
    }

    @Override
    public FedAvgM fresh() {
        return new FedAvgM(byExamples, learningRate, beta);
    }
}
