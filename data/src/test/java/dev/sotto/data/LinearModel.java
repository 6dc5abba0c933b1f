package dev.sotto.data;

import java.util.Arrays;

/** Multinomial logistic regression by minibatch gradient descent: the yardstick for how hard a data set is. */
public final class LinearModel {
    private final int classes;
    private final int width;
    private final double[] weights;

    private LinearModel(int classes, int width) {
        this.classes = classes;
        this.width = width;
        this.weights = new double[classes * (width + 1)];
    }

    public static LinearModel train(Examples examples, int epochs, double rate, long seed) {
        int classes = ((Target.Classes) examples.target()).count();
        LinearModel model = new LinearModel(classes, examples.shape().size());
        SeededRandom random = SeededRandom.stream(seed, "linear", 0);
        int[] order = new int[examples.size()];
        Arrays.setAll(order, i -> i);
        for (int epoch = 0; epoch < epochs; epoch++) {
            random.shuffle(order);
            double step = rate / (1 + epoch);
            for (int from = 0; from < order.length; from += 32) {
                model.step(examples, order, from, Math.min(order.length, from + 32), step);
            }
        }
        return model;
    }

    private void step(Examples examples, int[] order, int from, int to, double step) {
        float[][] features = new float[to - from][width];
        double[][] errors = new double[to - from][];
        for (int i = from; i < to; i++) {
            examples.features(order[i], features[i - from], 0);
            errors[i - from] = probabilities(features[i - from]);
            errors[i - from][examples.label(order[i])] -= 1;
        }
        for (int i = 0; i < features.length; i++) {
            for (int c = 0; c < classes; c++) {
                double scale = step * errors[i][c] / features.length;
                int at = c * (width + 1);
                for (int k = 0; k < width; k++) {
                    weights[at + k] -= scale * features[i][k];
                }
                weights[at + width] -= scale;
            }
        }
    }

    private double[] probabilities(float[] x) {
        double[] p = new double[classes];
        for (int c = 0; c < classes; c++) {
            int at = c * (width + 1);
            p[c] = weights[at + width];
            for (int k = 0; k < width; k++) {
                p[c] += weights[at + k] * x[k];
            }
        }
        double max = Arrays.stream(p).max().orElseThrow();
        double sum = 0;
        for (int c = 0; c < classes; c++) {
            p[c] = Math.exp(p[c] - max);
            sum += p[c];
        }
        for (int c = 0; c < classes; c++) {
            p[c] /= sum;
        }
        return p;
    }

    public double accuracy(Examples examples) {
        int right = 0;
        float[] x = new float[width];
        for (int i = 0; i < examples.size(); i++) {
            examples.features(i, x, 0);
            double[] p = probabilities(x);
            int best = 0;
            for (int c = 1; c < classes; c++) {
                best = p[c] > p[best] ? c : best;
            }
            right += best == examples.label(i) ? 1 : 0;
        }
        return (double) right / examples.size();
    }
}
