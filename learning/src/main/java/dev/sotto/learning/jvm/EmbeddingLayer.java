package dev.sotto.learning.jvm;

import dev.sotto.learning.ModelException;

/** Rows of a table, looked up by the whole numbers that an example's features are. First in its chain. */
final class EmbeddingLayer implements ParameterLayer {
    private final String model;
    private final int lanes;
    private final int vocabulary;
    private final int dimension;
    private final Slot in;
    private final Slot out;
    private final int weight;
    private final int[] tokens;

    EmbeddingLayer(String model, int lanes, int vocabulary, int dimension, Slot in, Slot out, int weight) {
        this.model = model;
        this.lanes = lanes;
        this.vocabulary = vocabulary;
        this.dimension = dimension;
        this.in = in;
        this.out = out;
        this.weight = weight;
        tokens = new int[in.values().length];
    }

    @Override
    public void forward(float[] parameters, Group group) {
        for (int p = 0; p < in.size(); p++) {
            for (int lane = 0; lane < lanes; lane++) {
                int token = token(in.values()[p * lanes + lane], p);
                tokens[p * lanes + lane] = token;
                for (int d = 0; d < dimension; d++) {
                    out.values()[(p * dimension + d) * lanes + lane] = parameters[weight + token * dimension + d];
                }
            }
        }
    }

    private int token(float value, int position) {
        int token = (int) value;
        if (token != value || token < 0 || token >= vocabulary) {
            throw new ModelException("model " + model + ", embedding: feature " + position + " of an example "
                    + "is not a whole number from 0 to " + (vocabulary - 1));
        }
        return token;
    }

    @Override
    public void computeGradients() {}

    /** Nothing comes before an embedding. */
    @Override
    public void backward(float[] parameters) {}

    /** A row's gradient sums over the positions that hold its token, so equal tokens add products of each pair. */
    @Override
    public void addSquaredNorms(double[] perLane) {
        for (int lane = 0; lane < lanes; lane++) {
            for (int p = 0; p < in.size(); p++) {
                for (int q = 0; q <= p; q++) {
                    if (tokens[p * lanes + lane] == tokens[q * lanes + lane]) {
                        perLane[lane] += (p == q ? 1 : 2) * product(p, q, lane);
                    }
                }
            }
        }
    }

    private double product(int p, int q, int lane) {
        double product = 0;
        for (int d = 0; d < dimension; d++) {
            product += (double) out.gradients()[(p * dimension + d) * lanes + lane]
                    * out.gradients()[(q * dimension + d) * lanes + lane];
        }
        return product;
    }

    @Override
    public void addGradients(float[] factors, int examples, float[] sum) {
        for (int lane = 0; lane < examples; lane++) {
            for (int p = 0; factors[lane] != 0 && p < in.size(); p++) {
                int row = weight + tokens[p * lanes + lane] * dimension;
                for (int d = 0; d < dimension; d++) {
                    sum[row + d] += factors[lane] * out.gradients()[(p * dimension + d) * lanes + lane];
                }
            }
        }
    }
}
