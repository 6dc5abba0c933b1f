package dev.sotto.federation;

/**
 * The (weighted) mean of the updates, times a server learning rate (McMahan et al., "Communication-Efficient Learning of
 * Deep Networks from Decentralized Data", 2017, algorithm 1).
 *
 * @param byExamples whether an update weighs its client's examples, or all weigh the same
 * @param learningRate 1 for plain averaging
 */
public record FedAvg(boolean byExamples, double learningRate) implements MeanStrategy {
    @Override
    public String name() {
        return "fedavg";
    }

    @Override
    public boolean usesExampleCounts() {
        return byExamples;
    }

    @Override
    public void step(float[] parameters, float[] mean) {
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] += (float) (learningRate * mean[i]);
        }
    }
}
