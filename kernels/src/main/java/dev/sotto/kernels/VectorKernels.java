package dev.sotto.kernels;

import java.util.List;
import java.util.Optional;

/** The kernels on the Vector API; each family of operations has a class of its own. */
final class VectorKernels implements Kernels {
    static final Kernels INSTANCE = new VectorKernels();

    private VectorKernels() {}

    @Override
    public String description() {
        return "vector, " + Lanes.COUNT + " lanes";
    }

    @Override
    public int lanes() {
        return Lanes.COUNT;
    }

    @Override
    public Convolution convolution(ConvolutionShape shape, boolean inputGradient) {
        return new DirectConvolution(this, shape, inputGradient);
    }

    @Override
    public Optional<ChannelStack> stack(List<StackLayer> layers) {
        return Optional.ofNullable(ChannelStack.of(layers));
    }

    private static boolean sixFitsBetter(int rows) {
        return (rows + 5) / 6 * 6 < (rows + 3) / 4 * 4;
    }

    @Override
    public int tileRows(int rows) {
        return Lanes.COUNT == 16 && sixFitsBetter(rows) ? 6 : 4;
    }

    @Override
    public int tileColumns(int tileRows) {
        return Lanes.COUNT < 16 ? 3 : tileRows == 6 ? 3 : 5;
    }

    @Override
    public int gradientRows(int rows) {
        if (Lanes.COUNT < 16) {
            return 3;
        }
        return sixFitsBetter(rows) ? 6 : 4;
    }

    @Override
    public int gradientTaps(int gradientRows) {
        return gradientRows == 4 ? 5 : 3;
    }

    @Override
    public void correlate(Correlation plan, float[] in, float[] weights, float[] bias, float[] out) {
        VectorCorrelation.correlate(plan, in, weights, bias, out);
    }

    @Override
    public void weightGradients(TapGradients plan, float[] in, float[] upstream, float[] gradients) {
        VectorTapGradients.weightGradients(plan, in, upstream, gradients);
    }

    @Override
    public void rowSums(float[] x, int rows, int length, float[] out) {
        VectorReductions.rowSums(x, rows, length, out);
    }

    @Override
    public void dense(float[] parameters, int weight, int bias, int outputs, int inputs, float[] x, float[] y) {
        VectorDense.dense(parameters, weight, bias, outputs, inputs, x, y);
    }

    @Override
    public void denseInput(float[] parameters, int weight, int outputs, int inputs, float[] dy, float[] dx) {
        VectorDense.denseInput(parameters, weight, outputs, inputs, dy, dx);
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
        VectorDense.weights(dy, x, examples, outputs, inputs, first, end, sum, weight, bias);
    }

    @Override
    public Optional<DenseRows> denseRows(int weight, int bias, int outputs, int inputs) {
        return Optional.ofNullable(DenseRows.of(weight, bias, outputs, inputs));
    }

    @Override
    public void toExamples(float[] x, int rows, int examples, float[] byExample) {
        Transposition.toExamples(x, rows, examples, Lanes.COUNT, byExample);
    }

    @Override
    public void toLanes(float[] byExample, int rows, int examples, float[] x) {
        Transposition.toLanes(byExample, rows, examples, Lanes.COUNT, x);
    }

    @Override
    public void respace(float[] from, int fromAt, int fromStep, float[] to, int toAt, int toStep, int count) {
        for (int i = 0; i < count; i++) {
            Lanes.load(from, fromAt + i * fromStep).intoArray(to, toAt + i * toStep);
        }
    }

    @Override
    public void squares(float[] x, int rows, float[] into) {
        VectorReductions.squares(x, rows, into);
    }

    @Override
    public void reduce(float[] x, int rows, float[] factors, float[] sum, int at) {
        VectorLaneSums.add(x, rows, factors, sum, at);
    }

    @Override
    public void scale(float[] x, int rows, float[] factors) {
        VectorReductions.scale(x, rows, factors);
    }

    @Override
    public void multiply(float[] x, float[] y, int length) {
        VectorActivations.multiply(x, y, length);
    }

    @Override
    public void relu(float[] x, float[] y, int length) {
        VectorActivations.relu(x, y, length);
    }

    @Override
    public void reluGradient(float[] y, float[] dy, float[] dx, int length) {
        VectorActivations.reluGradient(y, dy, dx, length);
    }

    @Override
    public void sigmoid(float scale, float temperature, float offset, float[] x, float[] y, int length) {
        VectorActivations.sigmoid(scale, temperature, offset, x, y, length);
    }

    @Override
    public void sigmoidGradient(
            float scale, float temperature, float offset, float[] y, float[] dy, float[] dx, int length) {
        VectorActivations.sigmoidGradient(scale, temperature, offset, y, dy, dx, length);
    }

    @Override
    public void gelu(float[] x, float[] y, int length) {
        VectorActivations.gelu(x, y, length);
    }

    @Override
    public void geluGradient(float[] x, float[] dy, float[] dx, int length) {
        VectorActivations.geluGradient(x, dy, dx, length);
    }

    @Override
    public void maxPool(PoolWindows windows, float[] in, float[] out) {
        VectorPooling.max(windows, in, out);
    }

    @Override
    public void maxPoolGradient(PoolWindows windows, float[] in, float[] out, float[] dout, float[] din) {
        VectorPooling.maxGradient(windows, in, out, dout, din);
    }

    @Override
    public void averagePool(PoolWindows windows, float[] in, float[] out) {
        VectorPooling.average(windows, in, out);
    }

    @Override
    public void averagePoolGradient(PoolWindows windows, float[] dout, float[] din) {
        VectorPooling.averageGradient(windows, dout, din);
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
        VectorNormalisation.normalise(shape, parameters, weight, bias, x, y, normalised, inverse);
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
        VectorNormalisation.gradient(shape, parameters, weight, normalised, inverse, dy, dx, dweight, dbias);
    }
}
