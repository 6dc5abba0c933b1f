package dev.sotto.kernels;

import static dev.sotto.kernels.Lanes.COUNT;
import static dev.sotto.kernels.Lanes.all;
import static dev.sotto.kernels.Lanes.load;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * Functions of single values. The exponential is our own: the Vector API's gives other bits interpreted than compiled, and
 * results must not depend on when the compiler ran.
 */
final class VectorActivations {
    private VectorActivations() {}

    static void multiply(float[] x, float[] y, int length) {
        for (int i = 0; i < length; i += COUNT) {
            load(x, i).mul(load(y, i)).intoArray(x, i);
        }
    }

    static void relu(float[] x, float[] y, int length) {
        FloatVector zero = all(0);
        for (int i = 0; i < length; i += COUNT) {
            FloatVector v = load(x, i);
            v.blend(zero, v.compare(VectorOperators.LE, 0f)).intoArray(y, i);
        }
    }

    static void reluGradient(float[] y, float[] dy, float[] dx, int length) {
        FloatVector zero = all(0);
        for (int i = 0; i < length; i += COUNT) {
            zero.blend(load(dy, i), load(y, i).compare(VectorOperators.GT, 0f)).intoArray(dx, i);
        }
    }

    static void sigmoid(float scale, float temperature, float offset, float[] x, float[] y, int length) {
        for (int i = 0; i < length; i += COUNT) {
            logistic(load(x, i).mul(temperature)).mul(scale).sub(offset).intoArray(y, i);
        }
    }

    static void sigmoidGradient(
            float scale, float temperature, float offset, float[] y, float[] dy, float[] dx, int length) {
        float inverse = scale == 0 ? 0 : 1 / scale;
        for (int i = 0; i < length; i += COUNT) {
            FloatVector u = load(y, i).add(offset);
            FloatVector rest = all(1).sub(u.mul(inverse));
            u.mul(temperature).mul(rest).mul(load(dy, i)).intoArray(dx, i);
        }
    }

    static void gelu(float[] x, float[] y, int length) {
        for (int i = 0; i < length; i += COUNT) {
            FloatVector v = load(x, i);
            v.mul(logistic(geluArgument(v))).intoArray(y, i);
        }
    }

    static void geluGradient(float[] x, float[] dy, float[] dx, int length) {
        for (int i = 0; i < length; i += COUNT) {
            FloatVector v = load(x, i);
            FloatVector s = logistic(geluArgument(v));
            FloatVector slope = v.mul(v).mul(3 * Exponential.GELU_CUBE).add(Exponential.GELU_LINE);
            s.add(v.mul(s).mul(all(1).sub(s)).mul(slope)).mul(load(dy, i)).intoArray(dx, i);
        }
    }

    /** x Phi(x) is near x / (1 + exp(-u)), u = 2 sqrt(2/pi) (x + 0.044715 x^3). */
    private static FloatVector geluArgument(FloatVector x) {
        return x.mul(x).mul(Exponential.GELU_CUBE).add(Exponential.GELU_LINE).mul(x);
    }

    private static FloatVector logistic(FloatVector x) {
        FloatVector one = all(1);
        return one.div(one.add(exp(x.neg())));
    }

    /** exp within 2 units in the last place; arguments beyond +-87 count as +-87; NaN stays NaN. */
    private static FloatVector exp(FloatVector x) {
        FloatVector low = all(-Exponential.LIMIT);
        FloatVector high = all(Exponential.LIMIT);
        FloatVector t = x.blend(low, x.compare(VectorOperators.LT, low));
        t = t.blend(high, t.compare(VectorOperators.GT, high));
        FloatVector shifted = t.mul(Exponential.LOG2_E).add(Exponential.ROUNDING);
        FloatVector n = shifted.sub(Exponential.ROUNDING);
        FloatVector r = t.sub(n.mul(Exponential.LN2_HIGH)).sub(n.mul(Exponential.LN2_LOW));
        FloatVector p = r.mul(Exponential.C6).add(Exponential.C5);
        p = p.mul(r).add(Exponential.C4);
        p = p.mul(r).add(Exponential.C3);
        p = p.mul(r).add(Exponential.C2);
        p = p.mul(r).add(1f);
        p = p.mul(r).add(1f);
        FloatVector power = shifted.reinterpretAsInts()
                .lanewise(VectorOperators.LSHL, 23)
                .add(127 << 23)
                .reinterpretAsFloats();
        return p.mul(power);
    }
}
