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
            FloatVector sum = all(0);
            FloatVector product = all(0);
            for (int g = 0; g < shape.groups(); g++) {
                int p = (parameter + g) * COUNT;
                int run = from + g * shape.run() * COUNT;
                FloatVector w = all(parameters[weight + parameter + g]);
                FloatVector d = runSum(dy, run, shape.run());
                FloatVector e = runProduct(dy, normalised, run, shape.run());
                sum = d.fma(w, sum);
                product = e.fma(w, product);
                load(dbias, p).add(d).intoArray(dbias, p);
                load(dweight, p).add(e).intoArray(dweight, p);
            }
            FloatVector factor = load(inverse, s * COUNT);
            FloatVector mean = sum.mul(1f / length);
            FloatVector slope = product.mul(1f / length);
            for (int g = 0; g < shape.groups(); g++) {
                int run = from + g * shape.run() * COUNT;
                float scale = parameters[weight + parameter + g];
                for (int i = 0; i < shape.run(); i++) {
                    int at = run + i * COUNT;
                    FloatVector d = load(dy, at).mul(scale).sub(mean);
                    d.sub(load(normalised, at).mul(slope)).mul(factor).intoArray(dx, at);
                }
            }
        }
    }

    private static FloatVector runSum(float[] dy, int from, int length) {
        FloatVector a = all(0);
        for (int i = 0; i < length; i++) {
            a = a.add(load(dy, from + i * COUNT));
        }
        return a;
    }

    private static FloatVector runProduct(float[] dy, float[] normalised, int from, int length) {
        FloatVector a = all(0);
        for (int i = 0; i < length; i++) {
            a = load(dy, from + i * COUNT).fma(load(normalised, from + i * COUNT), a);
        }
        return a;
    }
}
