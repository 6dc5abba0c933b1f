package dev.sotto.kernels;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Convolutions, rectifiers and pooling layers that follow each other, made by {@link Kernels#stack}. Lanes are channels: each
 * example passes through all layers by itself, so what flows between them stays in the second-level cache, and no lane idles
 * where examples are few. Holds scratch memory, so one thread at a time.
 *
 * <p>For one group of examples, {@link #forward} comes before {@link #backward}, and that before anything about gradients.
 */
public final class ChannelStack {
    private final int length;
    /** Null where the first convolution takes channels side by side. */
    private final ChannelInputs inputs;
    /** Null where it does not. */
    private final ChannelSlot first;

    private final ChannelSlot last;
    private final ChannelStep[] steps;
    private final ChannelConvolution[] convolutions;

    private ChannelStack(List<StackLayer> given) {
        length = given.size();
        List<StackLayer> layers = poolingFirst(given);
        List<ChannelStep> all = new ArrayList<>();
        ConvolutionShape input = ((StackLayer.Convolving) layers.get(0)).shape();
        boolean byProducts = !isWinograd(layers.get(0));
        inputs = byProducts ? new ChannelInputs(input.inChannels(), input.inHeight() * input.inWidth()) : null;
        first = byProducts
                ? null
                : new ChannelSlot(
                        input.inChannels(),
                        input.inHeight(),
                        input.inWidth(),
                        VectorProducts.padded(input.inChannels()),
                        true);
        ChannelSlot slot = first;
        for (int i = 0; i < length; i++) {
            ChannelSlot out = after(layers, i, slot);
            all.add(step(layers.get(i), slot, out));
            slot = out;
        }
        last = slot;
        steps = all.toArray(ChannelStep[]::new);
        convolutions = all.stream()
                .filter(ChannelConvolution.class::isInstance)
                .map(ChannelConvolution.class::cast)
                .toArray(ChannelConvolution[]::new);
    }

    /** The stack of as many of these layers, from the first on, as one can have; null if that does not pay. */
    static ChannelStack of(List<StackLayer> layers) {
        int length = 0;
        boolean pays = false;
        while (length < layers.size() && belongs(layers.get(length), length == 0)) {
            pays |= isWinograd(layers.get(length));
            length++;
        }
        return pays ? new ChannelStack(List.copyOf(layers.subList(0, length))) : null;
    }

    /** The largest of rectified values is the largest of them, rectified; and there are fewer of those. */
    private static List<StackLayer> poolingFirst(List<StackLayer> layers) {
        List<StackLayer> ordered = new ArrayList<>(layers);
        for (int i = 1; i < ordered.size(); i++) {
            if (ordered.get(i) instanceof StackLayer.MaxPooling
                    && ordered.get(i - 1) instanceof StackLayer.Rectifying) {
                Collections.swap(ordered, i - 1, i);
            }
        }
        return ordered;
    }

    private static boolean belongs(StackLayer layer, boolean isFirst) {
        if (isFirst && layer instanceof StackLayer.Convolving convolving && ProductConvolution.fits(convolving)) {
            return true;
        }
        return layer instanceof StackLayer.Convolving ? isWinograd(layer) : !isFirst;
    }

    private static boolean isWinograd(StackLayer layer) {
        return layer instanceof StackLayer.Convolving convolving && WinogradLayer.fits(convolving);
    }

    private static ChannelSlot after(List<StackLayer> layers, int i, ChannelSlot in) {
        // Rectifiers work in place, so the slot before the last of them is the last one, too.
        boolean isLast =
                layers.subList(i + 1, layers.size()).stream().allMatch(StackLayer.Rectifying.class::isInstance);
        if (layers.get(i) instanceof StackLayer.Convolving convolving) {
            ConvolutionShape shape = convolving.shape();
            int depth = VectorProducts.padded(shape.outChannels());
            return new ChannelSlot(shape.outChannels(), shape.outHeight(), shape.outWidth(), depth, isLast);
        } else if (layers.get(i) instanceof StackLayer.MaxPooling pool) {
            int height = (in.height + 2 * pool.padding() - pool.kernel()) / pool.stride() + 1;
            int width = (in.width + 2 * pool.padding() - pool.kernel()) / pool.stride() + 1;
            return new ChannelSlot(in.channels, height, width, in.depth, isLast);
        }
        return in;
    }

    private ChannelStep step(StackLayer layer, ChannelSlot in, ChannelSlot out) {
        if (layer instanceof StackLayer.Convolving convolving) {
            return WinogradLayer.fits(convolving)
                    ? new WinogradLayer(convolving, in, out)
                    : new ProductConvolution(convolving, inputs, out);
        } else if (layer instanceof StackLayer.MaxPooling pooling) {
            return new ChannelMaxPool(pooling, in, out);
        }
        return new ChannelRelu(out);
    }

    /** How many layers it is made of. */
    public int length() {
        return length;
    }

    /** How many of them are convolutions. */
    public int convolutions() {
        return convolutions.length;
    }

    /** Takes over the parameters; to be called whenever they changed. */
    public void load(float[] parameters) {
        for (ChannelConvolution convolution : convolutions) {
            convolution.load(parameters);
        }
    }

    /**
     * The last layer's output. Of lanes from {@code examples} on, nothing is read, and what is written has no meaning.
     *
     * @param in lane-major
     * @param byExample whether {@code out} is example-major
     */
    public void forward(float[] in, float[] out, boolean byExample, int examples) {
        if (inputs != null) {
            inputs.take(in, examples);
        } else {
            first.take(in, examples, first.values);
        }
        for (int n = 0; n < examples; n++) {
            for (ChannelStep step : steps) {
                step.forward(n);
            }
            if (byExample) {
                last.giveExample(n, out, n * last.channels * last.positions());
            }
        }
        if (!byExample) {
            last.give(last.values, examples, out);
        }
    }

    /**
     * Computes the gradients of parameters and of the input; the latter is written where its layer was asked for it.
     *
     * @param byExample whether {@code upstream} is example-major
     * @param din lane-major, or null
     */
    public void backward(float[] upstream, boolean byExample, float[] din, int examples) {
        if (!byExample) {
            last.take(upstream, examples, last.gradients);
        }
        for (int n = 0; n < examples; n++) {
            if (byExample) {
                last.takeExample(upstream, n * last.channels * last.positions(), n);
            }
            for (int i = steps.length - 1; i >= 0; i--) {
                steps[i].backward(n);
            }
        }
        if (din != null) {
            first.give(first.gradients, examples, din);
        }
    }

    /** The squared norm of an example's gradients of a convolution's parameters. */
    public double squaredNorm(int convolution, int example) {
        return convolutions[convolution].squaredNorm(example);
    }

    /**
     * Adds the first {@code examples} gradients of a convolution's parameters to a flat sum, each times its factor; one whose
     * factor is zero adds nothing, even if it is not finite.
     */
    public void addGradients(int convolution, float[] factors, int examples, float[] sum) {
        convolutions[convolution].addGradients(factors, examples, sum);
    }
}
