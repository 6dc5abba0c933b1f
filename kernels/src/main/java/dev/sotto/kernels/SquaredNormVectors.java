package dev.sotto.kernels;

import static dev.sotto.kernels.Lanes.COUNT;
import static dev.sotto.kernels.Lanes.SPECIES;

import java.util.Objects;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Sixteen values at a time: the same partial sums whatever the machine's width. Vectors are of the kernels' size, and half of
 * each is used: where two sizes of vectors meet, the compiler boxes those of whatever it compiles next.
 */
final class SquaredNormVectors implements SquaredNorm {
    private static final VectorSpecies<Double> DOUBLES = VectorSpecies.of(double.class, SPECIES.vectorShape());
    private static final int HALF = DOUBLES.length();

    /** Read beyond the sixteen. */
    private static final int BEYOND = COUNT - HALF;

    /** Whether vectors hold four doubles or eight; narrower ones would become objects. */
    static boolean supported() {
        return HALF == 4 || HALF == 8;
    }

    @Override
    public double of(float[] values, int from, int to) {
        Objects.checkFromToIndex(from, to, values.length);
        int end = from + Math.max(0, to - from - BEYOND) / LANES * LANES;
        double[] sums = new double[LANES];
        if (HALF == 8) {
            ofEight(values, from, end, sums);
        } else {
            ofFour(values, from, end, sums);
        }
        return SquaredNormScalar.rest(values, from, end, to, sums);
    }

    private static void ofEight(float[] values, int from, int end, double[] sums) {
        DoubleVector a = DoubleVector.zero(DOUBLES);
        DoubleVector b = a;
        for (int i = from; i < end; i += LANES) {
            DoubleVector x = doubles(values, i);
            DoubleVector y = doubles(values, i + 8);
            a = a.add(x.mul(x));
            b = b.add(y.mul(y));
        }
        a.intoArray(sums, 0);
        b.intoArray(sums, 8);
    }

    private static void ofFour(float[] values, int from, int end, double[] sums) {
        DoubleVector a = DoubleVector.zero(DOUBLES);
        DoubleVector b = a;
        DoubleVector c = a;
        DoubleVector d = a;
        for (int i = from; i < end; i += LANES) {
            DoubleVector w = doubles(values, i);
            DoubleVector x = doubles(values, i + 4);
            DoubleVector y = doubles(values, i + 8);
            DoubleVector z = doubles(values, i + 12);
            a = a.add(w.mul(w));
            b = b.add(x.mul(x));
            c = c.add(y.mul(y));
            d = d.add(z.mul(z));
        }
        a.intoArray(sums, 0);
        b.intoArray(sums, 4);
        c.intoArray(sums, 8);
        d.intoArray(sums, 12);
    }

    private static DoubleVector doubles(float[] values, int at) {
        return (DoubleVector) FloatVector.fromArray(SPECIES, values, at).convertShape(VectorOperators.F2D, DOUBLES, 0);
    }
}
