package dev.sotto.kernels;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The tables of a convolution for one pitch. With as many floats a position as lanes, every position is a vector. With
 * fewer (a group that does not fill the lanes, stride 1), positions of a row follow each other closely, vectors span
 * several of them, and a kernel column is a shift by the pitch: all lanes work whatever the group's size. A row's last
 * vector then overlaps the one before. Immutable.
 */
final class ConvolutionPlan {
    final Border in;
    final Correlation forward;
    /** Null where nobody needs the input gradient. */
    final Correlation backward;

    final Border upstream;

    private final Kernels kernels;
    private final ConvolutionShape shape;
    private final int pitch;

    /** A vector of outputs or of input gradients in a row: where it reads and writes, and which columns it spans. */
    private record Column(int from, int to, int first, int last) {}

    ConvolutionPlan(Kernels kernels, ConvolutionShape shape, int pitch, boolean inputGradient) {
        this.kernels = kernels;
        this.shape = shape;
        this.pitch = pitch;
        int pad = shape.padding();
        in = new Border(shape.inChannels(), shape.inHeight(), shape.inWidth(), pad, pad, pad, pad, pitch);
        int reach = (shape.kernel() - 1) / shape.stride();
        int left = Math.max(0, reach - pad / shape.stride());
        int right = Math.max(0, (shape.inWidth() - 1 + pad) / shape.stride() - (shape.outWidth() - 1));
        upstream = new Border(shape.outChannels(), shape.outHeight(), shape.outWidth(), 0, left, 0, right, pitch);
        forward = forward();
        backward = inputGradient ? backward() : null;
    }

    /** Offsets of the taps into the bordered input. */
    int[] tapOffsets() {
        int kernel = shape.kernel();
        int[] offsets = new int[shape.taps()];
        for (int tap = 0; tap < offsets.length; tap++) {
            offsets[tap] = in.offset(tap / (kernel * kernel), tap / kernel % kernel, tap % kernel);
        }
        return offsets;
    }

    /** Offset of an output position's window in the bordered input. */
    int window(int oy, int ox) {
        return in.offset(0, oy * shape.stride(), ox * shape.stride());
    }

    private List<Integer> vectorsOfRow(int width) {
        List<Integer> starts = new ArrayList<>();
        int end = width * pitch;
        for (int v = 0; v < end; v += kernels.lanes()) {
            starts.add(Math.min(v, end - kernels.lanes()));
        }
        return starts;
    }

    private Correlation forward() {
        Correlation.Builder plan =
                new Correlation.Builder(kernels, shape.outChannels(), shape.outPositions() * pitch, shape.taps());
        Map<List<Integer>, List<int[]>> rowsOfTaps = new HashMap<>();
        List<List<Integer>> order = new ArrayList<>();
        for (int oy = 0; oy < shape.outHeight(); oy++) {
            int above = oy * shape.stride() - shape.padding();
            List<Integer> kernelRows = List.of(Math.max(0, -above), Math.min(shape.kernel(), shape.inHeight() - above));
            if (!rowsOfTaps.containsKey(kernelRows)) {
                rowsOfTaps.put(kernelRows, new ArrayList<>());
                order.add(kernelRows);
            }
            int row = oy * shape.outWidth() * pitch;
            for (int v : vectorsOfRow(shape.outWidth())) {
                int from = pitch == kernels.lanes() ? window(oy, v / pitch) : window(oy, 0) + v;
                rowsOfTaps.get(kernelRows).add(new int[] {from, row + v});
            }
        }
        for (List<Integer> kernelRows : order) {
            plan.positions(rowsOfTaps.get(kernelRows), forwardTaps(plan, kernelRows.get(0), kernelRows.get(1)));
        }
        return plan.build();
    }

    /** The taps of some rows of the kernel: the others would only meet padding. */
    private int[] forwardTaps(Correlation.Builder plan, int firstRow, int endRow) {
        List<Integer> list = new ArrayList<>();
        int[] offsets = tapOffsets();
        for (int tap = 0; tap < offsets.length; tap++) {
            int ky = tap / shape.kernel() % shape.kernel();
            if (ky >= firstRow && ky < endRow) {
                plan.tap(list, offsets[tap], tap);
            }
        }
        return toArray(list);
    }

    private Correlation backward() {
        int taps = shape.outChannels() * shape.kernel() * shape.kernel();
        int plane = shape.inHeight() * shape.inWidth() * pitch;
        Correlation.Builder plan = new Correlation.Builder(kernels, shape.inChannels(), plane, taps);
        Map<List<Integer>, int[]> tables = new HashMap<>();
        for (int phase = 0; phase < Math.min(shape.stride(), shape.inWidth()); phase++) {
            List<Column> columns = columnsOfPhase(phase);
            for (int y = 0; y < shape.inHeight(); y++) {
                for (int first = 0; first < columns.size(); first += plan.tileColumns) {
                    int end = Math.min(first + plan.tileColumns, columns.size());
                    backwardBlock(plan, tables, y, columns.subList(first, end));
                }
            }
        }
        return plan.build();
    }

    /** Input columns whose distance is a multiple of the stride: they meet the same kernel columns, shifted. */
    private List<Column> columnsOfPhase(int phase) {
        List<Column> columns = new ArrayList<>();
        int pad = shape.padding();
        if (pitch == kernels.lanes()) {
            for (int x = phase; x < shape.inWidth(); x += shape.stride()) {
                columns.add(new Column((x + pad) / shape.stride() * pitch, x * pitch, x, x));
            }
        } else {
            for (int v : vectorsOfRow(shape.inWidth())) {
                columns.add(new Column(v + pad * pitch, v, v / pitch, (v + kernels.lanes() - 1) / pitch));
            }
        }
        return columns;
    }

    private void backwardBlock(
            Correlation.Builder plan, Map<List<Integer>, int[]> tables, int y, List<Column> columns) {
        int stride = shape.stride();
        int pad = shape.padding();
        int oy = (y + pad) / stride;
        int firstX = columns.get(0).first() + pad;
        int lastX = columns.get(columns.size() - 1).last() + pad;
        Taps rows = Taps.meeting(oy, oy, (y + pad) % stride, shape.outHeight(), shape.kernel(), stride);
        Taps across = Taps.meeting(
                firstX / stride, lastX / stride, firstX % stride, shape.outWidth(), shape.kernel(), stride);
        int[] table = tables.computeIfAbsent(
                List.of(rows.start(), rows.low(), rows.high(), across.start(), across.low(), across.high()),
                key -> backwardTaps(plan, rows, across));
        List<int[]> positions = new ArrayList<>();
        for (Column column : columns) {
            int from = upstream.origin() + upstream.offset(0, oy, 0) + column.from();
            positions.add(new int[] {from, y * shape.inWidth() * pitch + column.to()});
        }
        plan.positions(positions, table);
    }

    /** Kernel indices {@code start + j stride} for j from {@code low} to {@code high}; they meet outputs {@code o - j}. */
    private record Taps(int start, int low, int high) {
        static Taps meeting(int firstOutput, int lastOutput, int start, int outputs, int kernel, int stride) {
            int high = start < kernel ? Math.min(lastOutput, (kernel - 1 - start) / stride) : -1;
            return new Taps(start, Math.max(0, firstOutput - (outputs - 1)), high);
        }
    }

    private int[] backwardTaps(Correlation.Builder plan, Taps rows, Taps across) {
        int kernel = shape.kernel();
        int stride = shape.stride();
        List<Integer> list = new ArrayList<>();
        for (int oc = 0; oc < shape.outChannels(); oc++) {
            for (int j = rows.low(); j <= rows.high(); j++) {
                for (int i = across.low(); i <= across.high(); i++) {
                    int ky = rows.start() + j * stride;
                    int kx = across.start() + i * stride;
                    plan.tap(list, upstream.offset(oc, -j, -i), (oc * kernel + ky) * kernel + kx);
                }
            }
        }
        return toArray(list);
    }

    private static int[] toArray(List<Integer> list) {
        return list.stream().mapToInt(i -> i).toArray();
    }
}
