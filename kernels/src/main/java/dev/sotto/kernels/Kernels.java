package dev.sotto.kernels;

import java.util.List;
import java.util.Optional;

/**
 * Arithmetic on lane-major arrays. A lane-major array holds {@code rows x lanes()} floats: row {@code i} is value {@code i}
 * of {@code lanes()} examples, one example a lane, so value {@code i} of lane {@code l} is at {@code i * lanes() + l}.
 *
 * <p>Implementations are stateless, thread-safe and deterministic, allocate nothing, and give the same bits whether
 * interpreted or compiled. Two implementations agree to rounding (1e-5 on values of order one). Arrays may be longer than
 * what is asked of them. Arguments are not checked beyond the bounds of the arrays.
 */
public interface Kernels {
    /** What computes, such as {@code vector, 16 lanes}; for provenance. */
    String description();

    /** How many examples one lane-major row holds. */
    int lanes();

    /**
     * Plans a convolution by itself.
     *
     * @param inputGradient whether {@link Convolution#inputGradient} will be called
     */
    Convolution convolution(ConvolutionShape shape, boolean inputGradient);

    /**
     * Plans layers that follow each other as one, where that is faster.
     *
     * @param layers the network's, from one of them on
     * @return a stack of the first {@link ChannelStack#length()} of them
     */
    Optional<ChannelStack> stack(List<StackLayer> layers);

    /** How many output rows one tile computes at once, for a layer with so many. */
    int tileRows(int rows);

    /** How many positions one tile of {@code tileRows} rows computes at once. */
    int tileColumns(int tileRows);

    /** How many rows one tile of weight gradients computes at once, for a layer with so many. */
    int gradientRows(int rows);

    /** How many taps one tile of {@code gradientRows} rows computes at once. */
    int gradientTaps(int gradientRows);

    /**
     * For each row r and position of the plan: {@code out = bias[r] + sum over taps of weight[r, tap] * in[position + tap]}.
     *
     * @param weights packed as {@link Correlation#pack} does
     * @param bias one value per row, padded to whole tiles
     */
    void correlate(Correlation plan, float[] in, float[] weights, float[] bias, float[] out);

    /**
     * For each row r, tap t and lane: {@code gradients[r, t] = sum over positions of upstream[r, position] * in[position +
     * t]}. Lane by lane, so these are per-example gradients.
     *
     * @param gradients lane-major, {@code rows x taps}; overwritten
     */
    void weightGradients(TapGradients plan, float[] in, float[] upstream, float[] gradients);

    /** {@code out[r] = sum over i of x[r, i]}, for lane-major {@code x} of {@code rows x length}. */
    void rowSums(float[] x, int rows, int length, float[] out);

    /**
     * A dense layer, {@code y = W x + b}: {@code W} is {@code parameters[weight + o * inputs + i]}, {@code b} is {@code
     * parameters[bias + o]}.
     */
    void dense(float[] parameters, int weight, int bias, int outputs, int inputs, float[] x, float[] y);

    /** The gradient of a dense layer's input, {@code dx = W^T dy}. */
    void denseInput(float[] parameters, int weight, int outputs, int inputs, float[] dy, float[] dx);

    /**
     * The sum over a group of examples of a dense layer's weight gradients: {@code sum[weight + o * inputs + i] += sum over n
     * of dy[n, o] * x[n, i]}, and the same for the bias. Only outputs {@code first <= o < end}; their sums are the same
     * whatever the range.
     *
     * @param dy {@code examples x outputs}, example-major
     * @param x the layer's input, {@code examples x inputs}, example-major
     */
    void denseWeights(
            float[] dy,
            float[] x,
            int examples,
            int outputs,
            int inputs,
            int first,
            int end,
            float[] sum,
            int weight,
            int bias);

    /**
     * Plans a dense layer on examples that follow each other, where that is faster.
     *
     * @param weight where its weights lie in the flat parameters, as {@link #dense} has them
     * @param bias where its biases lie
     */
    Optional<DenseRows> denseRows(int weight, int bias, int outputs, int inputs);

    /** Lane-major {@code x} of {@code rows} rows to example-major, the first {@code examples} lanes. */
    void toExamples(float[] x, int rows, int examples, float[] byExample);

    /** Example-major to lane-major; lanes from {@code examples} on become zero. */
    void toLanes(float[] byExample, int rows, int examples, float[] x);

    /**
     * Copies {@code count} vectors of {@code lanes()} floats, in ascending order, from every {@code fromStep}-th float to
     * every {@code toStep}-th: where they overlap, later ones win.
     */
    void respace(float[] from, int fromAt, int fromStep, float[] to, int toAt, int toStep, int count);

    /** {@code into[lane] = sum over rows of x^2}, with an error of a few units in the last place however many rows. */
    void squares(float[] x, int rows, float[] into);

    /**
     * {@code sum[at + i] += sum over lanes of x[i, lane] * factors[lane]}; lanes whose factor is zero add nothing, whatever
     * they hold. Destroys {@code x}.
     */
    void reduce(float[] x, int rows, float[] factors, float[] sum, int at);

    /** {@code x[i, lane] *= factors[lane]}; lanes whose factor is zero become zero, whatever they hold. */
    void scale(float[] x, int rows, float[] factors);

    /** {@code x *= y}, over {@code length} floats. */
    void multiply(float[] x, float[] y, int length);

    /** {@code y = max(x, 0)}, over {@code length} floats; NaN stays NaN. May be in place. */
    void relu(float[] x, float[] y, int length);

    /** {@code dx = dy where y > 0, else 0}. May be in place. */
    void reluGradient(float[] y, float[] dy, float[] dx, int length);

    /** {@code y = scale / (1 + exp(-temperature x)) - offset}. May be in place. */
    void sigmoid(float scale, float temperature, float offset, float[] x, float[] y, int length);

    /** {@code dx = dy * dy/dx}, from the output {@code y} of {@link #sigmoid}. May be in place. */
    void sigmoidGradient(float scale, float temperature, float offset, float[] y, float[] dy, float[] dx, int length);

    /** The tanh form of the Gaussian error linear unit (Hendrycks and Gimpel, 2016). */
    void gelu(float[] x, float[] y, int length);

    /** {@code dx = dy * dy/dx}, from the input {@code x} of {@link #gelu}. */
    void geluGradient(float[] x, float[] dy, float[] dx, int length);

    /** Largest value of each window. */
    void maxPool(PoolWindows windows, float[] in, float[] out);

    /**
     * The gradient of {@link #maxPool}: each window's goes to the first position that holds its largest value. Where a window
     * holds NaN it has no meaning.
     */
    void maxPoolGradient(PoolWindows windows, float[] in, float[] out, float[] dout, float[] din);

    /** Sum of each window divided by the kernel's area: padding counts as zeros. */
    void averagePool(PoolWindows windows, float[] in, float[] out);

    /** The gradient of {@link #averagePool}. */
    void averagePoolGradient(PoolWindows windows, float[] dout, float[] din);

    /**
     * Normalises each segment to mean 0 and variance 1, then scales and shifts.
     *
     * @param parameters holds scales from {@code weight} on, shifts from {@code bias} on
     * @param normalised receives the values before scale and shift
     * @param inverse receives 1/sqrt(variance + epsilon), one lane-major row per segment
     */
    void normalise(
            Normalisation shape,
            float[] parameters,
            int weight,
            int bias,
            float[] x,
            float[] y,
            float[] normalised,
            float[] inverse);

    /**
     * The gradients of {@link #normalise}.
     *
     * @param dweight receives per-lane gradients of the scales, lane-major
     * @param dbias receives per-lane gradients of the shifts, lane-major
     */
    void normaliseGradient(
            Normalisation shape,
            float[] parameters,
            int weight,
            float[] normalised,
            float[] inverse,
            float[] dy,
            float[] dx,
            float[] dweight,
            float[] dbias);

    /**
     * The kernels of this process, chosen once: the Vector API where the module {@code jdk.incubator.vector} is present,
     * otherwise plain Java. The system property {@code sotto.kernels} chooses otherwise: {@code java}, {@code vector}, or
     * {@code vector-4}, {@code vector-8}, {@code vector-16} for a number of lanes.
     *
     * @throws IllegalArgumentException if the property has another value
     */
    static Kernels chosen() {
        return KernelChoice.CHOSEN;
    }

    /** Plain Java, present everywhere. */
    static Kernels plain() {
        return JavaKernels.INSTANCE;
    }
}
