package dev.sotto.kernels;

import static dev.sotto.kernels.GaussianScalar.C2;
import static dev.sotto.kernels.GaussianScalar.C4;
import static dev.sotto.kernels.GaussianScalar.C6;
import static dev.sotto.kernels.GaussianScalar.C8;
import static dev.sotto.kernels.GaussianScalar.HALF_TURN;
import static dev.sotto.kernels.GaussianScalar.L2;
import static dev.sotto.kernels.GaussianScalar.L4;
import static dev.sotto.kernels.GaussianScalar.L6;
import static dev.sotto.kernels.GaussianScalar.MINUS_2_LN2;
import static dev.sotto.kernels.GaussianScalar.ROOT_HALF;
import static dev.sotto.kernels.GaussianScalar.ROUNDER;
import static dev.sotto.kernels.GaussianScalar.S2;
import static dev.sotto.kernels.GaussianScalar.S4;
import static dev.sotto.kernels.GaussianScalar.S6;
import static dev.sotto.kernels.GaussianScalar.S8;
import static dev.sotto.kernels.GaussianScalar.SMALL_BITS;

import java.util.Objects;
import java.util.function.IntSupplier;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * A vector of pairs at a time. The lanes' own LOG, SIN and COS are not used: their last bits differ between the
 * interpreter, the compiler's intrinsics and machines, and a seeded run must not.
 */
final class GaussianVectors implements GaussianTransform {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;

    /** The bits of infinity; those of NaN are more. */
    private static final int INFINITY = 0x7F800000;

    /**
     * The loops, each behind a call that has three targets and so is never inlined: one method that holds them all is past
     * what the compiler will inline, and then vectors become objects and the whole runs at a tenth of its speed.
     */
    private static final Stage[] STAGES = {
        (words, lower, normals, from, half, whole) -> logarithms(words, normals, from, whole),
        (words, lower, normals, from, half, whole) -> small(words, lower, normals, from, whole),
        (words, lower, normals, from, half, whole) -> project(words, normals, from, half, whole)
    };

    @FunctionalInterface
    private interface Stage {
        void run(int[] words, IntSupplier lower, float[] normals, int from, int half, int whole);
    }

    @Override
    public void normals(int[] words, IntSupplier lower, float[] normals, int from, int to) {
        Objects.checkFromToIndex(from, to, normals.length);
        int half = (to - from + 1) / 2;
        Objects.checkFromToIndex(0, 2 * half, words.length);
        int whole = FLOATS.loopBound((to - from) / 2);
        for (Stage stage : STAGES) {
            stage.run(words, lower, normals, from, half, whole);
        }
        GaussianScalar.pairs(words, lower, normals, from, to, whole);
    }

    /** Writes -2 ln of each uniform number, taken from its upper half alone. */
    private static void logarithms(int[] words, float[] logarithms, int to, int whole) {
        for (int i = 0; i < whole; i += FLOATS.length()) {
            IntVector bits = toFloats(IntVector.fromArray(INTS, words, i).lanewise(VectorOperators.LSHR, 1))
                    .mul(0x1p-31f)
                    .add(0x1p-32f)
                    .reinterpretAsInts();
            IntVector exponent = bits.sub(ROOT_HALF).lanewise(VectorOperators.ASHR, 23);
            FloatVector f = bits.sub(exponent.lanewise(VectorOperators.LSHL, 23))
                    .reinterpretAsFloats()
                    .sub(1f);
            FloatVector s = f.div(f.add(2f));
            FloatVector z = s.mul(s);
            FloatVector t = s.mul(-4f);
            FloatVector series = z.mul(L6).add(L4).mul(z).add(L2);
            toFloats(exponent).mul(MINUS_2_LN2).add(t.add(t.mul(z).mul(series))).intoArray(logarithms, to + i);
        }
    }

    /** Does it over for those that need their lower half; it looks at four vectors at once, which rarely hold one. */
    private static void small(int[] words, IntSupplier lower, float[] logarithms, int to, int whole) {
        int step = 4 * INTS.length();
        int i = 0;
        for (; i + step <= whole; i += step) {
            IntVector least = upper(words, i).min(upper(words, i + INTS.length()));
            IntVector other = upper(words, i + 2 * INTS.length()).min(upper(words, i + 3 * INTS.length()));
            if (least.min(other).compare(VectorOperators.EQ, 0).anyTrue()) {
                smallOf(words, lower, logarithms, to, i, i + step);
            }
        }
        smallOf(words, lower, logarithms, to, i, whole);
    }

    private static IntVector upper(int[] words, int at) {
        return IntVector.fromArray(INTS, words, at).lanewise(VectorOperators.LSHR, SMALL_BITS);
    }

    private static void smallOf(int[] words, IntSupplier lower, float[] logarithms, int to, int first, int end) {
        for (int i = first; i < end; i++) {
            if (words[i] >>> SMALL_BITS == 0) {
                logarithms[to + i] = GaussianScalar.logarithm(GaussianScalar.small(words[i], lower.getAsInt()));
            }
        }
    }

    /** Replaces logarithms by radius times cosine; sines follow. An angle's sign is the radius', the rest half a turn. */
    private static void project(int[] words, float[] normals, int cosines, int half, int whole) {
        int sines = cosines + half;
        for (int i = 0; i < whole; i += FLOATS.length()) {
            IntVector angle = IntVector.fromArray(INTS, words, half + i);
            FloatVector radius = FloatVector.fromArray(FLOATS, normals, cosines + i)
                    .sqrt()
                    .reinterpretAsInts()
                    .lanewise(VectorOperators.XOR, angle.and(Integer.MIN_VALUE))
                    .reinterpretAsFloats();
            FloatVector x = toFloats(angle.lanewise(VectorOperators.LSHL, 1)).mul(HALF_TURN);
            FloatVector y = x.mul(x);
            FloatVector cosine = y.mul(C8).add(C6).mul(y).add(C4).mul(y).add(C2);
            FloatVector sine = y.mul(S8).add(S6).mul(y).add(S4).mul(y).add(S2);
            radius.mul(cosine.mul(y).add(1f)).intoArray(normals, cosines + i);
            radius.mul(x.add(x.mul(y).mul(sine))).intoArray(normals, sines + i);
        }
    }

    @Override
    public void snap(float[] values, int from, float[] noise, int count, float std, float perGrid, float scale) {
        Objects.checkFromIndexSize(from, count, values.length);
        int whole = FLOATS.loopBound(count);
        for (int i = 0; i < whole; i += FLOATS.length()) {
            IntVector bits = FloatVector.fromArray(FLOATS, values, from + i).reinterpretAsInts();
            // All ones where the exponent is less than that of infinity and NaN.
            IntVector finite = bits.and(Integer.MAX_VALUE).sub(INFINITY).lanewise(VectorOperators.ASHR, 31);
            bits.and(finite)
                    .reinterpretAsFloats()
                    .add(FloatVector.fromArray(FLOATS, noise, i).mul(std))
                    .mul(perGrid)
                    .add(ROUNDER)
                    .sub(ROUNDER)
                    .mul(scale)
                    .intoArray(values, from + i);
        }
        GaussianScalar.snapFrom(whole, values, from, noise, count, std, perGrid, scale);
    }

    private static FloatVector toFloats(IntVector value) {
        return (FloatVector) value.convert(VectorOperators.I2F, 0);
    }
}
