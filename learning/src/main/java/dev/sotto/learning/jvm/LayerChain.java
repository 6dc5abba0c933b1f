package dev.sotto.learning.jvm;

import dev.sotto.data.Shape;
import dev.sotto.kernels.ChannelStack;
import dev.sotto.kernels.ConvolutionShape;
import dev.sotto.kernels.DenseRows;
import dev.sotto.kernels.Kernels;
import dev.sotto.kernels.Normalisation;
import dev.sotto.kernels.PoolWindows;
import dev.sotto.kernels.StackLayer;
import dev.sotto.learning.LayerSpec;
import dev.sotto.learning.Layout;
import dev.sotto.learning.ModelException;
import dev.sotto.learning.ModelSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Builds the executors of a model: a slot between each two layers, or the same slot where a layer can work in place. */
final class LayerChain {
    private final Kernels kernels;
    private final ModelSpec spec;
    private final Layout layout;
    private final List<LaneLayer> layers = new ArrayList<>();
    private final Slot input;
    private Slot last;

    LayerChain(Kernels kernels, ModelSpec spec) {
        this.kernels = kernels;
        this.spec = spec;
        layout = spec.layout();
        input = slot(0, spec.input());
        last = input;
        List<Shape> shapes = spec.shapes();
        for (int i = 0; i < spec.layers().size(); ) {
            ChannelStack stack = kernels.stack(stackable(i, shapes)).orElse(null);
            if (stack == null) {
                add(i, spec.layers().get(i), shapes.get(i), shapes.get(i + 1));
                i++;
            } else {
                Slot out = slot(i + stack.length(), shapes.get(i + stack.length()));
                layers.add(new StackedLayers(stack, last, out, isWantedBefore(i)));
                last = out;
                i += stack.length();
            }
        }
    }

    /** The layers from this one on, as far as they are of kinds that can be stacked. */
    private List<StackLayer> stackable(int first, List<Shape> shapes) {
        List<StackLayer> stackable = new ArrayList<>();
        for (int i = first; i < spec.layers().size(); i++) {
            LayerSpec layer = spec.layers().get(i);
            if (layer instanceof LayerSpec.Conv2d conv) {
                ConvolutionShape shape = convolution(conv, shapes.get(i));
                stackable.add(new StackLayer.Convolving(shape, offset(i, 0), offset(i, 1), isWantedBefore(i)));
            } else if (layer instanceof LayerSpec.Relu) {
                stackable.add(new StackLayer.Rectifying());
            } else if (layer instanceof LayerSpec.MaxPool2d pool) {
                stackable.add(new StackLayer.MaxPooling(pool.kernel(), pool.stride(), pool.padding()));
            } else {
                break;
            }
        }
        return stackable;
    }

    List<LaneLayer> layers() {
        return List.copyOf(layers);
    }

    Slot input() {
        return input;
    }

    Slot output() {
        return last;
    }

    private void add(int i, LayerSpec layer, Shape from, Shape to) {
        if (layer instanceof LayerSpec.Flatten) {
            return;
        }
        Slot in = last;
        boolean inPlace = worksInPlace(layer)
                && !layers.isEmpty()
                && !layers.get(layers.size() - 1).needsOutput();
        Slot out = inPlace ? in : new Slot(to.size(), kernels.lanes(), false);
        layers.add(executor(i, layer, from, in, out));
        last = out;
    }

    /** One that is example-major, if the layer from this one on that is not flatten takes it so; whoever fills it has the choice. */
    private Slot slot(int layer, Shape shape) {
        int next = layer;
        while (next < spec.layers().size() && spec.layers().get(next) instanceof LayerSpec.Flatten) {
            next++;
        }
        boolean byExample = next < spec.layers().size()
                && spec.layers().get(next) instanceof LayerSpec.Linear linear
                && rows(next, linear, shape).isPresent();
        return new Slot(shape.size(), kernels.lanes(), byExample);
    }

    private Optional<DenseRows> rows(int layer, LayerSpec.Linear linear, Shape from) {
        return kernels.denseRows(offset(layer, 0), offset(layer, 1), linear.outputs(), from.size());
    }

    private static boolean worksInPlace(LayerSpec layer) {
        return layer instanceof LayerSpec.Dropout
                || (layer instanceof LayerSpec.Activation && !(layer instanceof LayerSpec.Gelu));
    }

    private LaneLayer executor(int i, LayerSpec layer, Shape from, Slot in, Slot out) {
        if (layer instanceof LayerSpec.Linear linear) {
            if (in.byExample()) {
                return new LinearRowsLayer(
                        kernels, rows(i, linear, from).orElseThrow(), in, out, offset(i, 0), offset(i, 1));
            }
            return new LinearLayer(kernels, in, out, offset(i, 0), offset(i, 1));
        } else if (layer instanceof LayerSpec.Conv2d conv) {
            return new ConvolutionLayer(
                    kernels, convolution(conv, from), in, out, offset(i, 0), offset(i, 1), isWantedBefore(i));
        } else if (layer instanceof LayerSpec.MaxPool2d pool) {
            PoolWindows windows = windows(from, pool.kernel(), pool.stride(), pool.padding());
            return new PoolLayers.Max(kernels, windows, in, out);
        } else if (layer instanceof LayerSpec.AvgPool2d pool) {
            PoolWindows windows = windows(from, pool.kernel(), pool.stride(), pool.padding());
            return new PoolLayers.Average(kernels, windows, in, out);
        } else if (layer instanceof LayerSpec.GroupNorm norm) {
            return new NormLayer(kernels, groupNorm(norm, from), in, out, offset(i, 0), offset(i, 1));
        } else if (layer instanceof LayerSpec.LayerNorm norm) {
            return new NormLayer(kernels, layerNorm(norm, from), in, out, offset(i, 0), offset(i, 1));
        } else if (layer instanceof LayerSpec.Dropout dropout) {
            return new DropoutLayer(kernels, dropout.rate(), i, in, out);
        } else if (layer instanceof LayerSpec.Embedding embedding) {
            return embedding(i, embedding, in, out);
        } else if (layer instanceof LayerSpec.Activation activation) {
            return activation(activation, in, out);
        }
        throw new ModelException("model " + spec.name() + ", layer " + i + ": the jvm engine has no " + layer.kind());
    }

    private LaneLayer activation(LayerSpec.Activation activation, Slot in, Slot out) {
        if (activation instanceof LayerSpec.Relu) {
            return new ActivationLayers.Relu(kernels, in, out);
        } else if (activation instanceof LayerSpec.Tanh) {
            return new ActivationLayers.Sigmoid(kernels, 2, 2, 1, in, out);
        } else if (activation instanceof LayerSpec.Sigmoid) {
            return new ActivationLayers.Sigmoid(kernels, 1, 1, 0, in, out);
        } else if (activation instanceof LayerSpec.TemperedSigmoid s) {
            return new ActivationLayers.Sigmoid(
                    kernels, (float) s.scale(), (float) s.temperature(), (float) s.offset(), in, out);
        }
        return new ActivationLayers.Gelu(kernels, in, out);
    }

    private LaneLayer embedding(int i, LayerSpec.Embedding embedding, Slot in, Slot out) {
        if (!layers.isEmpty()) {
            throw new ModelException("model " + spec.name() + ", layer " + i
                    + " (embedding): it reads the data's token numbers, so only flatten may come before it");
        }
        return new EmbeddingLayer(
                kernels.lanes(), embedding.vocabulary(), embedding.dimension(), in, out, offset(i, 0));
    }

    /** Where a layer's parameter tensor lies. */
    private int offset(int layer, int tensor) {
        return layout.tensors().stream()
                .filter(t -> t.layer() == layer)
                .skip(tensor)
                .findFirst()
                .orElseThrow()
                .offset();
    }

    /** Whether a layer before this one has parameters, so that gradients must flow further back. */
    private boolean isWantedBefore(int layer) {
        return layout.tensors().get(0).layer() < layer;
    }

    private PoolWindows windows(Shape from, int kernel, int stride, int padding) {
        return new PoolWindows(
                kernels, from.dims().get(0), from.dims().get(1), from.dims().get(2), kernel, stride, padding);
    }

    private static ConvolutionShape convolution(LayerSpec.Conv2d conv, Shape from) {
        return new ConvolutionShape(
                from.dims().get(0),
                from.dims().get(1),
                from.dims().get(2),
                conv.channels(),
                conv.kernel(),
                conv.stride(),
                conv.padding());
    }

    private static Normalisation groupNorm(LayerSpec.GroupNorm norm, Shape from) {
        int channels = from.dims().get(0);
        return new Normalisation(norm.groups(), channels / norm.groups(), from.size() / channels, false, (float)
                LayerSpec.GroupNorm.EPSILON);
    }

    private static Normalisation layerNorm(LayerSpec.LayerNorm norm, Shape from) {
        int segment = 1;
        for (int i = from.rank() - norm.dims(); i < from.rank(); i++) {
            segment *= from.dims().get(i);
        }
        return new Normalisation(from.size() / segment, segment, 1, true, (float) LayerSpec.LayerNorm.EPSILON);
    }
}
