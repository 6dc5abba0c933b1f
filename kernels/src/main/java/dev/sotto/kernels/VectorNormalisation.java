package dev.sotto.kernels;

import static dev.sotto.kernels.Lanes.COUNT;
import static dev.sotto.kernels.Lanes.all;
import static dev.sotto.kernels.Lanes.load;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/** Group and layer normalisation, lane by lane. */
final class VectorNormalisation {
    private VectorNormalisation() {}

    static void normalise(
            Normalisation shape,
            float[] parameters,
            int weight,
            int bias,
            float[] x,
            float[] y,
            float[] normalised,
            float[] inverse) {
        int length = shape.segment();
        for (int s = 0; s < shape.segments(); s++) {
            int from = s * length * COUNT;
            standardise(x, from, length, shape.epsilon(), normalised, inverse, s * COUNT);
            int parameter = shape.firstParameter(s);
            for (int g = 0; g < shape.groups(); g++) {
                int run = from + g * shape.run() * COUNT;
                shift(
                        normalised,
                        run,
                        shape.run(),
                        parameters[weight + parameter + g],
                        parameters[bias + parameter + g],
                        y);
            }
        }
    }

    private static void standardise(
            float[] x, int from, int length, float epsilon, float[] normalised, float[] inverse, int inverseAt) {
        float share = 1f / length;
        FloatVector sum = all(0);
        for (int i = 0; i < length; i++) {
            sum = sum.add(load(x, from + i * COUNT));
        }
        FloatVector mean = sum.mul(share);
        FloatVector squares = all(0);
        for (int i = 0; i < length; i++) {
            FloatVector d = load(x, from + i * COUNT).sub(mean);
            squares = d.fma(d, squares);
        }
        FloatVector factor = all(1).div(squares.mul(share).add(epsilon).sqrt());
        factor.intoArray(inverse, inverseAt);
        for (int i = 0; i < length; i++) {
            int at = from + i * COUNT;
            load(x, at).sub(mean).mul(factor).intoArray(normalised, at);
        }
    }

    private static void shift(float[] normalised, int from, int length, float scale, float shift, float[] y) {
        FloatVector b = all(shift);
        for (int i = 0; i < length; i++) {
            int at = from + i * COUNT;
            load(normalised, at).fma(all(scale), b).intoArray(y, at);
        }
    }

    static void gradient(
            Normalisation shape,
            float[] parameters,
            int weight,
            float[] normalised,
            float[] inverse,
            float[] dy,
            float[] dx,
            float[] dweight,
            float[] dbias) {
        Arrays.fill(dweight, 0, shape.parameters() * COUNT, 0f);
        Arrays.fill(dbias, 0, shape.parameters() * COUNT, 0f);
        int length = shape.segment();
        for (int s = 0; s < shape.segments(); s++) {
            int from = s * length * COUNT;
            int parameter = shape.firstParameter(s);
            for (int g = 0; g < shape.groups(); g++) {
                int run = from + g * shape.run() * COUNT;
                addRun(dy, run, shape.run(), dbias, (parameter + g) * COUNT);
                addProducts(dy, normalised, run, shape.run(), dweight, (parameter + g) * COUNT);
            }
            inputGradient(
                    parameters, weight + parameter, shape.run(), normalised, inverse, s * COUNT, dy, from, length, dx);
        }
    }

    /** Two flat loops and no calls: a vector that lives across a call, or through an outer loop, becomes an object. */
    private static void inputGradient(
            float[] parameters,
            int weight,
            int run,
            float[] normalised,
            float[] inverse,
            int inverseAt,
            float[] dy,
            int from,
            int length,
            float[] dx) {
        FloatVector sum = all(0);
        FloatVector product = all(0);
        for (int i = 0; i < length; i++) {
            int at = from + i * COUNT;
            FloatVector d = load(dy, at).mul(parameters[weight + i / run]);
            sum = sum.add(d);
            product = d.fma(load(normalised, at), product);
        }
        FloatVector factor = load(inverse, inverseAt);
        FloatVector mean = sum.mul(1f / length);
        FloatVector slope = product.mul(1f / length);
        for (int i = 0; i < length; i++) {
            int at = from + i * COUNT;
            FloatVector d = load(dy, at).mul(parameters[weight + i / run]).sub(mean);
            d.sub(load(normalised, at).mul(slope)).mul(factor).intoArray(dx, at);
        }
    }

    private static void addRun(float[] dy, int from, int length, float[] into, int to) {
        FloatVector a = load(into, to);
        for (int i = 0; i < length; i++) {
            a = a.add(load(dy, from + i * COUNT));
        }
        a.intoArray(into, to);
    }

    private static void addProducts(float[] dy, float[] normalised, int from, int length, float[] into, int to) {
        FloatVector a = load(into, to);
        for (int i = 0; i < length; i++) {
            a = load(dy, from + i * COUNT).fma(load(normalised, from + i * COUNT), a);
        }
        a.intoArray(into, to);
    }
}
