package dev.sotto.experiment.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.data.Shape;
import dev.sotto.formats.Npz;
import dev.sotto.formats.SafeTensors;
import dev.sotto.formats.Tensor;
import dev.sotto.formats.config.ConfigException;
import dev.sotto.learning.Initialization;
import dev.sotto.learning.LayerSpec;
import dev.sotto.learning.Loss;
import dev.sotto.learning.ModelCodec;
import dev.sotto.learning.ModelSpec;
import dev.sotto.learning.Presets;
import dev.sotto.privacy.random.Randomness;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Models from elsewhere: every tensor in its place, or one line that says which is not. */
final class ModelImportTest {
    private static final ModelSpec MODEL = Presets.named("mnist-cnn", Shape.of(1, 28, 28), 10, Loss.CROSS_ENTROPY);
    private static final float[] PARAMETERS = Initialization.draw(MODEL, Randomness.seeded(3).stream("test"));

    @TempDir
    Path folder;

    private static List<Tensor> named(List<String> names) {
        List<Tensor> tensors = new ArrayList<>();
        List<Tensor> ours = new ModelTensors(MODEL, PARAMETERS).named();
        for (int i = 0; i < ours.size(); i++) {
            tensors.add(
                    new Tensor(names.get(i), ours.get(i).shape(), ours.get(i).data()));
        }
        return tensors;
    }

    private ModelImport npz(List<Tensor> tensors) throws IOException {
        Path file = folder.resolve("x.npz");
        Npz.write(file, tensors);
        return ModelImport.read(file);
    }

    @Test
    void byPositionByNameAndByOrder() throws IOException {
        List<String> numbers = List.of("0", "1", "2", "3", "4", "5", "6", "7");
        assertThat(npz(named(numbers)).parameters(MODEL)).isEqualTo(PARAMETERS);
        List<Tensor> shuffled = new ArrayList<>(named(numbers));
        Collections.reverse(shuffled);
        assertThat(npz(shuffled).parameters(MODEL)).isEqualTo(PARAMETERS);
        List<Tensor> ours = new ArrayList<>(new ModelTensors(MODEL, PARAMETERS).named());
        Collections.reverse(ours);
        assertThat(npz(ours).parameters(MODEL)).isEqualTo(PARAMETERS);
        List<String> torch = List.of(
                "conv1.weight",
                "conv1.bias",
                "conv2.weight",
                "conv2.bias",
                "fc1.weight",
                "fc1.bias",
                "fc2.weight",
                "fc2.bias");
        assertThat(npz(named(torch)).parameters(MODEL)).isEqualTo(PARAMETERS);
    }

    @Test
    void aWrappedStateDictIsUnwrapped() throws IOException {
        List<Tensor> wrapped = new ArrayList<>();
        wrapped.add(new Tensor("optimizer.state.0.exp_avg", List.of(2), new float[2]));
        new ModelTensors(MODEL, PARAMETERS)
                .named()
                .forEach(tensor -> wrapped.add(
                        new Tensor("model_state_dict.module." + tensor.name(), tensor.shape(), tensor.data())));
        Path file = folder.resolve("x.safetensors");
        SafeTensors.write(file, wrapped, Map.of());
        assertThat(ModelImport.read(file).parameters(MODEL)).isEqualTo(PARAMETERS);
    }

    @Test
    void aSeedOfFednsSecondGenerationIsUnwrapped() throws IOException {
        ByteArrayOutputStream npz = new ByteArrayOutputStream();
        Npz.write(npz, new ModelTensors(MODEL, PARAMETERS).numbered());
        Path file = folder.resolve("seed.npz");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry("metadata.json"));
            zip.write('{');
            zip.putNextEntry(new ZipEntry("training_model.bin"));
            npz.writeTo(zip);
        }
        assertThat(ModelImport.read(file).parameters(MODEL)).isEqualTo(PARAMETERS);
    }

    @Test
    void whatIsWrittenIsReadWithItsModel() throws IOException {
        Path seed = folder.resolve("seed.npz");
        ModelImport.write(seed, MODEL, PARAMETERS);
        assertThat(Npz.read(seed)).extracting(Tensor::name).containsExactly("0", "1", "2", "3", "4", "5", "6", "7");
        assertThat(ModelImport.read(seed).parameters(MODEL)).isEqualTo(PARAMETERS);
        assertThat(ModelImport.read(seed).stated()).isEmpty();
        Path stated = folder.resolve("seed.safetensors");
        ModelImport.write(stated, MODEL, PARAMETERS);
        ModelSpec read = ModelImport.read(stated).stated().orElseThrow();
        assertThat(ModelCodec.write(read)).isEqualTo(ModelCodec.write(MODEL));
        assertThat(read.input()).isEqualTo(MODEL.input());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "logistic",
                "lenet",
                "lenet-groupnorm-tanh",
                "mnist-cnn",
                "mnist-cnn-tanh",
                "mlp-784-64-32-10",
                "mlp-784-128-10",
                "pfl-cnn"
            })
    void presetsAreKnownByTheirShapes(String name) throws IOException {
        Shape input = List.of("lenet", "lenet-groupnorm-tanh", "pfl-cnn").contains(name)
                ? Shape.of(3, 32, 32)
                : Shape.of(1, 28, 28);
        ModelSpec spec = Presets.named(name, input, 10, Loss.CROSS_ENTROPY);
        float[] parameters = Initialization.draw(spec, Randomness.seeded(1).stream("test"));
        ModelImport read = npz(new ModelTensors(spec, parameters).numbered());
        List<String> names = read.presets().stream().map(ModelSpec::name).toList();
        assertThat(names)
                .containsExactlyElementsOf(
                        name.startsWith("mnist-cnn") ? List.of("mnist-cnn", "mnist-cnn-tanh") : List.of(name));
        assertThat(read.presets()).contains(spec);
    }

    @Test
    void whatFitsNoPresetIsNotGuessed() throws IOException {
        assertThat(npz(List.of(new Tensor("0", List.of(3, 4, 5), new float[60])))
                        .presets())
                .isEmpty();
        assertThat(npz(List.of(new Tensor("0", List.of(), new float[1]))).presets())
                .isEmpty();
    }

    @Test
    void whatDoesNotFitIsNamed() throws IOException {
        Path file = folder.resolve("x.npz");
        List<String> numbers = List.of("0", "1", "2", "3", "4", "5", "6", "7");
        List<Tensor> turned = new ArrayList<>(named(numbers));
        turned.set(6, new Tensor("6", List.of(32, 10), new float[320]));
        refused(file + ": tensor 6: its shape is 32x10; the model's 9.weight is 10x32", turned);
        List<Tensor> fewer = named(numbers).subList(0, 7);
        refused(file + ": 7 tensors; model mnist-cnn has 8, and nothing is there for 9.bias", fewer);
        List<Tensor> more = new ArrayList<>(named(numbers));
        more.add(new Tensor("8", List.of(1), new float[1]));
        refused(file + ": 9 tensors; model mnist-cnn has 8, and no place for 8", more);
        List<Tensor> scalar = new ArrayList<>(named(numbers));
        scalar.set(0, new Tensor("0", List.of(), new float[1]));
        refused(file + ": tensor 0: its shape is a scalar; the model's 0.weight is 16x1x8x8", scalar);
        refused(
                file + ": tensor w: value 1 is NaN; all must be finite",
                List.of(new Tensor("w", List.of(2), new float[] {0, Float.NaN})));
        refused(
                file + ": tensor bn1.running_mean: it belongs to batch normalisation",
                List.of(new Tensor("bn1.running_mean", List.of(2), new float[2])));
    }

    private static List<Tensor> weights(int[]... shapes) {
        List<Tensor> tensors = new ArrayList<>();
        for (int[] shape : shapes) {
            List<Integer> dims = Arrays.stream(shape).boxed().toList();
            int size = dims.stream().reduce(1, (a, b) -> a * b);
            tensors.add(new Tensor("layer" + tensors.size() + ".weight", dims, new float[size]));
            tensors.add(new Tensor("layer" + tensors.size() + ".bias", dims.subList(0, 1), new float[shape[0]]));
        }
        return tensors;
    }

    private List<String> inferred(List<Tensor> tensors) throws IOException {
        return npz(tensors).inferred(Optional.empty()).stream()
                .map(InferredModel::words)
                .toList();
    }

    @Test
    void weightsOfAnotherArchitectureAreRefusedWhereTheFileStatesIt() throws IOException {
        ModelSpec relu = chain("relu", new LayerSpec.Relu());
        ModelSpec tanh = chain("tanh", new LayerSpec.Tanh());
        ModelSpec more = chain("more", new LayerSpec.Relu(), new LayerSpec.Dropout(0.2));
        float[] values = Initialization.draw(relu, Randomness.seeded(3).stream("test"));
        Path stated = folder.resolve("relu.safetensors");
        ModelImport.write(stated, relu, values);
        assertThatThrownBy(() -> ModelImport.read(stated).parameters(tanh))
                .isInstanceOf(ConfigException.class)
                .hasMessage(
                        stated + ": it states another model than tanh: without dropout, layer 1 is relu, not tanh; use"
                                + " the model that it was trained as");
        assertThatThrownBy(() -> ModelImport.read(stated).parameters(chain("none")))
                .hasMessageContaining("layer 1 is relu, not {\"linear\":{\"outputs\":2}}");
        assertThat(ModelImport.read(stated).parameters(relu)).isEqualTo(values);
        assertThat(ModelImport.read(stated).parameters(more)).isEqualTo(values);
        Path silent = folder.resolve("relu.npz");
        ModelImport.write(silent, relu, values);
        assertThat(ModelImport.read(silent).parameters(tanh)).isEqualTo(values);
    }

    private static ModelSpec chain(String name, LayerSpec... between) {
        List<LayerSpec> layers = new ArrayList<>(List.of(between));
        layers.add(0, new LayerSpec.Linear(3));
        layers.add(new LayerSpec.Linear(2));
        return new ModelSpec(name, Shape.of(4), layers, Loss.CROSS_ENTROPY);
    }

    @Test
    void aPlainChainIsInferredFromItsWeights() throws IOException {
        assertThat(inferred(weights(new int[] {100, 784}, new int[] {10, 100})))
                .containsExactly("1x28x28 -> flatten -> linear 100 -> relu -> linear 10, 79510 parameters");
        assertThat(inferred(weights(new int[] {8, 13}, new int[] {8, 8}, new int[] {2, 8})))
                .containsExactly("13 -> linear 8 -> relu -> linear 8 -> relu -> linear 2, 202 parameters");
        InferredModel chain = npz(weights(new int[] {100, 784}, new int[] {10, 100}))
                .inferred(Optional.of(Shape.of(784)))
                .get(0);
        assertThat(chain.model().input()).isEqualTo(Shape.of(784));
        assertThat(chain.preset()).isEmpty();
        assertThat(chain.assumed()).isEqualTo("relu between layers is assumed");
    }

    @Test
    void poolingIsInferredWhereOneWayFits() throws IOException {
        assertThat(inferred(weights(
                        new int[] {10, 1, 5, 5}, new int[] {20, 10, 5, 5}, new int[] {50, 320}, new int[] {10, 50})))
                .containsExactly(
                        "1x28x28 -> conv2d 10 5x5 -> relu -> max-pool2d 2x2 -> conv2d 20 5x5 -> relu -> max-pool2d 2x2"
                                + " -> flatten -> linear 50 -> relu -> linear 10, 21840 parameters");
        // Pooling after the first or after the second of two convolutions that keep the size: the weights do not tell.
        assertThat(inferred(weights(new int[] {4, 1, 3, 3}, new int[] {4, 4, 3, 3}, new int[] {10, 4 * 14 * 14})))
                .hasSizeGreaterThan(1)
                .doesNotHaveDuplicates();
    }

    @Test
    void presetsComeFirstAndNumbersGiveTheOrder() throws IOException {
        assertThat(inferred(weights(new int[] {128, 784}, new int[] {10, 128})))
                .containsExactly("preset mlp-784-128-10: 1x28x28 -> flatten -> linear 128 -> relu -> linear 10, 101770"
                        + " parameters");
        List<Tensor> chain = weights(new int[] {100, 784}, new int[] {10, 100});
        List<Tensor> numbered = new ArrayList<>();
        for (int i = 3; i >= 0; i--) {
            numbered.add(new Tensor("" + i, chain.get(i).shape(), chain.get(i).data()));
        }
        assertThat(inferred(numbered)).hasSize(1);
    }

    @Test
    void whatIsNoPlainChainIsNotGuessed() throws IOException {
        assertThat(inferred(weights(new int[] {100, 784}, new int[] {10, 99}))).isEmpty();
        assertThat(inferred(weights(new int[] {100, 784}).subList(0, 1))).isEmpty();
        assertThat(inferred(weights(new int[] {4, 1, 3, 3}))).isEmpty();
        assertThat(inferred(weights(new int[] {4, 1, 3, 5}, new int[] {10, 4}))).isEmpty();
        assertThat(inferred(weights(new int[] {10, 4}, new int[] {4, 1, 3, 3}))).isEmpty();
        assertThat(inferred(
                        List.of(new Tensor("w", List.of(), new float[1]), new Tensor("b", List.of(), new float[1]))))
                .isEmpty();
    }

    private void refused(String message, List<Tensor> tensors) {
        assertThatThrownBy(() -> npz(tensors).parameters(MODEL))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(message);
    }
}
