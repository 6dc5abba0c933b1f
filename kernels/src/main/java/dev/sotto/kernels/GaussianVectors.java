package dev.sotto.kernels;

import static dev.sotto.kernels.GaussianScalar.C2;
import static dev.sotto.kernels.GaussianScalar.C4;
import static dev.sotto.kernels.GaussianScalar.C6;
import static dev.sotto.kernels.GaussianScalar.C8;
import static dev.sotto.kernels.GaussianScalar.LN2;
import static dev.sotto.kernels.GaussianScalar.ROOT_HALF;
import static dev.sotto.kernels.GaussianScalar.S3;
import static dev.sotto.kernels.GaussianScalar.S5;
import static dev.sotto.kernels.GaussianScalar.S7;
import static dev.sotto.kernels.GaussianScalar.S9;
import static dev.sotto.kernels.GaussianScalar.TURN;

import java.util.Objects;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * A vector of pairs at a time. The lanes' own LOG, SIN and COS are not used: their last bits differ between the
 * interpreter, the compiler's intrinsics and machines, and a seeded run must not.
 */
final class GaussianVectors implements GaussianTransform {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_PREFERRED;

    @Override
    public void add(int[] words, float[] target, int from, int to, float std) {
        Objects.checkFromToIndex(from, to, target.length);
        int half = (to - from + 1) / 2;
        Objects.checkFromToIndex(0, 3 * half, words.length);
        int whole = FLOATS.loopBound((to - from) / 2);
        lanes(words, target, from, half, whole, std);
        GaussianScalar.pairs(words, target, from, to, std, whole);
    }

    private static void lanes(int[] words, float[] target, int from, int half, int whole, float std) {
        for (int i = 0; i < whole; i += FLOATS.length()) {
            FloatVector radius = radius(IntVector.fromArray(INTS, words, i), IntVector.fromArray(INTS, words, half + i))
                    .mul(std);
            IntVector angle = IntVector.fromArray(INTS, words, 2 * half + i);
            IntVector quadrant = angle.add(0x20000000).lanewise(VectorOperators.LSHR, 30);
            FloatVector x = toFloats(angle.sub(quadrant.lanewise(VectorOperators.LSHL, 30)))
                    .mul(TURN);
            FloatVector y = x.mul(x);
            FloatVector sine =
                    x.add(x.mul(y).mul(y.mul(S9).add(S7).mul(y).add(S5).mul(y).add(S3)));
            FloatVector cosine =
                    y.mul(C8).add(C6).mul(y).add(C4).mul(y).add(C2).mul(y).add(1f);
            VectorMask<Float> odd = quadrant.lanewise(VectorOperators.AND, 1)
                    .compare(VectorOperators.NE, 0)
                    .cast(FLOATS);
            FloatVector c = cosine.blend(sine, odd);
            FloatVector s = sine.blend(cosine, odd);
            IntVector cosineSign =
                    quadrant.add(1).lanewise(VectorOperators.AND, 2).lanewise(VectorOperators.LSHL, 30);
            IntVector sineSign = quadrant.lanewise(VectorOperators.AND, 2).lanewise(VectorOperators.LSHL, 30);
            FloatVector.fromArray(FLOATS, target, from + i)
                    .add(radius.mul(signed(c, cosineSign)))
                    .intoArray(target, from + i);
            FloatVector.fromArray(FLOATS, target, from + half + i)
                    .add(radius.mul(signed(s, sineSign)))
                    .intoArray(target, from + half + i);
        }
    }

    private static FloatVector radius(IntVector high, IntVector low) {
        FloatVector upper = toFloats(high.lanewise(VectorOperators.LSHR, 8));
        FloatVector middle = toFloats(high.lanewise(VectorOperators.LSHL, 16)
                .or(low.lanewise(VectorOperators.LSHR, 16))
                .and(0xFFFFFF));
        FloatVector lower = toFloats(low.and(0xFFFF)).add(0.5f);
        FloatVector uniform = upper.mul(0x1p-24f).add(middle.mul(0x1p-48f).add(lower.mul(0x1p-64f)));
        IntVector bits = uniform.reinterpretAsInts();
        IntVector exponent = bits.sub(ROOT_HALF).lanewise(VectorOperators.ASHR, 23);
        FloatVector f = bits.sub(exponent.lanewise(VectorOperators.LSHL, 23))
                .reinterpretAsFloats()
                .sub(1f);
        FloatVector s = f.div(f.add(2f));
        FloatVector z = s.mul(s);
        FloatVector series = z.mul(1 / 9f)
                .add(1 / 7f)
                .mul(z)
                .add(1 / 5f)
                .mul(z)
                .add(1 / 3f)
                .mul(z)
                .add(1f);
        FloatVector log = toFloats(exponent).mul(LN2).add(s.add(s).mul(series));
        return log.mul(-2f).max(0f).sqrt();
    }

    private static FloatVector signed(FloatVector value, IntVector sign) {
        return value.reinterpretAsInts().lanewise(VectorOperators.XOR, sign).reinterpretAsFloats();
    }

    private static FloatVector toFloats(IntVector value) {
        return (FloatVector) value.convertShape(VectorOperators.I2F, FLOATS, 0);
    }
}
