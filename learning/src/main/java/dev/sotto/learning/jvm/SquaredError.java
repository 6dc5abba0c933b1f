package dev.sotto.learning.jvm;

import dev.sotto.data.Examples;
import dev.sotto.data.Target;
import dev.sotto.learning.ModelException;
import dev.sotto.learning.ModelSpec;

/** Mean over an example's outputs of the squared error. */
final class SquaredError implements LaneLoss {
    private final int lanes;
    private final float[] wanted;

    SquaredError(int lanes, int outputs) {
        this.lanes = lanes;
        wanted = new float[outputs];
    }

    @Override
    public void check(ModelSpec spec, Examples examples) {
        if (!(examples.target() instanceof Target.Values values)) {
            throw new ModelException(
                    "model " + spec.name()
                            + ": mean-squared-error needs real target values, but the data has class labels: use cross-entropy");
        }
        if (values.size() != spec.outputs()) {
            throw new ModelException("model " + spec.name() + ": the data has " + values.size()
                    + " target values, but the model " + spec.outputs() + " outputs");
        }
    }

    @Override
    public int score(Group group, Slot outputs, double[] losses, boolean gradients) {
        for (int lane = 0; lane < lanes; lane++) {
            boolean used = lane < group.count();
            if (used) {
                group.examples().values(group.index(lane), wanted, 0);
                losses[lane] = 0;
            }
            for (int k = 0; k < wanted.length; k++) {
                int at = k * lanes + lane;
                double error = used ? (double) outputs.values()[at] - wanted[k] : 0;
                if (used) {
                    losses[lane] += error * error / wanted.length;
                }
                if (gradients) {
                    outputs.gradients()[at] = (float) (2 * error / wanted.length);
                }
            }
        }
        return 0;
    }
}
