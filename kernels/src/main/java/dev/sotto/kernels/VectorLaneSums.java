package dev.sotto.kernels;

import static dev.sotto.kernels.Lanes.COUNT;
import static dev.sotto.kernels.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShuffle;

/**
 * Sums over the lanes of rows, for as many rows at once as there are lanes: two vectors become one that holds the sums of
 * lanes half a vector apart, then a quarter, and so on. Two such steps are done between loading and storing, because more
 * would pass the compiler's limits. Several times faster than the horizontal sum of each row.
 */
final class VectorLaneSums {
    /** Rows that stay in the first-level cache. */
    private static final int CHUNK = 64;

    private static final int HALF = COUNT / 2;
    private static final int QUARTER = COUNT / 4;

    private static final VectorShuffle<Float> ONE = VectorTransposition.exchange(1);
    private static final VectorShuffle<Float> TWO = VectorTransposition.exchange(2);
    private static final VectorShuffle<Float> QUARTERS = VectorTransposition.exchange(QUARTER);
    private static final VectorShuffle<Float> HALVES = VectorTransposition.exchange(HALF);
    private static final VectorMask<Float> UPPER_ONE = VectorTransposition.upper(1);
    private static final VectorMask<Float> UPPER_TWO = VectorTransposition.upper(2);
    private static final VectorMask<Float> UPPER_QUARTERS = VectorTransposition.upper(QUARTER);
    private static final VectorMask<Float> UPPER_HALF = VectorTransposition.upper(HALF);
    /** Where a row's sum is found: the quarters of a vector belong to rows 0, 2, 1 and 3 of each four. */
    private static final VectorShuffle<Float> ORDER =
            VectorShuffle.fromOp(SPECIES, row -> (row % 2 * 2 + row / 2 % 2) * QUARTER + row / 4);

    private VectorLaneSums() {}

    /**
     * {@code sum[at + i] += sum over lanes of x[i, lane] * factors[lane]}; lanes whose factor is zero add nothing, whatever
     * they hold. Destroys {@code x}.
     */
    static void add(float[] x, int rows, float[] factors, float[] sum, int at) {
        int whole = rows / COUNT * COUNT;
        for (int first = 0; first < whole; first += CHUNK) {
            int count = Math.min(CHUNK, whole - first);
            int from = first * COUNT;
            addQuarters(x, from, from + count * COUNT, factors);
            if (COUNT == 16) {
                finishFours(x, from, sum, at + first, at + first + count);
            } else if (COUNT == 8) {
                finishTwos(x, from, sum, at + first, at + first + count);
            } else {
                finish(x, from, sum, at + first, at + first + count);
            }
        }
        for (int i = whole; i < rows; i++) {
            float total = 0;
            for (int lane = 0; lane < COUNT; lane++) {
                total += factors[lane] == 0 ? 0 : x[i * COUNT + lane] * factors[lane];
            }
            sum[at + i] += total;
        }
    }

    /**
     * Four rows become one vector, which holds four sums of each. The upper half of a row and the lower of the next lie
     * together, so a load between the two rows is the exchange of halves.
     */
    private static void addQuarters(float[] x, int from, int end, float[] factors) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector f = FloatVector.fromArray(SPECIES, factors, 0);
        FloatVector g = f.rearrange(HALVES);
        VectorMask<Float> used = f.compare(VectorOperators.NE, 0f);
        VectorMask<Float> usedInside = g.compare(VectorOperators.NE, 0f);
        int to = from;
        for (int i = from; i < end; i += 4 * COUNT, to += COUNT) {
            FloatVector a = FloatVector.fromArray(SPECIES, x, i);
            FloatVector ab = FloatVector.fromArray(SPECIES, x, i + HALF);
            FloatVector b = FloatVector.fromArray(SPECIES, x, i + COUNT);
            FloatVector c = FloatVector.fromArray(SPECIES, x, i + 2 * COUNT);
            FloatVector cd = FloatVector.fromArray(SPECIES, x, i + 2 * COUNT + HALF);
            FloatVector d = FloatVector.fromArray(SPECIES, x, i + 3 * COUNT);
            FloatVector p = zero.blend(a.blend(b, UPPER_HALF), used).mul(f);
            FloatVector q = zero.blend(c.blend(d, UPPER_HALF), used).mul(f);
            p = zero.blend(ab, usedInside).fma(g, p);
            q = zero.blend(cd, usedInside).fma(g, q);
            p.blend(q, UPPER_QUARTERS)
                    .add(q.blend(p, UPPER_QUARTERS).rearrange(QUARTERS))
                    .intoArray(x, to);
        }
    }

    private static void finishFours(float[] x, int from, float[] sum, int at, int end) {
        int i = from;
        for (int to = at; to < end; to += COUNT, i += 4 * COUNT) {
            FloatVector a = FloatVector.fromArray(SPECIES, x, i);
            FloatVector b = FloatVector.fromArray(SPECIES, x, i + COUNT);
            FloatVector c = FloatVector.fromArray(SPECIES, x, i + 2 * COUNT);
            FloatVector d = FloatVector.fromArray(SPECIES, x, i + 3 * COUNT);
            FloatVector ac = a.blend(c, UPPER_TWO).add(c.blend(a, UPPER_TWO).rearrange(TWO));
            FloatVector bd = b.blend(d, UPPER_TWO).add(d.blend(b, UPPER_TWO).rearrange(TWO));
            FloatVector all =
                    ac.blend(bd, UPPER_ONE).add(bd.blend(ac, UPPER_ONE).rearrange(ONE));
            FloatVector.fromArray(SPECIES, sum, to).add(all.rearrange(ORDER)).intoArray(sum, to);
        }
    }

    private static void finishTwos(float[] x, int from, float[] sum, int at, int end) {
        int i = from;
        for (int to = at; to < end; to += COUNT, i += 2 * COUNT) {
            FloatVector a = FloatVector.fromArray(SPECIES, x, i);
            FloatVector b = FloatVector.fromArray(SPECIES, x, i + COUNT);
            FloatVector all = a.blend(b, UPPER_ONE).add(b.blend(a, UPPER_ONE).rearrange(ONE));
            FloatVector.fromArray(SPECIES, sum, to).add(all.rearrange(ORDER)).intoArray(sum, to);
        }
    }

    private static void finish(float[] x, int from, float[] sum, int at, int end) {
        int i = from;
        for (int to = at; to < end; to += COUNT, i += COUNT) {
            FloatVector all = FloatVector.fromArray(SPECIES, x, i);
            FloatVector.fromArray(SPECIES, sum, to).add(all.rearrange(ORDER)).intoArray(sum, to);
        }
    }
}
