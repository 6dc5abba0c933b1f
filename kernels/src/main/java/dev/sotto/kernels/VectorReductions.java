package dev.sotto.kernels;

import static dev.sotto.kernels.Lanes.COUNT;
import static dev.sotto.kernels.Lanes.all;
import static dev.sotto.kernels.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/** Sums over rows, and what they are scaled by. */
final class VectorReductions {
    private static final int CHUNK = 64;

    private VectorReductions() {}

    static void rowSums(float[] x, int rows, int length, float[] out) {
        for (int r = 0; r < rows; r++) {
            rowSum(x, r * length * COUNT, length, out, r * COUNT);
        }
    }

    private static void rowSum(float[] x, int from, int length, float[] out, int to) {
        FloatVector a = all(0);
        FloatVector b = a;
        int i = 0;
        for (; i + 1 < length; i += 2) {
            a = a.add(load(x, from + i * COUNT));
            b = b.add(load(x, from + i * COUNT + COUNT));
        }
        if (i < length) {
            a = a.add(load(x, from + i * COUNT));
        }
        a.add(b).intoArray(out, to);
    }

    /** Sums of chunks, added up with compensation (Kahan, 1965): the clipped norm must not exceed its bound by rounding. */
    static void squares(float[] x, int rows, float[] into) {
        FloatVector sum = all(0);
        FloatVector lost = sum;
        for (int first = 0; first < rows; first += CHUNK) {
            chunk(x, first, Math.min(rows, first + CHUNK), into);
            FloatVector term = load(into, 0).sub(lost);
            FloatVector next = sum.add(term);
            lost = next.sub(sum).sub(term);
            sum = next;
        }
        sum.intoArray(into, 0);
    }

    /** The result goes through memory: a vector returned by a call that is not inlined is an object. */
    private static void chunk(float[] x, int first, int end, float[] into) {
        FloatVector a = all(0);
        FloatVector b = a;
        int i = first;
        for (; i + 1 < end; i += 2) {
            FloatVector u = load(x, i * COUNT);
            FloatVector v = load(x, i * COUNT + COUNT);
            a = u.fma(u, a);
            b = v.fma(v, b);
        }
        if (i < end) {
            FloatVector u = load(x, i * COUNT);
            a = u.fma(u, a);
        }
        a.add(b).intoArray(into, 0);
    }

    static void scale(float[] x, int rows, float[] factors) {
        FloatVector c = load(factors, 0);
        FloatVector zero = all(0);
        VectorMask<Float> used = c.compare(VectorOperators.NE, 0f);
        for (int i = 0; i < rows; i++) {
            zero.blend(load(x, i * COUNT), used).mul(c).intoArray(x, i * COUNT);
        }
    }
}
