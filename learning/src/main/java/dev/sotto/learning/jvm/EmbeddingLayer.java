package dev.sotto.learning.jvm;

/**
 * Rows of a table, looked up by the whole numbers that an example's features are. First in its chain. A feature that is no row's
 * number reads as zeros and moves nothing: what one example holds must not decide whether training goes on.
 */
final class EmbeddingLayer implements ParameterLayer {
    private static final int NONE = -1;

    private final int lanes;
    private final int vocabulary;
    private final int dimension;
    private final Slot in;
    private final Slot out;
    private final int weight;
    private final int[] tokens;

    EmbeddingLayer(int lanes, int vocabulary, int dimension, Slot in, Slot out, int weight) {
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
                int token = token(in.values()[p * lanes + lane]);
                tokens[p * lanes + lane] = token;
                for (int d = 0; d < dimension; d++) {
                    out.values()[(p * dimension + d) * lanes + lane] =
                            token == NONE ? 0 : parameters[weight + token * dimension + d];
                }
            }
        }
    }

    private int token(float value) {
        int token = (int) value;
        return token == value && token >= 0 && token < vocabulary ? token : NONE;
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
                    int token = tokens[p * lanes + lane];
                    if (token != NONE && token == tokens[q * lanes + lane]) {
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
                int token = tokens[p * lanes + lane];
                int row = weight + token * dimension;
                for (int d = 0; token != NONE && d < dimension; d++) {
                    sum[row + d] += factors[lane] * out.gradients()[(p * dimension + d) * lanes + lane];
                }
            }
        }
    }
}
