package dev.sotto.kernels;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A convolution of lane-major arrays {@code [channel][y][x][lane]}: forward, input gradient, per-lane weight gradients.
 * Any kernel, stride and padding. Holds scratch memory and packed weights, so one thread at a time.
 *
 * <p>Padding is real zeros around a private copy, so tiles have no branches; taps that only meet those zeros are left out
 * of the tables where a whole row of positions agrees.
 */
public final class Convolution {
    private final Kernels kernels;
    private final ConvolutionShape shape;
    private final int lanes;

    private final Correlation forward;
    private final int[] forwardTaps;
    private final float[] forwardWeights;
    private final float[] bias;
    private final Border inBorder;
    private final TapGradients weights;

    private Correlation backward;
    private int[] backwardTaps;
    private float[] backwardWeights;
    private float[] noBias;
    private Border upBorder;

    /**
     * Plans the convolution.
     *
     * @param inputGradient whether {@link #inputGradient} will be called
     */
    public Convolution(Kernels kernels, ConvolutionShape shape, boolean inputGradient) {
        this.kernels = kernels;
        this.shape = shape;
        lanes = kernels.lanes();
        int pad = shape.padding();
        inBorder = new Border(shape.inChannels(), shape.inHeight(), shape.inWidth(), pad, pad, pad, pad, lanes);
        forward = planForward();
        forwardTaps = range(shape.taps());
        forwardWeights = new float[forward.packedSize()];
        bias = new float[forward.paddedRows()];
        weights = planWeights();
        if (inputGradient) {
            planBackward();
        }
    }

    /** Takes over the parameters; to be called whenever they changed. */
    public void load(float[] parameters, int weight, int biasAt) {
        forward.pack(parameters, weight, shape.taps(), forwardTaps, forwardWeights);
        for (int r = 0; r < bias.length; r++) {
            bias[r] = parameters[biasAt + Math.min(r, shape.outChannels() - 1)];
        }
        if (backward != null) {
            int area = shape.kernel() * shape.kernel();
            backward.pack(parameters, weight, area, backwardTaps, backwardWeights);
        }
    }

    /** The layer's output. {@code in} must stay as it is until {@link #weightGradients} has read it. */
    public void forward(float[] in, float[] out) {
        kernels.correlate(forward, inBorder.around(in), forwardWeights, bias, out);
    }

    /** Per-lane weight gradients, from the input last given to {@link #forward}. */
    public void weightGradients(float[] in, float[] upstream, float[] gradients) {
        kernels.weightGradients(weights, inBorder.last(in), upstream, gradients);
    }

    /** The gradient of the input. */
    public void inputGradient(float[] upstream, float[] din) {
        kernels.correlate(backward, upBorder.around(upstream), backwardWeights, noBias, din);
    }

    private int inPosition(int oy, int ox) {
        return (oy * shape.stride() * inBorder.fullWidth() + ox * shape.stride()) * lanes;
    }

    private int[] tapOffsets() {
        int kernel = shape.kernel();
        int[] offsets = new int[shape.taps()];
        for (int tap = 0; tap < offsets.length; tap++) {
            int ic = tap / (kernel * kernel);
            int ky = tap / kernel % kernel;
            offsets[tap] = inBorder.offset(ic, ky, tap % kernel);
        }
        return offsets;
    }

    private TapGradients planWeights() {
        int[] positions = new int[shape.outPositions()];
        for (int i = 0; i < positions.length; i++) {
            positions[i] = inPosition(i / shape.outWidth(), i % shape.outWidth());
        }
        return new TapGradients(kernels, shape.outChannels(), tapOffsets(), positions);
    }

    private Correlation planForward() {
        Correlation.Builder plan =
                new Correlation.Builder(kernels, shape.outChannels(), shape.outPositions() * lanes, shape.taps());
        int[] offsets = tapOffsets();
        Map<List<Integer>, int[]> tables = new HashMap<>();
        Map<Integer, List<int[]>> together = new HashMap<>();
        List<int[]> keys = new ArrayList<>();
        for (int oy = 0; oy < shape.outHeight(); oy++) {
            int top = oy * shape.stride() - shape.padding();
            int low = Math.max(0, -top);
            int high = Math.min(shape.kernel(), shape.inHeight() - top);
            int[] table = tables.computeIfAbsent(List.of(low, high), k -> {
                List<Integer> taps = new ArrayList<>();
                for (int tap = 0; tap < offsets.length; tap++) {
                    int ky = tap / shape.kernel() % shape.kernel();
                    if (ky >= low && ky < high) {
                        plan.tap(taps, offsets[tap], tap);
                    }
                }
                return toArray(taps);
            });
            int key = keys.indexOf(table);
            if (key < 0) {
                key = keys.size();
                keys.add(table);
            }
            List<int[]> positions = together.computeIfAbsent(key, k -> new ArrayList<>());
            for (int ox = 0; ox < shape.outWidth(); ox++) {
                positions.add(new int[] {inPosition(oy, ox), (oy * shape.outWidth() + ox) * lanes});
            }
        }
        for (int key = 0; key < keys.size(); key++) {
            plan.positions(together.get(key), keys.get(key));
        }
        return plan.build();
    }

    private void planBackward() {
        int kernel = shape.kernel();
        int stride = shape.stride();
        int pad = shape.padding();
        int reach = (kernel - 1) / stride;
        int left = Math.max(0, reach - pad / stride);
        int right = Math.max(0, (shape.inWidth() - 1 + pad) / stride - (shape.outWidth() - 1));
        upBorder = new Border(shape.outChannels(), shape.outHeight(), shape.outWidth(), 0, 0, left, right, lanes);
        int area = shape.inHeight() * shape.inWidth();
        int taps = shape.outChannels() * kernel * kernel;
        Correlation.Builder plan = new Correlation.Builder(kernels, shape.inChannels(), area * lanes, taps);
        Map<List<Integer>, int[]> tables = new HashMap<>();
        for (int y = 0; y < shape.inHeight(); y++) {
            for (int phase = 0; phase < Math.min(stride, shape.inWidth()); phase++) {
                List<Integer> columns = new ArrayList<>();
                for (int x = phase; x < shape.inWidth(); x += stride) {
                    columns.add(x);
                }
                for (int first = 0; first < columns.size(); first += plan.tileColumns) {
                    List<Integer> block = columns.subList(first, Math.min(first + plan.tileColumns, columns.size()));
                    planBackwardBlock(plan, tables, y, block);
                }
            }
        }
        backward = plan.build();
        backwardTaps = new int[taps];
        for (int tap = 0; tap < taps; tap++) {
            int oc = tap / (kernel * kernel);
            backwardTaps[tap] = oc * shape.taps() + tap % (kernel * kernel);
        }
        backwardWeights = new float[backward.packedSize()];
        noBias = new float[backward.paddedRows()];
    }

    /** Columns of one row whose distance is the stride: they meet the same kernel columns, shifted. */
    private void planBackwardBlock(
            Correlation.Builder plan, Map<List<Integer>, int[]> tables, int y, List<Integer> columns) {
        int kernel = shape.kernel();
        int stride = shape.stride();
        int oy = (y + shape.padding()) / stride;
        int ky0 = (y + shape.padding()) % stride;
        int kx0 = (columns.get(0) + shape.padding()) % stride;
        int firstOx = (columns.get(0) + shape.padding()) / stride;
        int lastOx = (columns.get(columns.size() - 1) + shape.padding()) / stride;
        int lowY = Math.max(0, oy - (shape.outHeight() - 1));
        int highY = Math.min(oy, (kernel - 1 - ky0) / stride);
        int lowX = Math.max(0, firstOx - (shape.outWidth() - 1));
        int highX = Math.min(lastOx, (kernel - 1 - kx0) / stride);
        if (ky0 >= kernel) {
            highY = -1;
        }
        if (kx0 >= kernel) {
            highX = -1;
        }
        int[] window = {ky0, lowY, highY, kx0, lowX, highX};
        int[] table = tables.computeIfAbsent(Arrays.stream(window).boxed().toList(), k -> {
            List<Integer> list = new ArrayList<>();
            for (int oc = 0; oc < shape.outChannels(); oc++) {
                for (int j = window[1]; j <= window[2]; j++) {
                    for (int i = window[4]; i <= window[5]; i++) {
                        int tap = (oc * kernel + window[0] + j * stride) * kernel + window[3] + i * stride;
                        plan.tap(list, upBorder.offset(oc, -j, -i), tap);
                    }
                }
            }
            return toArray(list);
        });
        List<int[]> positions = new ArrayList<>();
        for (int x : columns) {
            int ox = (x + shape.padding()) / stride;
            positions.add(
                    new int[] {upBorder.offset(0, oy, ox) + upBorder.origin(), (y * shape.inWidth() + x) * lanes});
        }
        plan.positions(positions, table);
    }

    private static int[] toArray(List<Integer> list) {
        return list.stream().mapToInt(i -> i).toArray();
    }

    private static int[] range(int n) {
        int[] range = new int[n];
        for (int i = 0; i < n; i++) {
            range[i] = i;
        }
        return range;
    }
}
