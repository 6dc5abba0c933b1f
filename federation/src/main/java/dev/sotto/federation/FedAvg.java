package dev.sotto.federation;

/**
 * The (weighted) mean of the updates, times a server learning rate (McMahan et al., "Communication-Efficient Learning of
 * Deep Networks from Decentralized Data", 2017, algorithm 1).
 *
 * @param byExamples whether an update weighs its client's examples, or all weigh the same
 * @param learningRate 1 for plain averaging
 */
public record FedAvg(boolean byExamples, double learningRate) implements Strategy {
    @Override
    public String name() {
        return "fedavg";
    }

    @Override
    public boolean usesExampleCounts() {
        return byExamples;
    }

    @Override
    public Aggregate begin(int size, int round, long mostWeight) {
        return new WeightedSum(size, round, byExamples, mostWeight);
    }

    @Override
    public void update(float[] parameters, Aggregate gathered) {
        WeightedSum sum = (WeightedSum) gathered;
        for (int i = 0; i < parameters.length; i++) {
            parameters[i] += (float) (learningRate * sum.mean(i));
        }
    }
}
