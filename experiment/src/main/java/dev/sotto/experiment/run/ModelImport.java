package dev.sotto.experiment.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.data.Shape;
import dev.sotto.formats.Npz;
import dev.sotto.formats.SafeTensors;
import dev.sotto.formats.Tensor;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.formats.config.Section;
import dev.sotto.learning.LayerSpec;
import dev.sotto.learning.Layout;
import dev.sotto.learning.Loss;
import dev.sotto.learning.ModelCodec;
import dev.sotto.learning.ModelSpec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Models from elsewhere: a state dict in a .npz (by position or by name), .safetensors or PyTorch's .pt becomes the flat
 * parameters of a model here. Nothing is executed, guessed or left over: every tensor finds its place by shape, and all values
 * are finite.
 */
public final class ModelImport {
    /** What training frameworks wrap a state dict in. */
    private static final List<String> WRAPPERS =
            List.of("model_state_dict.", "state_dict.", "model.", "module.", "_orig_mod.");

    private static final List<String> BATCH_NORM = List.of("running_mean", "running_var", "num_batches_tracked");

    private final Path file;
    private final ModelContent content;
    private final List<Tensor> tensors;

    private ModelImport(Path file, ModelContent content) {
        this.file = file;
        this.content = content;
        this.tensors = unwrapped(content.tensors());
    }

    /**
     * Reads a model file.
     *
     * @throws ConfigException in one line, if there is no such file, its kind is not known, or it holds what no model here can
     * @throws IOException in one line, if it is not what its ending says
     */
    public static ModelImport read(Path file) throws IOException {
        ModelImport read = new ModelImport(file, ModelContent.read(file));
        read.requireFinite();
        return read;
    }

    /** Weights of a wrapped model without the wrapper, and without what lies beside it, such as an optimizer's state. */
    private static List<Tensor> unwrapped(List<Tensor> tensors) {
        for (String wrapper : WRAPPERS) {
            List<Tensor> inside = tensors.stream()
                    .filter(tensor -> tensor.name().startsWith(wrapper))
                    .map(tensor -> new Tensor(tensor.name().substring(wrapper.length()), tensor.shape(), tensor.data()))
                    .toList();
            if (!inside.isEmpty()) {
                return unwrapped(inside);
            }
        }
        return tensors;
    }

    private void requireFinite() {
        for (Tensor tensor : tensors) {
            if (BATCH_NORM.stream().anyMatch(tensor.name()::endsWith)) {
                throw refused(
                        tensor,
                        "it belongs to batch normalisation, which mixes the examples of a batch; use group-norm");
            }
            for (int i = 0; i < tensor.data().length; i++) {
                if (!Float.isFinite(tensor.data()[i])) {
                    throw refused(tensor, "value " + i + " is " + tensor.data()[i] + "; all must be finite");
                }
            }
        }
    }

    /** The arrays, in the order of the file, without what they were wrapped in. */
    public List<Tensor> tensors() {
        return tensors;
    }

    /** The model that the file states, as those do that a run writes. */
    public Optional<ModelSpec> stated() {
        String text = content.metadata().get(ModelTensors.MODEL);
        String input = content.metadata().get(ModelTensors.INPUT);
        if (text == null || input == null || !input.matches("\\d{1,9}(x\\d{1,9}){0,7}")) {
            return Optional.empty();
        }
        try {
            ObjectNode settings = Json.object();
            settings.set("model", Json.parse(text));
            Shape shape = new Shape(
                    Arrays.stream(input.split("x", -1)).map(Integer::valueOf).toList());
            Section section = Section.root(file + ": " + ModelTensors.MODEL, settings);
            return Optional.of(ModelCodec.read(section, shape, 1, Loss.CROSS_ENTROPY, "logistic"));
        } catch (JsonProcessingException | IllegalArgumentException e) {
            // A stranger's file may hold anything under our key; what is no model states none.
            return Optional.empty();
        }
    }

    /** The presets whose parameters have just these shapes, each for the input that its shapes tell. */
    public List<ModelSpec> presets() {
        return PresetMatch.of(tensors);
    }

    /** What could go into the first layer, as its weights tell: images first, as they are what nets are made for. */
    public List<Shape> inputs() {
        List<Tensor> inOrder = numbered().orElse(tensors);
        return inOrder.isEmpty() ? List.of() : PresetMatch.inputs(inOrder.get(0).shape());
    }

    /** How many values the model gives: the length of its last bias; empty if there is none. */
    public OptionalInt outputs() {
        List<Tensor> inOrder = numbered().orElse(tensors);
        int length = inOrder.isEmpty() ? 0 : inOrder.get(inOrder.size() - 1).data().length;
        return length == 0 ? OptionalInt.empty() : OptionalInt.of(length);
    }

    /**
     * The models that have just these weights: presets, else plain chains. One is likely meant; several need a choice; none
     * means that the weights do not tell.
     *
     * @param features shape of an example, if it is known; else images are tried, then flat rows
     */
    public List<InferredModel> inferred(Optional<Shape> features) {
        List<InferredModel> presets = presets().stream()
                .filter(spec -> features.isEmpty() || spec.input().equals(features.get()))
                .map(InferredModel::preset)
                .toList();
        if (!presets.isEmpty() || tensors.isEmpty()) {
            return presets;
        }
        List<Tensor> inOrder = numbered().orElse(tensors);
        return ChainMatch.of(inOrder, features.map(List::of).orElseGet(this::inputs)).stream()
                .map(InferredModel::chain)
                .toList();
    }

    /**
     * The preset of that name, for the input that the shapes tell.
     *
     * @throws dev.sotto.learning.ModelException if there is no such preset
     */
    public ModelSpec preset(String name) {
        return presets().stream()
                .filter(spec -> spec.name().equals(name))
                .findFirst()
                .orElseGet(() -> PresetMatch.named(name, tensors));
    }

    /**
     * The flat parameters for a model: by name if the file names tensors as the model does, by number if they are numbered, and
     * else in the order of the file. A file that states its model must state this one: weights of another may have the same
     * shapes, and mean nothing here.
     *
     * @throws ConfigException in one line, naming the first tensor that does not fit, with both shapes, or the first layer that is
     *     another in the file
     */
    public float[] parameters(ModelSpec model) {
        Layout layout = model.layout();
        List<Tensor> ordered = ordered(layout);
        int shared = Math.min(ordered.size(), layout.tensors().size());
        for (int i = 0; i < shared; i++) {
            Layout.Tensor place = layout.tensors().get(i);
            if (!ordered.get(i).shape().equals(place.shape().dims())) {
                throw refused(
                        ordered.get(i),
                        "its shape is " + words(ordered.get(i).shape()) + "; the model's " + place.name() + " is "
                                + place.shape());
            }
        }
        if (ordered.size() != layout.tensors().size()) {
            throw new ConfigException(file + ": " + ordered.size() + " tensors; model " + model.name() + " has "
                    + layout.tensors().size()
                    + (ordered.size() > shared
                            ? ", and no place for " + ordered.get(shared).name()
                            : ", and nothing is there for "
                                    + layout.tensors().get(shared).name()));
        }
        stated().flatMap(own -> difference(own, model)).ifPresent(reason -> {
            throw new ConfigException(file + ": it states another model than " + model.name() + ": " + reason
                    + "; use the model that it was trained as");
        });
        float[] flat = new float[layout.size()];
        for (int i = 0; i < shared; i++) {
            float[] values = ordered.get(i).data();
            System.arraycopy(values, 0, flat, layout.tensors().get(i).offset(), values.length);
        }
        return flat;
    }

    /** The first thing in which a model computes otherwise; dropout matters in training only. */
    private static Optional<String> difference(ModelSpec own, ModelSpec model) {
        if (!own.input().equals(model.input())) {
            return Optional.of("its input is " + own.input() + ", not " + model.input());
        }
        List<String> theirs = layers(own);
        List<String> ours = layers(model);
        for (int i = 0; i < Math.max(theirs.size(), ours.size()); i++) {
            String there = i < theirs.size() ? theirs.get(i) : "the end";
            String here = i < ours.size() ? ours.get(i) : "the end";
            if (!there.equals(here)) {
                return Optional.of("without dropout, layer " + i + " is " + there + ", not " + here);
            }
        }
        return Optional.empty();
    }

    private static List<String> layers(ModelSpec model) {
        List<String> words = new ArrayList<>();
        JsonNode written = ModelCodec.write(model).path("layers");
        for (int i = 0; i < written.size(); i++) {
            if (!(model.layers().get(i) instanceof LayerSpec.Dropout)) {
                JsonNode layer = written.path(i);
                words.add(layer.isTextual() ? layer.asText() : layer.toString());
            }
        }
        return words;
    }

    private List<Tensor> ordered(Layout layout) {
        List<String> named = layout.tensors().stream().map(Layout.Tensor::name).toList();
        return inOrderOf(named).or(this::numbered).orElse(tensors);
    }

    /** The tensors in the order of their numbers, if they are numbered. */
    private Optional<List<Tensor>> numbered() {
        return inOrderOf(
                IntStream.range(0, tensors.size()).mapToObj(String::valueOf).toList());
    }

    /** The tensors in the order of these names, if those are theirs. */
    private Optional<List<Tensor>> inOrderOf(List<String> names) {
        Map<String, Tensor> byName = new HashMap<>();
        tensors.forEach(tensor -> byName.put(tensor.name(), tensor));
        return names.size() == byName.size() && byName.keySet().containsAll(names)
                ? Optional.of(names.stream().map(byName::get).toList())
                : Optional.empty();
    }

    private ConfigException refused(Tensor tensor, String reason) {
        String name = tensor.name().replaceAll("\\p{Cntrl}", "?");
        return new ConfigException(file + ": tensor " + (name.isEmpty() ? "without a name" : name) + ": " + reason);
    }

    private static String words(List<Integer> shape) {
        return shape.isEmpty()
                ? "a scalar"
                : shape.stream().map(String::valueOf).collect(Collectors.joining("x"));
    }

    /**
     * Writes parameters to a file, whole or not at all: to a {@code .safetensors} that states its model, else to a .npz whose
     * arrays are numbered in the order of the model, as {@code numpy.savez_compressed} writes it.
     */
    public static void write(Path file, ModelSpec model, float[] parameters) throws IOException {
        ModelTensors arrays = new ModelTensors(model, parameters);
        if (file.toString().endsWith(".safetensors")) {
            SafeTensors.write(file, arrays.named(), arrays.metadata());
        } else {
            Npz.write(file, arrays.numbered());
        }
    }
}
