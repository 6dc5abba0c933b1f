package dev.sotto.experiment.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sotto.formats.FormatException;
import dev.sotto.formats.Npz;
import dev.sotto.formats.SafeTensors;
import dev.sotto.formats.Tensor;
import dev.sotto.formats.config.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileTest {
    private static final Tensor WEIGHT = new Tensor("w", List.of(2, 2), new float[] {1, 2, 3, Float.NaN});

    @TempDir
    private Path temporary;

    @Test
    void sumsUpEachArrayOverItsFiniteValues() throws IOException {
        Path file = temporary.resolve("m.npz");
        Npz.write(file, List.of(WEIGHT, new Tensor("empty", List.of(0), new float[0])));

        JsonNode json = ModelFile.read(file).json();

        assertThat(json.path("format").asText()).isEqualTo("npz");
        assertThat(json.path("parameters").asInt()).isEqualTo(4);
        assertThat(json.path("nonFinite").asInt()).isEqualTo(1);
        assertThat(json.path("model").isNull()).isTrue();
        JsonNode weight = json.path("tensors").path(0);
        assertThat(weight.path("shape").toString()).isEqualTo("[2,2]");
        assertThat(weight.path("min").asDouble()).isEqualTo(1);
        assertThat(weight.path("max").asDouble()).isEqualTo(3);
        assertThat(weight.path("mean").asDouble()).isEqualTo(2);
        assertThat(weight.path("std").asDouble()).isCloseTo(Math.sqrt(2.0 / 3), Offset.offset(1e-12));
        JsonNode empty = json.path("tensors").path(1);
        assertThat(empty.path("min").isNull() && empty.path("mean").isNull()).isTrue();
    }

    @Test
    void theTextAlignsItsColumnsAndMarksWhatIsNotFinite() throws IOException {
        Path file = temporary.resolve("m.safetensors");
        Tensor scalar = new Tensor("temperature", List.of(), new float[] {0.5f});
        SafeTensors.write(file, List.of(WEIGHT, scalar), Map.of("format", "pt"));
        assertThat(ModelFile.read(file).text())
                .isEqualTo(file + ": safetensors, " + Files.size(file)
                        + " bytes, 5 parameters in 2 tensors, 1 not finite\n\n"
                        + "tensor       shape   parameters     min     max    mean          std\n"
                        + "w            2x2              4   1.000   3.000   2.000       0.8165  1 not finite\n"
                        + "temperature  scalar           1  0.5000  0.5000  0.5000        0.000\n"
                        + "format: pt\n");
    }

    @Test
    void aRunsModelFileStatesItsArchitecture() throws IOException {
        new ToyRun(Optional.empty(), OptionalLong.of(1), 1).into(temporary);
        ModelFile model = ModelFile.read(temporary.resolve("model.safetensors"));
        assertThat(model.model().orElseThrow().path("name").asText()).isEqualTo("logistic");
        assertThat(model.metadata()).containsEntry("sotto.input", "2");
        assertThat(model.parameters()).isEqualTo(6);
        assertThat(model.text()).contains("model: {\"name\":\"logistic\"");
    }

    @Test
    void aStrangersNamesCannotSteerTheTerminal() throws IOException {
        Path file = temporary.resolve("m.safetensors");
        SafeTensors.write(
                file, List.of(new Tensor("w", List.of(1), new float[1])), Map.of("sotto.model", "{", "k", "\033[2J"));
        assertThat(ModelFile.read(file).text()).doesNotContain("\033").contains("k: ?[2J");
    }

    @Test
    void whatCannotBeReadIsOneLine() throws IOException {
        Path missing = temporary.resolve("no.npz");
        assertThatThrownBy(() -> ModelFile.read(missing))
                .isInstanceOf(ConfigException.class)
                .hasMessage(missing + ": no such file; give a model file: .safetensors, .npz, .pt or .pth");
        Path other = Files.writeString(temporary.resolve("model.h5"), "x");
        assertThatThrownBy(() -> ModelFile.read(other))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("it must end in .safetensors, .npz, .pt or .pth");
        Path damaged = Files.writeString(temporary.resolve("bad.npz"), "x");
        assertThatThrownBy(() -> ModelFile.read(damaged))
                .isInstanceOf(FormatException.class)
                .message()
                .doesNotContain("\n");
    }
}
