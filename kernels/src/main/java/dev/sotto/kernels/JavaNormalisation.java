package dev.sotto.kernels;

import java.util.Arrays;

/** Group and layer normalisation in plain Java. */
final class JavaNormalisation {
    private JavaNormalisation() {}

    static void normalise(
            Normalisation shape,
            int lanes,
            float[] parameters,
            int weight,
            int bias,
            float[] x,
            float[] y,
            float[] normalised,
            float[] inverse) {
        int length = shape.segment();
        for (int s = 0; s < shape.segments(); s++) {
            int from = s * length * lanes;
            int parameter = shape.firstParameter(s);
            for (int l = 0; l < lanes; l++) {
                float sum = 0;
                for (int i = 0; i < length; i++) {
                    sum += x[from + i * lanes + l];
                }
                float mean = sum / length;
                float squares = 0;
                for (int i = 0; i < length; i++) {
                    float d = x[from + i * lanes + l] - mean;
                    squares += d * d;
                }
                float factor = (float) (1 / Math.sqrt(squares / length + shape.epsilon()));
                inverse[s * lanes + l] = factor;
                for (int i = 0; i < length; i++) {
                    int at = from + i * lanes + l;
                    int p = parameter + i / shape.run();
                    normalised[at] = (x[at] - mean) * factor;
                    y[at] = normalised[at] * parameters[weight + p] + parameters[bias + p];
                }
            }
        }
    }

    static void gradient(
            Normalisation shape,
            int lanes,
            float[] parameters,
            int weight,
            float[] normalised,
            float[] inverse,
            float[] dy,
            float[] dx,
            float[] dweight,
            float[] dbias) {
        Arrays.fill(dweight, 0, shape.parameters() * lanes, 0f);
        Arrays.fill(dbias, 0, shape.parameters() * lanes, 0f);
        int length = shape.segment();
        for (int s = 0; s < shape.segments(); s++) {
            int parameter = shape.firstParameter(s);
            for (int l = 0; l < lanes; l++) {
                float sum = 0;
                float product = 0;
                for (int i = 0; i < length; i++) {
                    int at = (s * length + i) * lanes + l;
                    int p = parameter + i / shape.run();
                    dbias[p * lanes + l] += dy[at];
                    dweight[p * lanes + l] += dy[at] * normalised[at];
                    sum += dy[at] * parameters[weight + p];
                    product += dy[at] * parameters[weight + p] * normalised[at];
                }
                for (int i = 0; i < length; i++) {
                    int at = (s * length + i) * lanes + l;
                    float d = dy[at] * parameters[weight + parameter + i / shape.run()];
                    dx[at] = (d - sum / length - normalised[at] * product / length) * inverse[s * lanes + l];
                }
            }
        }
    }
}
