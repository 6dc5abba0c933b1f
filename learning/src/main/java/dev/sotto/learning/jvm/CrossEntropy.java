package dev.sotto.learning.jvm;

import dev.sotto.data.Examples;
import dev.sotto.data.Target;
import dev.sotto.learning.ModelException;
import dev.sotto.learning.ModelSpec;

/** Softmax and negative log-likelihood, in double precision: its gradient is softmax minus the one-hot label. */
final class CrossEntropy implements LaneLoss {
    private final int lanes;
    private final double[] exponentials;

    CrossEntropy(int lanes, int outputs) {
        this.lanes = lanes;
        exponentials = new double[outputs];
    }

    @Override
    public void check(ModelSpec spec, Examples examples) {
        if (!(examples.target() instanceof Target.Classes classes)) {
            throw new ModelException(
                    "model " + spec.name()
                            + ": cross-entropy needs class labels, but the data has real target values: use mean-squared-error");
        }
        if (classes.count() > spec.outputs()) {
            throw new ModelException("model " + spec.name() + ": the data has " + classes.count()
                    + " classes, but the model only " + spec.outputs() + " outputs");
        }
    }

    @Override
    public int score(Group group, Slot outputs, double[] losses, boolean gradients) {
        int correct = 0;
        for (int lane = 0; lane < lanes; lane++) {
            if (lane < group.count()) {
                int label = group.examples().label(group.index(lane));
                losses[lane] = loss(outputs.values(), lane, label);
                correct += isBest(outputs.values(), lane, label) ? 1 : 0;
                if (gradients) {
                    gradient(outputs.gradients(), lane, label);
                }
            } else if (gradients) {
                for (int k = 0; k < exponentials.length; k++) {
                    outputs.gradients()[k * lanes + lane] = 0;
                }
            }
        }
        return correct;
    }

    private double loss(float[] scores, int lane, int label) {
        float highest = Float.NEGATIVE_INFINITY;
        for (int k = 0; k < exponentials.length; k++) {
            highest = Math.max(highest, scores[k * lanes + lane]);
        }
        double total = 0;
        for (int k = 0; k < exponentials.length; k++) {
            exponentials[k] = Math.exp((double) scores[k * lanes + lane] - highest);
            total += exponentials[k];
        }
        for (int k = 0; k < exponentials.length; k++) {
            exponentials[k] /= total;
        }
        return Math.log(total) + highest - scores[label * lanes + lane];
    }

    private void gradient(float[] gradients, int lane, int label) {
        for (int k = 0; k < exponentials.length; k++) {
            gradients[k * lanes + lane] = (float) (exponentials[k] - (k == label ? 1 : 0));
        }
    }

    /** Whether the label's score is the first of the highest; never where a score is NaN. */
    private boolean isBest(float[] scores, int lane, int label) {
        float score = scores[label * lanes + lane];
        for (int k = 0; k < exponentials.length; k++) {
            float other = scores[k * lanes + lane];
            if (!(k < label ? score > other : score >= other)) {
                return false;
            }
        }
        return true;
    }
}
