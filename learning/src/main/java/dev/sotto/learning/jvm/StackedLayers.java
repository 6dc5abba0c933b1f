package dev.sotto.learning.jvm;

import dev.sotto.kernels.ChannelStack;
import java.util.List;
import java.util.stream.IntStream;

/** Layers that the kernels run as one. */
final class StackedLayers implements LaneLayer {
    private final ChannelStack stack;
    private final Slot in;
    private final Slot out;
    private final boolean inputGradient;
    private final List<ParameterGradients> trained;
    private int examples;

    StackedLayers(ChannelStack stack, Slot in, Slot out, boolean inputGradient) {
        this.stack = stack;
        this.in = in;
        this.out = out;
        this.inputGradient = inputGradient;
        trained = IntStream.range(0, stack.convolutions())
                .<ParameterGradients>mapToObj(Gradients::new)
                .toList();
    }

    @Override
    public void load(float[] parameters) {
        stack.load(parameters);
    }

    @Override
    public void forward(float[] parameters, Group group) {
        examples = group.count();
        stack.forward(in.values(), out.values(), out.byExample(), examples);
    }

    @Override
    public List<ParameterGradients> trained() {
        return trained;
    }

    /** Those of the input, too: they come out of the same pass. */
    @Override
    public void computeGradients() {
        stack.backward(out.gradients(), out.byExample(), inputGradient ? in.gradients() : null, examples);
    }

    @Override
    public void backward(float[] parameters) {}

    /** Those of one convolution. */
    private final class Gradients implements ParameterGradients {
        private final int convolution;

        Gradients(int convolution) {
            this.convolution = convolution;
        }

        @Override
        public void addSquaredNorms(double[] perLane) {
            for (int lane = 0; lane < examples; lane++) {
                perLane[lane] += stack.squaredNorm(convolution, lane);
            }
        }

        @Override
        public void addGradients(float[] factors, int examples, float[] sum) {
            stack.addGradients(convolution, factors, examples, sum);
        }
    }
}
