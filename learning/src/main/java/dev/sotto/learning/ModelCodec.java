package dev.sotto.learning;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.data.Shape;
import dev.sotto.formats.config.Interval;
import dev.sotto.formats.config.Nearest;
import dev.sotto.formats.config.Section;
import dev.sotto.learning.LayerSpec.AvgPool2d;
import dev.sotto.learning.LayerSpec.Conv2d;
import dev.sotto.learning.LayerSpec.Dropout;
import dev.sotto.learning.LayerSpec.Embedding;
import dev.sotto.learning.LayerSpec.Flatten;
import dev.sotto.learning.LayerSpec.Gelu;
import dev.sotto.learning.LayerSpec.GroupNorm;
import dev.sotto.learning.LayerSpec.LayerNorm;
import dev.sotto.learning.LayerSpec.Linear;
import dev.sotto.learning.LayerSpec.MaxPool2d;
import dev.sotto.learning.LayerSpec.Relu;
import dev.sotto.learning.LayerSpec.Sigmoid;
import dev.sotto.learning.LayerSpec.Tanh;
import dev.sotto.learning.LayerSpec.TemperedSigmoid;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * Models in experiment files and model files. A model is a preset's name, or {@code layers}: a list in which an element is
 * a layer's name alone ({@code relu}) or its name with its settings ({@code conv2d: {channels: 6, kernel: 5}}).
 */
public final class ModelCodec {
    private static final Map<String, Function<Section, LayerSpec>> READERS = readers();
    /** Batch normalisation in every spelling of the field, with its dimension or without. */
    private static final Pattern BATCH_NORM = Pattern.compile("(?i)batch[-_]?norm.*");

    private ModelCodec() {}

    private static Map<String, Function<Section, LayerSpec>> readers() {
        int any = Integer.MAX_VALUE;
        Map<String, Function<Section, LayerSpec>> readers = new LinkedHashMap<>();
        readers.put("linear", s -> new Linear(required(s, "outputs")));
        readers.put(
                "conv2d",
                s -> new Conv2d(
                        required(s, "channels"),
                        required(s, "kernel"),
                        s.integer("stride", 1, 1, any),
                        s.integer("padding", 0, 0, any)));
        readers.put("max-pool2d", s -> {
            int kernel = required(s, "kernel");
            return new MaxPool2d(kernel, s.integer("stride", kernel, 1, any), s.integer("padding", 0, 0, any));
        });
        readers.put("avg-pool2d", s -> {
            int kernel = required(s, "kernel");
            return new AvgPool2d(kernel, s.integer("stride", kernel, 1, any), s.integer("padding", 0, 0, any));
        });
        readers.put("flatten", s -> new Flatten());
        readers.put("relu", s -> new Relu());
        readers.put("tanh", s -> new Tanh());
        readers.put("sigmoid", s -> new Sigmoid());
        readers.put(
                "tempered-sigmoid",
                s -> new TemperedSigmoid(
                        s.number("scale", 2, Interval.FINITE),
                        s.number("temperature", 2, Interval.FINITE),
                        s.number("offset", 1, Interval.FINITE)));
        readers.put("gelu", s -> new Gelu());
        readers.put("group-norm", s -> new GroupNorm(required(s, "groups")));
        readers.put("layer-norm", s -> new LayerNorm(s.integer("dims", 1, 1, any)));
        readers.put("dropout", s -> new Dropout(s.number("rate", 0.5, new Interval(0, 1, false))));
        readers.put("embedding", s -> new Embedding(required(s, "vocabulary"), required(s, "dimension")));
        return readers;
    }

    private static int required(Section section, String key) {
        section.text(key);
        return section.integer(key, 0, 1, Integer.MAX_VALUE);
    }

    /**
     * Reads a model.
     *
     * @param parent the settings that hold the key {@code model}: a preset's name, or {@code preset} or {@code layers}, with
     *     {@code name} and {@code loss}
     * @param input shape of the data's features
     * @param outputs how many scores the data needs: its classes, or its target values
     * @param loss the loss if none is named
     * @param preset the preset if there is no model at all
     * @throws ModelException or {@code ConfigException}, naming the layer and the key
     */
    public static ModelSpec read(Section parent, Shape input, int outputs, Loss loss, String preset) {
        if (!parent.isSection("model")) {
            return Presets.named(parent.text("model", preset), input, outputs, loss);
        }
        Section model = parent.section("model");
        Loss chosen = Loss.parse(model.text("loss", loss.label()));
        String name = model.text("name", "custom");
        boolean custom = model.has("layers");
        String named = model.text("preset", custom ? null : preset);
        if (custom && named != null) {
            throw model.error("preset", "a model has a preset or layers, not both");
        }
        ModelSpec spec;
        if (custom) {
            if (!model.isList("layers")) {
                throw model.error("layers", "expected a list, one layer an element");
            }
            List<LayerSpec> layers = new ArrayList<>();
            for (JsonNode element : model.tree("layers").orElseThrow()) {
                layers.add(layer(element, "model " + name + ", layer " + layers.size()));
            }
            spec = new ModelSpec(name, input, layers, chosen);
        } else {
            spec = Presets.named(named, input, outputs, chosen);
        }
        model.end();
        return spec;
    }

    private static LayerSpec layer(JsonNode element, String where) {
        boolean alone = element.isTextual();
        if (!alone && !(element.isObject() && element.size() == 1)) {
            throw new ModelException(
                    where + ": expected a layer's name, or one name with its settings; found " + element);
        }
        String kind = alone ? element.asText() : element.fieldNames().next();
        if (BATCH_NORM.matcher(kind).matches()) {
            throw new ModelException(
                    where + " (" + kind + "): batch normalisation mixes the examples of a batch, so no "
                            + "example has a gradient of its own; use group-norm: {groups: N}");
        }
        Function<Section, LayerSpec> reader = READERS.get(kind);
        if (reader == null) {
            throw new ModelException(where + ": unknown layer '" + kind + "'; "
                    + Nearest.to(kind.toLowerCase(Locale.ROOT), READERS.keySet())
                            .map(near -> "did you mean '" + near + "'?")
                            .orElse("valid: " + String.join(", ", READERS.keySet())));
        }
        JsonNode settings = alone ? null : element.get(kind);
        if (settings != null && settings.isNumber()) {
            settings = JsonNodeFactory.instance.objectNode().set(shorthand(kind, where), settings);
        }
        Section section = Section.root(where + " (" + kind + ")", settings);
        LayerSpec layer = reader.apply(section);
        section.end();
        return layer;
    }

    /** The setting that a bare number stands for: {@code linear: 10}. */
    private static String shorthand(String kind, String where) {
        return switch (kind) {
            case "linear" -> "outputs";
            case "max-pool2d", "avg-pool2d" -> "kernel";
            case "group-norm" -> "groups";
            case "dropout" -> "rate";
            default -> throw new ModelException(where + " (" + kind + "): expected keys and values, found a number");
        };
    }

    /** The model as {@link #read} takes it: {@code name}, {@code loss} and all {@code layers} in full. */
    public static ObjectNode write(ModelSpec spec) {
        ObjectNode model = JsonNodeFactory.instance.objectNode();
        model.put("name", spec.name());
        model.put("loss", spec.loss().label());
        ArrayNode layers = model.putArray("layers");
        spec.layers().forEach(layer -> write(layer, layers));
        return model;
    }

    private static void write(LayerSpec layer, ArrayNode into) {
        ObjectNode settings = JsonNodeFactory.instance.objectNode();
        if (layer instanceof Linear linear) {
            settings.put("outputs", linear.outputs());
        } else if (layer instanceof Conv2d conv) {
            settings.put("channels", conv.channels());
            window(settings, conv.kernel(), conv.stride(), conv.padding());
        } else if (layer instanceof MaxPool2d pool) {
            window(settings, pool.kernel(), pool.stride(), pool.padding());
        } else if (layer instanceof AvgPool2d pool) {
            window(settings, pool.kernel(), pool.stride(), pool.padding());
        } else if (layer instanceof TemperedSigmoid sigmoid) {
            settings.put("scale", sigmoid.scale());
            settings.put("temperature", sigmoid.temperature()).put("offset", sigmoid.offset());
        } else if (layer instanceof GroupNorm norm) {
            settings.put("groups", norm.groups());
        } else if (layer instanceof LayerNorm norm) {
            settings.put("dims", norm.dims());
        } else if (layer instanceof Dropout dropout) {
            settings.put("rate", dropout.rate());
        } else if (layer instanceof Embedding embedding) {
            settings.put("vocabulary", embedding.vocabulary()).put("dimension", embedding.dimension());
        }
        if (settings.isEmpty()) {
            into.add(layer.kind());
        } else {
            into.addObject().set(layer.kind(), settings);
        }
    }

    private static void window(ObjectNode settings, int kernel, int stride, int padding) {
        settings.put("kernel", kernel).put("stride", stride).put("padding", padding);
    }
}
