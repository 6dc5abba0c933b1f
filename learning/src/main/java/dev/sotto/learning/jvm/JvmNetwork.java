package dev.sotto.learning.jvm;

import dev.sotto.kernels.Kernels;
import dev.sotto.learning.Batch;
import dev.sotto.learning.Evaluation;
import dev.sotto.learning.Layout;
import dev.sotto.learning.Loss;
import dev.sotto.learning.ModelException;
import dev.sotto.learning.ModelSpec;
import dev.sotto.learning.Network;
import dev.sotto.privacy.clipping.ClipFactors;
import java.util.Arrays;

/** Cuts a batch into groups of as many examples as there are lanes and runs the chain on each. */
final class JvmNetwork implements Network {
    private final ModelSpec spec;
    private final Layout layout;
    private final int lanes;
    private final LaneLayer[] layers;
    private final int firstTrained;
    private final LaneLoss loss;
    private final Slot input;
    private final Slot output;
    private final Group group;
    private final double[] losses;
    private final LaneClipping clipping;
    private boolean incomplete;

    JvmNetwork(Kernels kernels, ModelSpec spec) {
        this.spec = spec;
        layout = spec.layout();
        lanes = kernels.lanes();
        LayerChain chain = new LayerChain(kernels, spec);
        layers = chain.layers().toArray(LaneLayer[]::new);
        firstTrained = firstTrained(layers);
        input = chain.input();
        output = chain.output();
        loss = spec.loss() == Loss.CROSS_ENTROPY
                ? new CrossEntropy(lanes, output.size())
                : new SquaredError(lanes, output.size());
        group = new Group(kernels, input.size());
        losses = new double[lanes];
        clipping = new LaneClipping(
                Arrays.stream(layers).flatMap(layer -> layer.trained().stream()).toArray(ParameterGradients[]::new),
                lanes);
    }

    private static int firstTrained(LaneLayer[] layers) {
        int first = 0;
        while (layers[first].trained().isEmpty()) {
            first++;
        }
        return first;
    }

    @Override
    public ModelSpec spec() {
        return spec;
    }

    @Override
    public Layout layout() {
        return layout;
    }

    @Override
    public Evaluation evaluate(float[] parameters, Batch batch) {
        begin(parameters, batch);
        loss.check(spec, batch.examples());
        double total = 0;
        long correct = 0;
        for (int from = batch.from(); from < batch.to(); from += lanes) {
            forward(parameters, batch, from, false);
            correct += loss.score(group, output, losses, false);
            for (int lane = 0; lane < group.count(); lane++) {
                total += losses[lane];
            }
        }
        return new Evaluation(batch.size(), total, correct);
    }

    @Override
    public void predict(float[] parameters, Batch batch, float[] outputs) {
        begin(parameters, batch);
        room("outputs", outputs, (long) batch.size() * output.size());
        for (int from = batch.from(); from < batch.to(); from += lanes) {
            forward(parameters, batch, from, false);
            int at = (from - batch.from()) * output.size();
            for (int lane = 0; lane < group.count(); lane++) {
                for (int k = 0; k < output.size(); k++) {
                    outputs[at++] = output.values()[k * lanes + lane];
                }
            }
        }
    }

    @Override
    public double sumGradients(float[] parameters, Batch batch, float[] sum) {
        begin(parameters, batch);
        loss.check(spec, batch.examples());
        room("sum", sum, layout.size());
        double total = 0;
        for (int from = batch.from(); from < batch.to(); from += lanes) {
            gradients(parameters, batch, from);
            clipping.addUnclipped(group.count(), sum);
            for (int lane = 0; lane < group.count(); lane++) {
                total += losses[lane];
            }
        }
        return total;
    }

    @Override
    public double sumClippedGradients(float[] parameters, Batch batch, ClipFactors clip, float[] sum, float[] norms) {
        return sumClipped(parameters, batch, clip, sum, norms, true);
    }

    @Override
    public double beginClippedSum(float[] parameters, Batch batch, ClipFactors clip, float[] sum, float[] norms) {
        double loss = sumClipped(parameters, batch, clip, sum, norms, false);
        incomplete = true;
        return loss;
    }

    @Override
    public void completeSum(float[] sum, int to) {
        if (incomplete) {
            clipping.complete(sum, to);
        }
    }

    private double sumClipped(
            float[] parameters, Batch batch, ClipFactors clip, float[] sum, float[] norms, boolean all) {
        begin(parameters, batch);
        loss.check(spec, batch.examples());
        room("sum", sum, layout.size());
        room("norms", norms, batch.size());
        double total = 0;
        for (int from = batch.from(); from < batch.to(); from += lanes) {
            gradients(parameters, batch, from);
            boolean more = from + lanes < batch.to();
            clipping.addClipped(group.count(), clip, sum, norms, from - batch.from(), all || more);
            for (int lane = 0; lane < group.count(); lane++) {
                total += Float.isFinite(norms[from - batch.from() + lane]) ? losses[lane] : 0;
            }
        }
        return total;
    }

    private void begin(float[] parameters, Batch batch) {
        incomplete = false;
        if (parameters.length != layout.size()) {
            throw new IllegalArgumentException(
                    "model " + spec.name() + " has " + layout.size() + " parameters, not " + parameters.length);
        }
        if (!batch.examples().shape().equals(spec.input())) {
            throw new ModelException("model " + spec.name() + ": its input is " + spec.input() + ", but the data is "
                    + batch.examples().shape());
        }
        for (LaneLayer layer : layers) {
            layer.load(parameters);
        }
    }

    private static void room(String name, float[] array, long needed) {
        if (array.length < needed) {
            throw new IllegalArgumentException(name + ": room for " + array.length + " values, needs " + needed);
        }
    }

    private void forward(float[] parameters, Batch batch, int from, boolean training) {
        group.load(batch, from, training, input);
        for (LaneLayer layer : layers) {
            layer.forward(parameters, group);
        }
    }

    private void gradients(float[] parameters, Batch batch, int from) {
        forward(parameters, batch, from, true);
        loss.score(group, output, losses, true);
        for (int i = layers.length - 1; i >= firstTrained; i--) {
            layers[i].computeGradients();
            if (i > firstTrained) {
                layers[i].backward(parameters);
            }
        }
    }
}
