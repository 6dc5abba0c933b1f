package dev.sotto.kernels;

import static dev.sotto.kernels.GaussianScalar.LN2;
import static dev.sotto.kernels.GaussianScalar.QUARTER;
import static dev.sotto.kernels.GaussianScalar.ROOT_HALF;
import static dev.sotto.kernels.GaussianScalar.ROUNDER;
import static dev.sotto.kernels.GaussianScalar.S11;
import static dev.sotto.kernels.GaussianScalar.S3;
import static dev.sotto.kernels.GaussianScalar.S5;
import static dev.sotto.kernels.GaussianScalar.S7;
import static dev.sotto.kernels.GaussianScalar.S9;
import static dev.sotto.kernels.GaussianScalar.TURN;

import java.util.Objects;
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

    /**
     * The loops, each behind a call that has four targets and so is never inlined: one method that holds them all is past
     * what the compiler will inline, and then vectors become objects and the whole runs at a tenth of its speed.
     */
    private static final Stage[] STAGES = {
        (words, target, from, half, whole, std) -> uniforms(words, half, whole),
        (words, target, from, half, whole, std) -> radii(words, whole, std),
        (words, target, from, half, whole, std) -> project(words, 2 * half, 0, target, from, whole),
        (words, target, from, half, whole, std) -> project(words, 2 * half, QUARTER, target, from + half, whole)
    };

    @FunctionalInterface
    private interface Stage {
        void run(int[] words, float[] target, int from, int half, int whole, float std);
    }

    @Override
    public void add(int[] words, float[] target, int from, int to, float std) {
        Objects.checkFromToIndex(from, to, target.length);
        int half = (to - from + 1) / 2;
        Objects.checkFromToIndex(0, 3 * half, words.length);
        int whole = FLOATS.loopBound((to - from) / 2);
        for (Stage stage : STAGES) {
            stage.run(words, target, from, half, whole, std);
        }
        GaussianScalar.pairs(words, target, from, to, std, whole);
    }

    /** Replaces the upper half of each uniform number by the bits of the number as a float. */
    private static void uniforms(int[] words, int half, int whole) {
        for (int i = 0; i < whole; i += FLOATS.length()) {
            IntVector high = IntVector.fromArray(INTS, words, i);
            IntVector low = IntVector.fromArray(INTS, words, half + i);
            FloatVector upper = toFloats(high.lanewise(VectorOperators.LSHR, 8));
            FloatVector middle = toFloats(high.lanewise(VectorOperators.LSHL, 16)
                    .or(low.lanewise(VectorOperators.LSHR, 16))
                    .and(0xFFFFFF));
            FloatVector lower = toFloats(low.and(0xFFFF)).add(0.5f);
            upper.mul(0x1p-24f)
                    .add(middle.mul(0x1p-48f).add(lower.mul(0x1p-64f)))
                    .reinterpretAsInts()
                    .intoArray(words, i);
        }
    }

    /** Replaces the bits of a uniform number by those of its radius. */
    private static void radii(int[] words, int whole, float std) {
        for (int i = 0; i < whole; i += FLOATS.length()) {
            IntVector bits = IntVector.fromArray(INTS, words, i);
            IntVector exponent = bits.sub(ROOT_HALF).lanewise(VectorOperators.ASHR, 23);
            FloatVector f = bits.sub(exponent.lanewise(VectorOperators.LSHL, 23))
                    .reinterpretAsFloats()
                    .sub(1f);
            FloatVector s = f.div(f.add(2f));
            FloatVector z = s.mul(s);
            FloatVector series = z.mul(1 / 9f).add(1 / 7f).mul(z).add(1 / 5f);
            series = series.mul(z).add(1 / 3f).mul(z).add(1f);
            FloatVector log = toFloats(exponent).mul(LN2).add(s.add(s).mul(series));
            log.mul(-2f).max(0f).sqrt().mul(std).reinterpretAsInts().intoArray(words, i);
        }
    }

    /** Adds radius times cosine, each angle first turned back by {@code turn}: none for cosines, a quarter for sines. */
    private static void project(int[] words, int angles, int turn, float[] target, int at, int whole) {
        for (int i = 0; i < whole; i += FLOATS.length()) {
            FloatVector radius = IntVector.fromArray(INTS, words, i).reinterpretAsFloats();
            IntVector angle = IntVector.fromArray(INTS, words, angles + i).sub(turn);
            FloatVector.fromArray(FLOATS, target, at + i)
                    .add(radius.mul(cosine(angle)))
                    .intoArray(target, at + i);
        }
    }

    @Override
    public void snap(float[] values, int from, float[] noise, int count, float perGrid, float scale) {
        Objects.checkFromIndexSize(from, count, values.length);
        int whole = FLOATS.loopBound(count);
        for (int i = 0; i < whole; i += FLOATS.length()) {
            FloatVector value = FloatVector.fromArray(FLOATS, values, from + i);
            FloatVector finite =
                    FloatVector.zero(FLOATS).blend(value, value.abs().compare(VectorOperators.LE, Float.MAX_VALUE));
            finite.add(FloatVector.fromArray(FLOATS, noise, i))
                    .mul(perGrid)
                    .add(ROUNDER)
                    .sub(ROUNDER)
                    .mul(scale)
                    .intoArray(values, from + i);
        }
        GaussianScalar.snapFrom(whole, values, from, noise, count, perGrid, scale);
    }

    private static FloatVector cosine(IntVector angle) {
        FloatVector x = toFloats(angle.abs().neg().add(QUARTER)).mul(TURN);
        FloatVector y = x.mul(x);
        FloatVector series = y.mul(S11).add(S9).mul(y).add(S7).mul(y).add(S5);
        return x.add(x.mul(y).mul(series.mul(y).add(S3)));
    }

    private static FloatVector toFloats(IntVector value) {
        return (FloatVector) value.convert(VectorOperators.I2F, 0);
    }
}
