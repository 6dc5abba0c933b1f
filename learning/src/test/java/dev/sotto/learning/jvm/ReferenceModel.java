package dev.sotto.learning.jvm;

import dev.sotto.data.Shape;
import dev.sotto.learning.LayerSpec;
import dev.sotto.learning.Layout;
import dev.sotto.learning.Loss;
import dev.sotto.learning.ModelSpec;
import java.util.List;

/**
 * A model's forward pass as the textbook writes it: one example, double precision, loops over definitions. Its gradients
 * are central differences, so they share nothing with the engine's.
 */
final class ReferenceModel {
    private static final double STEP = 1e-6;
    private final ModelSpec spec;
    private final Layout layout;
    private final List<Shape> shapes;

    ReferenceModel(ModelSpec spec) {
        this.spec = spec;
        layout = spec.layout();
        shapes = spec.shapes();
    }

    double[] outputs(double[] parameters, float[] features) {
        double[] x = new double[features.length];
        for (int i = 0; i < x.length; i++) {
            x[i] = features[i];
        }
        for (int i = 0; i < spec.layers().size(); i++) {
            x = apply(i, spec.layers().get(i), shapes.get(i), parameters, x);
        }
        return x;
    }

    double loss(double[] parameters, float[] features, int label, float[] values) {
        double[] y = outputs(parameters, features);
        double sum = 0;
        if (spec.loss() == Loss.CROSS_ENTROPY) {
            for (double v : y) {
                sum += Math.exp(v);
            }
            return Math.log(sum) - y[label];
        }
        for (int k = 0; k < y.length; k++) {
            sum += (y[k] - values[k]) * (y[k] - values[k]) / y.length;
        }
        return sum;
    }

    double[] gradient(float[] parameters, float[] features, int label, float[] values) {
        double[] p = new double[parameters.length];
        for (int i = 0; i < p.length; i++) {
            p[i] = parameters[i];
        }
        double[] gradient = new double[p.length];
        for (int i = 0; i < p.length; i++) {
            double kept = p[i];
            p[i] = kept + STEP;
            double above = loss(p, features, label, values);
            p[i] = kept - STEP;
            double below = loss(p, features, label, values);
            p[i] = kept;
            gradient[i] = (above - below) / (2 * STEP);
        }
        return gradient;
    }

    /** The gradient at one parameter, with class labels. */
    double difference(float[] parameters, int parameter, float[] features, int label) {
        double[] p = new double[parameters.length];
        for (int i = 0; i < p.length; i++) {
            p[i] = parameters[i];
        }
        p[parameter] = parameters[parameter] + STEP;
        double above = loss(p, features, label, new float[0]);
        p[parameter] = parameters[parameter] - STEP;
        return (above - loss(p, features, label, new float[0])) / (2 * STEP);
    }

    private int offset(int layer, String name) {
        return layout.tensors().stream()
                .filter(t -> t.name().equals(layer + "." + name))
                .findFirst()
                .orElseThrow()
                .offset();
    }

    private double[] apply(int i, LayerSpec layer, Shape shape, double[] p, double[] x) {
        if (layer instanceof LayerSpec.Linear linear) {
            return linear(linear.outputs(), p, offset(i, "weight"), offset(i, "bias"), x);
        } else if (layer instanceof LayerSpec.Conv2d conv) {
            return convolution(conv, shape.dims(), p, offset(i, "weight"), offset(i, "bias"), x);
        } else if (layer instanceof LayerSpec.MaxPool2d pool) {
            return pool(pool.kernel(), pool.stride(), pool.padding(), true, shape.dims(), x);
        } else if (layer instanceof LayerSpec.AvgPool2d pool) {
            return pool(pool.kernel(), pool.stride(), pool.padding(), false, shape.dims(), x);
        } else if (layer instanceof LayerSpec.GroupNorm norm) {
            int channel = x.length / shape.dims().get(0);
            return norm(x.length / norm.groups(), channel, false, p, offset(i, "weight"), offset(i, "bias"), x);
        } else if (layer instanceof LayerSpec.LayerNorm norm) {
            int segment = 1;
            for (int d : shape.dims().subList(shape.rank() - norm.dims(), shape.rank())) {
                segment *= d;
            }
            return norm(segment, 1, true, p, offset(i, "weight"), offset(i, "bias"), x);
        } else if (layer instanceof LayerSpec.Embedding embedding) {
            double[] y = new double[x.length * embedding.dimension()];
            for (int k = 0; k < y.length; k++) {
                int token = (int) x[k / embedding.dimension()];
                y[k] = p[offset(i, "weight") + token * embedding.dimension() + k % embedding.dimension()];
            }
            return y;
        }
        double[] y = new double[x.length];
        for (int k = 0; k < y.length; k++) {
            y[k] = activation(layer, x[k]);
        }
        return y;
    }

    private static double activation(LayerSpec layer, double x) {
        if (layer instanceof LayerSpec.Relu) {
            return Math.max(x, 0);
        } else if (layer instanceof LayerSpec.Tanh) {
            return Math.tanh(x);
        } else if (layer instanceof LayerSpec.Sigmoid) {
            return 1 / (1 + Math.exp(-x));
        } else if (layer instanceof LayerSpec.TemperedSigmoid s) {
            return s.scale() / (1 + Math.exp(-s.temperature() * x)) - s.offset();
        } else if (layer instanceof LayerSpec.Gelu) {
            return 0.5 * x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
        }
        return x;
    }

    private static double[] linear(int outputs, double[] p, int weight, int bias, double[] x) {
        double[] y = new double[outputs];
        for (int o = 0; o < outputs; o++) {
            y[o] = p[bias + o];
            for (int i = 0; i < x.length; i++) {
                y[o] += p[weight + o * x.length + i] * x[i];
            }
        }
        return y;
    }

    private static double at(double[] x, List<Integer> dims, int c, int y, int x0, double outside) {
        boolean inside = y >= 0 && y < dims.get(1) && x0 >= 0 && x0 < dims.get(2);
        return inside ? x[(c * dims.get(1) + y) * dims.get(2) + x0] : outside;
    }

    private static double[] convolution(
            LayerSpec.Conv2d conv, List<Integer> dims, double[] p, int weight, int bias, double[] x) {
        int k = conv.kernel();
        int height = (dims.get(1) + 2 * conv.padding() - k) / conv.stride() + 1;
        int width = (dims.get(2) + 2 * conv.padding() - k) / conv.stride() + 1;
        double[] out = new double[conv.channels() * height * width];
        for (int o = 0; o < out.length; o++) {
            int oc = o / (height * width);
            int top = o / width % height * conv.stride() - conv.padding();
            int left = o % width * conv.stride() - conv.padding();
            out[o] = p[bias + oc];
            for (int t = 0; t < dims.get(0) * k * k; t++) {
                double value = at(x, dims, t / (k * k), top + t / k % k, left + t % k, 0);
                out[o] += p[weight + oc * dims.get(0) * k * k + t] * value;
            }
        }
        return out;
    }

    private static double[] pool(int k, int stride, int padding, boolean max, List<Integer> dims, double[] x) {
        int height = (dims.get(1) + 2 * padding - k) / stride + 1;
        int width = (dims.get(2) + 2 * padding - k) / stride + 1;
        double[] out = new double[dims.get(0) * height * width];
        for (int o = 0; o < out.length; o++) {
            int top = o / width % height * stride - padding;
            int left = o % width * stride - padding;
            double best = Double.NEGATIVE_INFINITY;
            double sum = 0;
            for (int t = 0; t < k * k; t++) {
                int c = o / (height * width);
                best = Math.max(best, at(x, dims, c, top + t / k, left + t % k, Double.NEGATIVE_INFINITY));
                sum += at(x, dims, c, top + t / k, left + t % k, 0);
            }
            out[o] = max ? best : sum / (k * k);
        }
        return out;
    }

    private static double[] norm(int segment, int run, boolean shared, double[] p, int weight, int bias, double[] x) {
        double[] y = new double[x.length];
        for (int from = 0; from < x.length; from += segment) {
            double mean = 0;
            for (int i = from; i < from + segment; i++) {
                mean += x[i] / segment;
            }
            double variance = 0;
            for (int i = from; i < from + segment; i++) {
                variance += (x[i] - mean) * (x[i] - mean) / segment;
            }
            for (int i = from; i < from + segment; i++) {
                int parameter = (shared ? i - from : i) / run;
                y[i] = (x[i] - mean) / Math.sqrt(variance + 1e-5) * p[weight + parameter] + p[bias + parameter];
            }
        }
        return y;
    }
}
