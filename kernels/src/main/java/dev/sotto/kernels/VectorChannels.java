package dev.sotto.kernels;

import static dev.sotto.kernels.Lanes.COUNT;
import static dev.sotto.kernels.Lanes.SPECIES;
import static dev.sotto.kernels.Lanes.all;
import static dev.sotto.kernels.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Operations on positions whose channels follow each other, padded to whole vectors. */
final class VectorChannels {
    private static final int CHUNK = 64 * COUNT;

    private VectorChannels() {}

    static void relu(float[] x, int at, int length) {
        FloatVector zero = all(0);
        for (int i = at; i < at + length; i += COUNT) {
            FloatVector v = load(x, i);
            v.blend(zero, v.compare(VectorOperators.LE, 0f)).intoArray(x, i);
        }
    }

    static void reluGradient(float[] y, int at, float[] gradient, int gradientAt, int length) {
        FloatVector zero = all(0);
        for (int i = 0; i < length; i += COUNT) {
            zero.blend(load(gradient, gradientAt + i), load(y, at + i).compare(VectorOperators.GT, 0f))
                    .intoArray(gradient, gradientAt + i);
        }
    }

    /** The largest values of the window of {@code offsets[first .. end)}. */
    static void max(float[] in, int at, int[] offsets, int first, int end, int depth, float[] out, int to) {
        for (int c = 0; c < depth; c += COUNT) {
            FloatVector m = load(in, at + offsets[first] + c);
            for (int k = first + 1; k < end; k++) {
                m = m.max(load(in, at + offsets[k] + c));
            }
            m.intoArray(out, to + c);
        }
    }

    /** Adds each channel's gradient to the first position that holds its largest value. */
    static void maxGradient(
            float[] in,
            int at,
            int[] offsets,
            int first,
            int end,
            int depth,
            float[] out,
            int outAt,
            float[] dout,
            int doutAt,
            float[] din,
            int dinAt) {
        FloatVector zero = all(0);
        for (int c = 0; c < depth; c += COUNT) {
            FloatVector m = load(out, outAt + c);
            FloatVector g = load(dout, doutAt + c);
            for (int k = first; k < end; k++) {
                int i = offsets[k] + c;
                VectorMask<Float> here = load(in, at + i).eq(m);
                load(din, dinAt + i).add(zero.blend(g, here)).intoArray(din, dinAt + i);
                g = g.blend(zero, here);
            }
        }
    }

    /** The same for windows of four positions that are in no other: what they have is written, not added to. */
    static void quarterGradients(
            float[] in,
            int at,
            int[] offsets,
            int depth,
            float[] out,
            int outAt,
            float[] dout,
            int doutAt,
            float[] din,
            int dinAt) {
        for (int k = 0; k < offsets.length; k += 4) {
            int p = k / 4 * depth;
            quarter(
                    in,
                    at,
                    offsets[k],
                    offsets[k + 1],
                    offsets[k + 2],
                    offsets[k + 3],
                    depth,
                    out,
                    outAt + p,
                    dout,
                    doutAt + p,
                    din,
                    dinAt);
        }
    }

    private static void quarter(
            float[] in,
            int at,
            int p0,
            int p1,
            int p2,
            int p3,
            int depth,
            float[] out,
            int outAt,
            float[] dout,
            int doutAt,
            float[] din,
            int dinAt) {
        FloatVector zero = all(0);
        for (int c = 0; c < depth; c += COUNT) {
            FloatVector m = load(out, outAt + c);
            FloatVector g = load(dout, doutAt + c);
            VectorMask<Float> here = load(in, at + p0 + c).eq(m);
            zero.blend(g, here).intoArray(din, dinAt + p0 + c);
            g = g.blend(zero, here);
            here = load(in, at + p1 + c).eq(m);
            zero.blend(g, here).intoArray(din, dinAt + p1 + c);
            g = g.blend(zero, here);
            here = load(in, at + p2 + c).eq(m);
            zero.blend(g, here).intoArray(din, dinAt + p2 + c);
            g = g.blend(zero, here);
            here = load(in, at + p3 + c).eq(m);
            zero.blend(g, here).intoArray(din, dinAt + p3 + c);
        }
    }

    /** {@code out[c] = sum over rows of x[row, c]}. */
    static void sumRows(float[] x, int at, int rows, int depth, float[] out, int to) {
        for (int c = 0; c < depth; c += COUNT) {
            sumColumn(x, at + c, rows, depth, out, to + c);
        }
    }

    private static void sumColumn(float[] x, int at, int rows, int depth, float[] out, int to) {
        FloatVector a = all(0);
        FloatVector b = a;
        int r = 0;
        for (; r + 1 < rows; r += 2) {
            a = a.add(load(x, at + r * depth));
            b = b.add(load(x, at + r * depth + depth));
        }
        if (r < rows) {
            a = a.add(load(x, at + r * depth));
        }
        a.add(b).intoArray(out, to);
    }

    /** Copies {@code count} runs of {@code length} floats; whole vectors are written, so ascending runs may touch. */
    static void copy(float[] from, int at, int step, float[] to, int toAt, int toStep, int length, int count) {
        for (int i = 0; i < count; i++) {
            int a = at + i * step;
            int b = toAt + i * toStep;
            for (int j = 0; j < length; j += COUNT) {
                load(from, a + j).intoArray(to, b + j);
            }
        }
    }

    /** {@code sum += factor * x}. */
    static void addScaled(float factor, float[] x, int at, float[] sum, int length) {
        FloatVector f = all(factor);
        for (int i = 0; i < length; i += COUNT) {
            load(x, at + i).fma(f, load(sum, i)).intoArray(sum, i);
        }
    }

    /**
     * The sum of the squares of {@code x[at .. at + length)}, whole vectors: sums of chunks in single precision, added up in
     * double. Not {@link SquaredNorm}: its vectors are of another size, and compilers that have seen two sizes box them all.
     *
     * @param sums room for a vector
     */
    static double squares(float[] x, int at, int length, float[] sums) {
        double total = 0;
        for (int first = 0; first < length; first += CHUNK) {
            chunk(x, at + first, at + Math.min(length, first + CHUNK), sums);
            for (int lane = 0; lane < COUNT; lane++) {
                total += sums[lane];
            }
        }
        return total;
    }

    private static void chunk(float[] x, int first, int end, float[] sums) {
        FloatVector a = FloatVector.zero(SPECIES);
        for (int i = first; i < end; i += COUNT) {
            FloatVector v = load(x, i);
            a = v.fma(v, a);
        }
        a.intoArray(sums, 0);
    }
}
