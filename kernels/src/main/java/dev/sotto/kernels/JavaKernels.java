package dev.sotto.kernels;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The kernels in plain Java: the meaning of each operation as simply as loops can say it, for JVMs without vectors. */
final class JavaKernels implements Kernels {
    static final Kernels INSTANCE = new JavaKernels();
    private static final int LANES = 8;

    private JavaKernels() {}

    @Override
    public String description() {
        return "java, " + LANES + " lanes";
    }

    @Override
    public int lanes() {
        return LANES;
    }

    @Override
    public Convolution convolution(ConvolutionShape shape, boolean inputGradient) {
        return new DirectConvolution(this, shape, inputGradient);
    }

    @Override
    public Optional<ChannelStack> stack(List<StackLayer> layers) {
        return Optional.empty();
    }

    @Override
    public int tileRows(int rows) {
        return 1;
    }

    @Override
    public int tileColumns(int tileRows) {
        return 4;
    }

    @Override
    public int gradientRows(int rows) {
        return 1;
    }

    @Override
    public int gradientTaps(int gradientRows) {
        return 1;
    }

    @Override
    public void correlate(Correlation plan, float[] in, float[] weights, float[] bias, float[] out) {
        for (int block = 0; block < plan.blocks(); block++) {
            int[] taps = plan.tapsOf[block];
            for (int r = 0; r < plan.rows; r++) {
                for (int c = block * plan.tileColumns; c < (block + 1) * plan.tileColumns; c++) {
                    int to = plan.to[c] + r * plan.rowStride;
                    Arrays.fill(out, to, to + LANES, bias[r]);
                    for (int k = 0; k < taps.length; k += 2) {
                        add(in, plan.from[c] + taps[k], weights[r * plan.taps + taps[k + 1]], out, to);
                    }
                }
            }
        }
    }

    private static void add(float[] x, int from, float factor, float[] y, int to) {
        for (int l = 0; l < LANES; l++) {
            y[to + l] += factor * x[from + l];
        }
    }

    private static void addProduct(float[] x, int xAt, float[] y, int yAt, float[] sum, int at) {
        for (int l = 0; l < LANES; l++) {
            sum[at + l] += x[xAt + l] * y[yAt + l];
        }
    }

    @Override
    public void weightGradients(TapGradients plan, float[] in, float[] upstream, float[] gradients) {
        int taps = plan.taps.length;
        Arrays.fill(gradients, 0, plan.rows * taps * LANES, 0f);
        for (int r = 0; r < plan.rows; r++) {
            for (int t = 0; t < taps; t++) {
                int at = (r * taps + t) * LANES;
                for (int k = 0; k < plan.positions.length; k++) {
                    int up = (r * plan.positions.length + k) * LANES;
                    addProduct(in, plan.positions[k] + plan.taps[t], upstream, up, gradients, at);
                }
            }
        }
    }

    @Override
    public void rowSums(float[] x, int rows, int length, float[] out) {
        Arrays.fill(out, 0, rows * LANES, 0f);
        for (int i = 0; i < rows * length; i++) {
            add(x, i * LANES, 1f, out, i / length * LANES);
        }
    }

    @Override
    public void dense(float[] parameters, int weight, int bias, int outputs, int inputs, float[] x, float[] y) {
        for (int o = 0; o < outputs; o++) {
            Arrays.fill(y, o * LANES, (o + 1) * LANES, parameters[bias + o]);
            for (int i = 0; i < inputs; i++) {
                add(x, i * LANES, parameters[weight + o * inputs + i], y, o * LANES);
            }
        }
    }

    @Override
    public void denseInput(float[] parameters, int weight, int outputs, int inputs, float[] dy, float[] dx) {
        Arrays.fill(dx, 0, inputs * LANES, 0f);
        for (int o = 0; o < outputs; o++) {
            for (int i = 0; i < inputs; i++) {
                add(dy, o * LANES, parameters[weight + o * inputs + i], dx, i * LANES);
            }
        }
    }

    @Override
    public void denseWeights(
            float[] dy,
            float[] x,
            int examples,
            int outputs,
            int inputs,
            int first,
            int end,
            float[] sum,
            int weight,
            int bias) {
        for (int o = first; o < end; o++) {
            for (int n = 0; n < examples; n++) {
                float g = dy[n * outputs + o];
                sum[bias + o] += g;
                for (int i = 0; i < inputs; i++) {
                    sum[weight + o * inputs + i] += g * x[n * inputs + i];
                }
            }
        }
    }

    @Override
    public Optional<DenseRows> denseRows(int weight, int bias, int outputs, int inputs) {
        return Optional.empty();
    }

    @Override
    public void toExamples(float[] x, int rows, int examples, float[] byExample) {
        Transposition.toExamples(x, rows, examples, LANES, byExample);
    }

    @Override
    public void toLanes(float[] byExample, int rows, int examples, float[] x) {
        Transposition.toLanes(byExample, rows, examples, LANES, x);
    }

    @Override
    public void respace(float[] from, int fromAt, int fromStep, float[] to, int toAt, int toStep, int count) {
        for (int i = 0; i < count; i++) {
            System.arraycopy(from, fromAt + i * fromStep, to, toAt + i * toStep, LANES);
        }
    }

    @Override
    public void squares(float[] x, int rows, float[] into) {
        for (int l = 0; l < LANES; l++) {
            double sum = 0;
            for (int i = 0; i < rows; i++) {
                double v = x[i * LANES + l];
                sum += v * v;
            }
            into[l] = (float) sum;
        }
    }

    @Override
    public void reduce(float[] x, int rows, float[] factors, float[] sum, int at) {
        for (int i = 0; i < rows; i++) {
            float total = 0;
            for (int l = 0; l < LANES; l++) {
                total += factors[l] == 0 ? 0 : x[i * LANES + l] * factors[l];
            }
            sum[at + i] += total;
        }
    }

    @Override
    public void scale(float[] x, int rows, float[] factors) {
        for (int i = 0; i < rows * LANES; i++) {
            float factor = factors[i % LANES];
            x[i] = factor == 0 ? 0 : x[i] * factor;
        }
    }

    @Override
    public void multiply(float[] x, float[] y, int length) {
        for (int i = 0; i < length; i++) {
            x[i] *= y[i];
        }
    }

    @Override
    public void relu(float[] x, float[] y, int length) {
        for (int i = 0; i < length; i++) {
            y[i] = x[i] <= 0 ? 0 : x[i];
        }
    }

    @Override
    public void reluGradient(float[] y, float[] dy, float[] dx, int length) {
        for (int i = 0; i < length; i++) {
            dx[i] = y[i] > 0 ? dy[i] : 0;
        }
    }

    @Override
    public void sigmoid(float scale, float temperature, float offset, float[] x, float[] y, int length) {
        for (int i = 0; i < length; i++) {
            y[i] = scale * Exponential.logistic(temperature * x[i]) - offset;
        }
    }

    @Override
    public void sigmoidGradient(
            float scale, float temperature, float offset, float[] y, float[] dy, float[] dx, int length) {
        float inverse = scale == 0 ? 0 : 1 / scale;
        for (int i = 0; i < length; i++) {
            float u = y[i] + offset;
            dx[i] = dy[i] * temperature * u * (1 - u * inverse);
        }
    }

    @Override
    public void gelu(float[] x, float[] y, int length) {
        for (int i = 0; i < length; i++) {
            y[i] = x[i] * Exponential.logistic(Exponential.geluArgument(x[i]));
        }
    }

    @Override
    public void geluGradient(float[] x, float[] dy, float[] dx, int length) {
        for (int i = 0; i < length; i++) {
            float s = Exponential.logistic(Exponential.geluArgument(x[i]));
            float slope = 3 * Exponential.GELU_CUBE * x[i] * x[i] + Exponential.GELU_LINE;
            dx[i] = dy[i] * (s + x[i] * s * (1 - s) * slope);
        }
    }

    @Override
    public void maxPool(PoolWindows windows, float[] in, float[] out) {
        JavaPooling.max(windows, LANES, in, out);
    }

    @Override
    public void maxPoolGradient(PoolWindows windows, float[] in, float[] out, float[] dout, float[] din) {
        JavaPooling.maxGradient(windows, LANES, in, out, dout, din);
    }

    @Override
    public void averagePool(PoolWindows windows, float[] in, float[] out) {
        JavaPooling.average(windows, LANES, in, out);
    }

    @Override
    public void averagePoolGradient(PoolWindows windows, float[] dout, float[] din) {
        JavaPooling.averageGradient(windows, LANES, dout, din);
    }

    @Override
    public void normalise(
            Normalisation shape,
            float[] parameters,
            int weight,
            int bias,
            float[] x,
            float[] y,
            float[] normalised,
            float[] inverse) {
        JavaNormalisation.normalise(shape, LANES, parameters, weight, bias, x, y, normalised, inverse);
    }

    @Override
    public void normaliseGradient(
            Normalisation shape,
            float[] parameters,
            int weight,
            float[] normalised,
            float[] inverse,
            float[] dy,
            float[] dx,
            float[] dweight,
            float[] dbias) {
        JavaNormalisation.gradient(shape, LANES, parameters, weight, normalised, inverse, dy, dx, dweight, dbias);
    }
}
