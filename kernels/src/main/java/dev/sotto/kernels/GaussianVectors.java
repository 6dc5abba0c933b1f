package dev.sotto.kernels;

import static dev.sotto.kernels.GaussianScalar.BITS_OF_1;
import static dev.sotto.kernels.GaussianScalar.BITS_OF_2_31;
import static dev.sotto.kernels.GaussianScalar.C2;
import static dev.sotto.kernels.GaussianScalar.C4;
import static dev.sotto.kernels.GaussianScalar.C6;
import static dev.sotto.kernels.GaussianScalar.C8;
import static dev.sotto.kernels.GaussianScalar.HALF_TURN;
import static dev.sotto.kernels.GaussianScalar.L0;
import static dev.sotto.kernels.GaussianScalar.L1;
import static dev.sotto.kernels.GaussianScalar.L2;
import static dev.sotto.kernels.GaussianScalar.L3;
import static dev.sotto.kernels.GaussianScalar.L4;
import static dev.sotto.kernels.GaussianScalar.L5;
import static dev.sotto.kernels.GaussianScalar.L6;
import static dev.sotto.kernels.GaussianScalar.L7;
import static dev.sotto.kernels.GaussianScalar.MANTISSA;
import static dev.sotto.kernels.GaussianScalar.MINUS_2_LN2;
import static dev.sotto.kernels.GaussianScalar.ROUNDER;
import static dev.sotto.kernels.GaussianScalar.S2;
import static dev.sotto.kernels.GaussianScalar.S4;
import static dev.sotto.kernels.GaussianScalar.S6;
import static dev.sotto.kernels.GaussianScalar.S8;
import static dev.sotto.kernels.GaussianScalar.SMALL_BITS;
import static dev.sotto.kernels.Lanes.SPECIES;
import static dev.sotto.kernels.Lanes.all;

import java.util.Objects;
import java.util.function.IntSupplier;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * A vector of pairs at a time. The lanes' own LOG, SIN and COS are not used: their last bits differ between the
 * interpreter, the compiler's intrinsics and machines, and a seeded run must not.
 */
final class GaussianVectors implements GaussianTransform {
    private static final VectorSpecies<Byte> BYTES = VectorSpecies.of(byte.class, SPECIES.vectorShape());
    private static final int COUNT = SPECIES.length();

    private static final int STRETCH = 4 * COUNT;

    /**
     * The loops, each behind a call that has three targets and so is never inlined: one method that holds them all is past
     * what the compiler will inline, and then vectors become objects and the whole runs at a tenth of its speed.
     */
    private static final Stage[] STAGES = {
        (words, lower, radii, values, from, half, whole, std, rounder, scale) ->
                radii(words, radii, values, from, half, whole),
        (words, lower, radii, values, from, half, whole, std, rounder, scale) -> small(words, lower, radii, whole),
        (words, lower, radii, values, from, half, whole, std, rounder, scale) ->
                project(words, radii, values, from, half, whole, std, rounder, scale)
    };

    @FunctionalInterface
    private interface Stage {
        void run(
                byte[] words,
                IntSupplier lower,
                float[] radii,
                float[] values,
                int from,
                int half,
                int whole,
                float std,
                float rounder,
                float scale);
    }

    @Override
    public void addNoise(
            byte[] words,
            IntSupplier lower,
            float[] radii,
            float[] values,
            int from,
            int to,
            float std,
            float grid,
            float scale) {
        GaussianScalar.checkRanges(words, radii, values, from, to);
        int half = (to - from + 1) / 2;
        int whole = SPECIES.loopBound((to - from) / 2);
        float rounder = ROUNDER * grid;
        for (Stage stage : STAGES) {
            stage.run(words, lower, radii, values, from, half, whole, std, rounder, scale);
        }
        GaussianScalar.pairs(words, lower, values, from, to, whole, std, rounder, scale);
    }

    /**
     * Writes the radius of each uniform number, taken from its upper half alone. On the way it looks for values that are not
     * finite, whose product with zero is not a number: here, where what they take to come from memory is not waited for.
     */
    private static void radii(byte[] words, float[] radii, float[] values, int from, int half, int whole) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector first = zero;
        FloatVector second = zero;
        for (int i = 0; i < whole; i += COUNT) {
            first = FloatVector.fromArray(SPECIES, values, from + i).fma(zero, first);
            second = FloatVector.fromArray(SPECIES, values, from + half + i).fma(zero, second);
            IntVector bits =
                    toFloats(words(words, i).lanewise(VectorOperators.LSHR, 1)).viewAsIntegralLanes();
            FloatVector h =
                    bits.and(MANTISSA).or(BITS_OF_1).reinterpretAsFloats().sub(2);
            FloatVector high = all(L7).fma(h, all(L6)).fma(h, all(L5)).fma(h, all(L4));
            FloatVector series =
                    high.fma(h, all(L3)).fma(h, all(L2)).fma(h, all(L1)).fma(h, all(L0));
            toFloats(bits.sub(BITS_OF_2_31))
                    .fma(all(MINUS_2_LN2), h.mul(series))
                    .sqrt()
                    .intoArray(radii, i);
        }
        if (first.add(second).compare(VectorOperators.NE, 0f).anyTrue()) {
            GaussianScalar.clearNotFinite(values, from, from + whole);
            GaussianScalar.clearNotFinite(values, from + half, from + half + whole);
        }
    }

    /** Does it over for those that need their lower half; it looks at four vectors at once, which rarely hold one. */
    private static void small(byte[] words, IntSupplier lower, float[] radii, int whole) {
        int step = 4 * COUNT;
        int i = 0;
        for (; i + step <= whole; i += step) {
            IntVector least = upper(words, i).min(upper(words, i + COUNT));
            IntVector other = upper(words, i + 2 * COUNT).min(upper(words, i + 3 * COUNT));
            if (least.min(other).compare(VectorOperators.EQ, 0).anyTrue()) {
                smallOf(words, lower, radii, i, i + step);
            }
        }
        smallOf(words, lower, radii, i, whole);
    }

    private static IntVector upper(byte[] words, int at) {
        return words(words, at).lanewise(VectorOperators.LSHR, SMALL_BITS);
    }

    private static void smallOf(byte[] words, IntSupplier lower, float[] radii, int first, int end) {
        for (int i = first; i < end; i++) {
            int upper = GaussianScalar.word(words, i);
            if (upper >>> SMALL_BITS == 0) {
                radii[i] = GaussianScalar.radius(GaussianScalar.small(upper, lower.getAsInt()));
            }
        }
    }

    /** Adds radius times cosine and radius times sine. An angle's sign is the radius', the rest half a turn. */
    private static void project(
            byte[] words,
            float[] radii,
            float[] values,
            int cosines,
            int half,
            int whole,
            float std,
            float rounder,
            float scale) {
        int sines = cosines + half;
        FloatVector round = FloatVector.broadcast(SPECIES, rounder);
        FloatVector factor = FloatVector.broadcast(SPECIES, scale);
        FloatVector c0 = FloatVector.broadcast(SPECIES, std);
        FloatVector c2 = FloatVector.broadcast(SPECIES, std * C2);
        FloatVector c4 = FloatVector.broadcast(SPECIES, std * C4);
        FloatVector c6 = FloatVector.broadcast(SPECIES, std * C6);
        FloatVector c8 = FloatVector.broadcast(SPECIES, std * C8);
        FloatVector s2 = FloatVector.broadcast(SPECIES, std * S2);
        FloatVector s4 = FloatVector.broadcast(SPECIES, std * S4);
        FloatVector s6 = FloatVector.broadcast(SPECIES, std * S6);
        FloatVector s8 = FloatVector.broadcast(SPECIES, std * S8);
        for (int i = 0; i < whole; i += COUNT) {
            IntVector angle = words(words, half + i);
            FloatVector radius = FloatVector.fromArray(SPECIES, radii, i)
                    .viewAsIntegralLanes()
                    .lanewise(VectorOperators.XOR, angle.and(Integer.MIN_VALUE))
                    .reinterpretAsFloats();
            FloatVector x = toFloats(angle.lanewise(VectorOperators.LSHL, 1)).mul(HALF_TURN);
            FloatVector y = x.mul(x);
            FloatVector cosine = c8.fma(y, c6).fma(y, c4).fma(y, c2).fma(y, c0);
            FloatVector sine = s8.fma(y, s6).fma(y, s4).fma(y, s2).fma(y, c0);
            radius.fma(cosine, FloatVector.fromArray(SPECIES, values, cosines + i))
                    .add(round)
                    .sub(round)
                    .mul(factor)
                    .intoArray(values, cosines + i);
            radius.mul(x)
                    .fma(sine, FloatVector.fromArray(SPECIES, values, sines + i))
                    .add(round)
                    .sub(round)
                    .mul(factor)
                    .intoArray(values, sines + i);
        }
    }

    @Override
    public void snap(float[] values, int from, float[] noise, int count, float std, float grid, float scale) {
        Objects.checkFromIndexSize(from, count, values.length);
        int whole = count - count % STRETCH;
        float rounder = ROUNDER * grid;
        boolean snapped = snapFinite(values, from, noise, whole, std, rounder, scale);
        GaussianScalar.snapFrom(snapped ? whole : 0, values, from, noise, count, std, rounder, scale);
    }

    /**
     * Does nothing and returns false if a value is not finite: its product with zero is not a number, nor is a sum with that. To
     * look first takes a quarter of what it takes to replace such values on the way. So large that it is not inlined: else its
     * constants, computed before the caller's loop, would be loaded from the stack for each vector.
     */
    private static boolean snapFinite(
            float[] values, int from, float[] noise, int whole, float std, float rounder, float scale) {
        FloatVector zero = FloatVector.zero(SPECIES);
        FloatVector a = zero;
        FloatVector b = zero;
        FloatVector c = zero;
        FloatVector d = zero;
        for (int i = from; i < from + whole; i += STRETCH) {
            a = FloatVector.fromArray(SPECIES, values, i).fma(zero, a);
            b = FloatVector.fromArray(SPECIES, values, i + COUNT).fma(zero, b);
            c = FloatVector.fromArray(SPECIES, values, i + 2 * COUNT).fma(zero, c);
            d = FloatVector.fromArray(SPECIES, values, i + 3 * COUNT).fma(zero, d);
        }
        if (a.add(b).add(c.add(d)).compare(VectorOperators.NE, 0f).anyTrue()) {
            return false;
        }
        FloatVector deviation = FloatVector.broadcast(SPECIES, std);
        FloatVector round = FloatVector.broadcast(SPECIES, rounder);
        FloatVector factor = FloatVector.broadcast(SPECIES, scale);
        for (int i = 0; i < whole; i += STRETCH) {
            int to = from + i;
            a = FloatVector.fromArray(SPECIES, noise, i).fma(deviation, FloatVector.fromArray(SPECIES, values, to));
            b = FloatVector.fromArray(SPECIES, noise, i + COUNT)
                    .fma(deviation, FloatVector.fromArray(SPECIES, values, to + COUNT));
            c = FloatVector.fromArray(SPECIES, noise, i + 2 * COUNT)
                    .fma(deviation, FloatVector.fromArray(SPECIES, values, to + 2 * COUNT));
            d = FloatVector.fromArray(SPECIES, noise, i + 3 * COUNT)
                    .fma(deviation, FloatVector.fromArray(SPECIES, values, to + 3 * COUNT));
            a.add(round).sub(round).mul(factor).intoArray(values, to);
            b.add(round).sub(round).mul(factor).intoArray(values, to + COUNT);
            c.add(round).sub(round).mul(factor).intoArray(values, to + 2 * COUNT);
            d.add(round).sub(round).mul(factor).intoArray(values, to + 3 * COUNT);
        }
        return true;
    }

    private static IntVector words(byte[] words, int at) {
        return ByteVector.fromArray(BYTES, words, Integer.BYTES * at).reinterpretAsInts();
    }

    private static FloatVector toFloats(IntVector value) {
        return (FloatVector) value.convert(VectorOperators.I2F, 0);
    }
}
