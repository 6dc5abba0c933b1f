package dev.sotto.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sotto.data.Shape;
import dev.sotto.formats.config.ConfigException;
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
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("Models in files")
class ModelCodecTest {
    private static final JsonMapper LENIENT = JsonMapper.builder()
            .enable(JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES, JsonReadFeature.ALLOW_SINGLE_QUOTES)
            .build();

    private static ModelSpec read(Shape input, String model) {
        try {
            Section file = Section.root("a.yaml", LENIENT.readTree("{model: " + model + "}"));
            ModelSpec spec = ModelCodec.read(file, input, 10, Loss.CROSS_ENTROPY, "logistic");
            file.end();
            return spec;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(model, e);
        }
    }

    private static List<LayerSpec> layers(Shape input, String layers) {
        return read(input, "{layers: " + layers + "}").layers();
    }

    private static ModelSpec written(ModelSpec spec) {
        ObjectNode parent = JsonNodeFactory.instance.objectNode();
        parent.set("model", ModelCodec.write(spec));
        return ModelCodec.read(Section.root("a.yaml", parent), spec.input(), 10, Loss.CROSS_ENTROPY, "logistic");
    }

    @Test
    void everyLayerIsReadBackAsItWasWritten() {
        List<LayerSpec> image = List.of(
                new Conv2d(4, 3, 2, 1),
                new Relu(),
                new GroupNorm(2),
                new MaxPool2d(3, 1, 1),
                new Tanh(),
                new AvgPool2d(2, 2, 0),
                new Sigmoid(),
                new TemperedSigmoid(1.5, 2.5, 0.25),
                new LayerNorm(2),
                new Flatten(),
                new Gelu(),
                new Dropout(0.25),
                new Linear(10));
        ModelSpec pictures = new ModelSpec("pictures", Shape.of(3, 16, 16), image, Loss.MEAN_SQUARED_ERROR);
        assertThat(written(pictures)).isEqualTo(pictures);
        List<LayerSpec> text = List.of(new Embedding(50, 4), new Flatten(), new Linear(10));
        ModelSpec words = new ModelSpec("words", Shape.of(8), text, Loss.CROSS_ENTROPY);
        assertThat(written(words)).isEqualTo(words);

        List<Class<?>> covered = Stream.concat(image.stream(), text.stream())
                .map(Object::getClass)
                .collect(Collectors.toList());
        assertThat(covered).as("every kind of layer is in this test").containsAll(kinds(LayerSpec.class));
    }

    private static List<Class<?>> kinds(Class<?> sealed) {
        return Arrays.stream(sealed.getPermittedSubclasses())
                .flatMap(kind -> kind.isRecord() ? Stream.of(kind) : kinds(kind).stream())
                .collect(Collectors.toList());
    }

    @Test
    void aNameAloneIsAPreset() {
        assertThat(read(Shape.of(3, 32, 32), "'lenet'")).isEqualTo(preset("lenet"));
        assertThat(read(Shape.of(3, 32, 32), "{preset: 'lenet'}")).isEqualTo(preset("lenet"));
        assertThat(read(Shape.of(3, 32, 32), "null")).isEqualTo(preset("logistic"));
        assertThat(read(Shape.of(3, 32, 32), "{}")).isEqualTo(preset("logistic"));
    }

    private static ModelSpec preset(String name) {
        return Presets.named(name, Shape.of(3, 32, 32), 10, Loss.CROSS_ENTROPY);
    }

    @Test
    void aBareNumberIsALayersMainSetting() {
        assertThat(layers(
                        Shape.of(4, 8, 8),
                        "[{max-pool2d: 2}, {avg-pool2d: 2}, {group-norm: 2}, 'flatten', {dropout: 0.1}, {linear: 3}]"))
                .containsExactly(
                        new MaxPool2d(2, 2, 0),
                        new AvgPool2d(2, 2, 0),
                        new GroupNorm(2),
                        new Flatten(),
                        new Dropout(0.1),
                        new Linear(3));
        assertThatThrownBy(() -> layers(Shape.of(4, 8, 8), "[{conv2d: 6}, 'flatten']"))
                .hasMessage("model custom, layer 0 (conv2d): expected keys and values, found a number");
    }

    @Test
    void defaultsAreThoseOfTheField() {
        assertThat(layers(
                        Shape.of(3, 8, 8),
                        "[{conv2d: {channels: 4, kernel: 3}}, {max-pool2d: {kernel: 3}}, 'tempered-sigmoid', 'flatten',"
                                + " 'layer-norm', 'dropout']"))
                .containsExactly(
                        new Conv2d(4, 3, 1, 0),
                        new MaxPool2d(3, 3, 0),
                        new TemperedSigmoid(2, 2, 1),
                        new Flatten(),
                        new LayerNorm(1),
                        new Dropout(0.5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'batch-norm'", "'BatchNorm2d'", "{batch_norm: 16}", "{batchnorm1d: {momentum: 0.1}}"})
    void batchNormIsRefusedWithTheAdvice(String layer) {
        assertThatThrownBy(() -> layers(Shape.of(3, 8, 8), "[" + layer + ", 'flatten']"))
                .isInstanceOf(ModelException.class)
                .hasMessageStartingWith("model custom, layer 0 (")
                .hasMessageContaining("mixes the examples of a batch")
                .hasMessageEndingWith("use group-norm: {groups: N}");
    }

    @Test
    void anUnknownLayerIsAnsweredWithTheNearest() {
        assertThatThrownBy(() -> layers(Shape.of(3, 8, 8), "['flatten', {linaer: 10}]"))
                .isInstanceOf(ModelException.class)
                .hasMessage("model custom, layer 1: unknown layer 'linaer'; did you mean 'linear'?");
        assertThatThrownBy(() -> layers(Shape.of(3, 8, 8), "['ReLU']")).hasMessageContaining("did you mean 'relu'?");
        assertThatThrownBy(() -> layers(Shape.of(3, 8, 8), "['transformer-block']"))
                .hasMessageContaining("valid: linear, conv2d, ");
    }

    @Test
    void anUnknownKeyInALayerIsAnsweredWithTheNearest() {
        assertThatThrownBy(() -> layers(Shape.of(3, 8, 8), "[{conv2d: {channels: 4, kernel: 3, strides: 2}}]"))
                .isInstanceOf(ConfigException.class)
                .hasMessage("model custom, layer 0 (conv2d): strides: unknown key; did you mean 'stride'?");
        assertThatThrownBy(() -> read(Shape.of(3), "{layer: [{linear: 10}]}"))
                .hasMessage("a.yaml: model.layer: unknown key; did you mean 'layers'?");
    }

    @Test
    void aMissingOrWrongSettingNamesTheLayerAndTheKey() {
        assertThatThrownBy(() -> layers(Shape.of(3, 8, 8), "[{conv2d: {channels: 4}}]"))
                .hasMessage("model custom, layer 0 (conv2d): kernel: it is required");
        assertThatThrownBy(() -> layers(Shape.of(3), "[{linear: 0}]"))
                .hasMessageContaining("layer 0 (linear): outputs: 0 is out of range");
        assertThatThrownBy(() -> layers(Shape.of(3), "[{dropout: 1.0}]"))
                .hasMessage("model custom, layer 0 (dropout): rate: 1.0 is not in [0, 1)");
    }

    @Test
    void shapesThatDoNotFitNameTheLayer() {
        assertThatThrownBy(() -> layers(Shape.of(3, 8, 8), "[{linear: 10}]"))
                .hasMessage("model custom, layer 0 (linear): its input 3x8x8 has 3 dimensions, not 1:"
                        + " put a flatten layer before it");
        assertThatThrownBy(() -> layers(Shape.of(3, 8, 8), "[{conv2d: {channels: 4, kernel: 9}}]"))
                .hasMessage("model custom, layer 0 (conv2d): kernel: 9 does not fit its input 3x8x8 with padding 0");
        assertThatThrownBy(() -> layers(Shape.of(3, 8, 8), "['relu', {group-norm: 2}]"))
                .hasMessage(
                        "model custom, layer 1 (group-norm): groups: 2 does not divide the 3 channels of its input");
        assertThatThrownBy(() -> layers(Shape.of(3, 8, 8), "['relu']"))
                .hasMessage("model custom: its output 3x8x8 is not flat: end with flatten or a linear layer");
        assertThatThrownBy(() -> layers(Shape.of(3), "[]")).hasMessage("model custom: it has no layers");
    }

    @Test
    void layersAreAListOfNames() {
        assertThatThrownBy(() -> layers(Shape.of(3), "{linear: 10, relu: {}}"))
                .hasMessage("a.yaml: model.layers: expected a list, one layer an element");
        assertThatThrownBy(() -> layers(Shape.of(3), "[{linear: 10, relu: {}}]"))
                .hasMessageStartingWith(
                        "model custom, layer 0: expected a layer's name, or one name with its settings");
        assertThatThrownBy(() -> read(Shape.of(3), "{preset: 'lenet', layers: [{linear: 10}]}"))
                .hasMessage("a.yaml: model.preset: a model has a preset or layers, not both");
    }

    @Test
    void anUnknownLossIsAnsweredWithTheValidOnes() {
        assertThatThrownBy(() -> read(Shape.of(3), "{loss: 'hinge', layers: [{linear: 10}]}"))
                .hasMessage("loss: unknown loss 'hinge'; valid: cross-entropy, mean-squared-error");
    }
}
