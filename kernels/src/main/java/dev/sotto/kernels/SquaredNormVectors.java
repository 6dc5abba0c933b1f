package dev.sotto.kernels;

import java.util.Objects;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Sixteen values at a time, as four vectors of four doubles whatever the machine's width: the same partial sums everywhere. */
final class SquaredNormVectors implements SquaredNorm {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_128;
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_256;

    /** Whether vectors of four doubles are what this machine has; narrower ones would become objects. */
    static boolean supported() {
        return DoubleVector.SPECIES_PREFERRED.length() >= DOUBLES.length();
    }

    @Override
    public double of(float[] values, int from, int to) {
        Objects.checkFromToIndex(from, to, values.length);
        int end = from + (to - from) / LANES * LANES;
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
        double[] sums = new double[LANES];
        a.intoArray(sums, 0);
        b.intoArray(sums, 4);
        c.intoArray(sums, 8);
        d.intoArray(sums, 12);
        return SquaredNormScalar.rest(values, from, end, to, sums);
    }

    private static DoubleVector doubles(float[] values, int at) {
        return (DoubleVector) FloatVector.fromArray(FLOATS, values, at).convertShape(VectorOperators.F2D, DOUBLES, 0);
    }
}
