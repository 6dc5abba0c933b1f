package dev.sotto.kernels;

import static dev.sotto.kernels.Lanes.COUNT;

import java.util.Arrays;

/**
 * A dense layer on examples that lie one after the other, made by {@link Kernels#denseRows}. Lanes are inputs, so none idles
 * where examples are few, and what comes from a {@link ChannelStack} or goes there need not be spread over lanes. Outputs
 * are few and stay lane-major. Holds scratch memory, so one thread at a time.
 *
 * <p>Tiles are of five examples or of four, whichever leaves fewer over: arrays have room for as many examples as there are
 * lanes, and what is computed of those from {@code examples} on has no meaning.
 */
public final class DenseRows {
    /** Inputs whose weights are read ahead. */
    private static final int FETCHED = 8 * VectorCombinations.WIDTH;

    private final int weight;
    private final int bias;
    private final int outputs;
    private final int inputs;
    /** Inputs in whole vectors. */
    private final int whole;

    private final float[] room = new float[VectorDots.ROWS * COUNT * COUNT];
    private final float[] ones = new float[COUNT];

    private DenseRows(int weight, int bias, int outputs, int inputs) {
        this.weight = weight;
        this.bias = bias;
        this.outputs = outputs;
        this.inputs = inputs;
        whole = inputs - inputs % COUNT;
        Arrays.fill(ones, 1f);
    }

    /** Null where the layer is smaller than a tile, or there are too few registers for one. */
    static DenseRows of(int weight, int bias, int outputs, int inputs) {
        boolean pays = COUNT == 16 && outputs >= VectorDots.ROWS && inputs >= VectorCombinations.WIDTH;
        return pays ? new DenseRows(weight, bias, outputs, inputs) : null;
    }

    /** How many of the examples go in tiles of five, so that the rest fill tiles of four as well as can be. */
    private static int inFives(int examples) {
        int tiles = (examples + 4) / 5;
        return 5 * Math.max(0, examples - 4 * tiles);
    }

    /**
     * {@code y = W x + b}.
     *
     * @param x example-major
     * @param y lane-major
     */
    public void forward(float[] parameters, float[] x, int examples, float[] y) {
        int fives = inFives(examples);
        for (int first = 0; first < outputs; first += VectorDots.ROWS) {
            // The last tile reaches back where it is not full: to the same bits.
            int o = Math.min(first, outputs - VectorDots.ROWS);
            int row = weight + o * inputs;
            int n = 0;
            for (; n < fives; n += 5) {
                VectorDots.five(parameters, row, x, n * inputs, inputs, whole, room, n * COUNT);
            }
            for (; n < examples; n += 4) {
                VectorDots.four(parameters, row, x, n * inputs, inputs, whole, room, n * COUNT);
            }
            for (int k = o; k < o + VectorDots.ROWS; k++) {
                Arrays.fill(y, k * COUNT, (k + 1) * COUNT, parameters[bias + k]);
            }
            VectorLaneSums.add(room, VectorDots.ROWS * COUNT, ones, y, o * COUNT);
            for (int k = o; whole < inputs && k < o + VectorDots.ROWS; k++) {
                addRest(parameters, weight + k * inputs, x, examples, y, k * COUNT);
            }
        }
    }

    private void addRest(float[] w, int row, float[] x, int examples, float[] y, int at) {
        for (int n = 0; n < examples; n++) {
            float total = 0;
            for (int i = whole; i < inputs; i++) {
                total += w[row + i] * x[n * inputs + i];
            }
            y[at + n] += total;
        }
    }

    /**
     * The gradient of the input, {@code dx = W^T dy}.
     *
     * @param dy lane-major
     * @param dx example-major
     */
    public void inputGradient(float[] parameters, float[] dy, int examples, float[] dx) {
        int fives = inFives(examples);
        for (int first = 0; first < inputs; first += VectorCombinations.WIDTH) {
            if (first % FETCHED == 0) {
                fetch(parameters, first, Math.min(FETCHED, inputs - first));
            }
            int i = Math.min(first, inputs - VectorCombinations.WIDTH);
            int n = 0;
            for (; n < fives; n += 5) {
                VectorCombinations.five(parameters, weight + i, inputs, outputs, dy, n, dx, n * inputs + i);
            }
            for (; n < examples; n += 4) {
                VectorCombinations.four(parameters, weight + i, inputs, outputs, dy, n, dx, n * inputs + i);
            }
        }
    }

    /**
     * Brings a stretch of every row near, in the order the prefetcher follows: a tile's own loads jump from row to row, and in
     * a step, where weights come from afar, they took half as long again.
     */
    private void fetch(float[] parameters, int first, int length) {
        for (int o = 0; o < outputs; o++) {
            VectorCombinations.read(parameters, weight + o * inputs + first, length, room);
        }
    }

    /** The sum of the squares of an example's inputs. */
    public double squaredNorm(float[] x, int example) {
        double total = VectorChannels.squares(x, example * inputs, whole, room);
        for (int i = example * inputs + whole; i < (example + 1) * inputs; i++) {
            total += (double) x[i] * x[i];
        }
        return total;
    }
}
