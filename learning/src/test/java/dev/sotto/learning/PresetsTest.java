package dev.sotto.learning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.data.Shape;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Presets")
class PresetsTest {

    private static ModelSpec preset(String name, Shape input, int outputs) {
        return Presets.named(name, input, outputs, Loss.CROSS_ENTROPY);
    }

    @ParameterizedTest(name = "{0} has {2} parameters")
    @CsvSource({
        "logistic, 28, 7850",
        "lenet, 32, 62006",
        "lenet-groupnorm-tanh, 32, 62050",
        "mnist-cnn, 28, 26010",
        "mnist-cnn-tanh, 28, 26010",
        "mlp-784-64-32-10, 28, 52650",
        "mlp-784-128-10, 28, 101770",
        "pfl-cnn, 32, 1626442"
    })
    void haveTheParametersTheyArePublishedWith(String name, int side, int parameters) {
        Shape image = Shape.of(side == 32 ? 3 : 1, side, side);
        assertThat(preset(name, image, 10).layout().size()).isEqualTo(parameters);
    }

    @Test
    void allHaveTenOutputsForTenClasses() {
        for (String name : Presets.names()) {
            assertThat(preset(name, Shape.of(3, 32, 32), 10).outputs()).isEqualTo(10);
        }
    }

    @Test
    void flattenImagesForModelsThatAreFlat() {
        assertThat(preset("logistic", Shape.of(1, 28, 28), 10).layers()).first().isEqualTo(new LayerSpec.Flatten());
        assertThat(preset("logistic", Shape.of(784), 10).layers()).containsExactly(new LayerSpec.Linear(10));
    }

    @Test
    void areFittedToTheShapeAndTargetOfTheData() {
        ModelSpec model = Presets.fitting("logistic", Toy.clouds(4, 3, 1));
        assertThat(model.input()).isEqualTo(Shape.of(3));
        assertThat(model.outputs()).isEqualTo(2);
        assertThat(model.loss()).isEqualTo(Loss.CROSS_ENTROPY);
    }

    @Test
    void anUnknownNameIsAnsweredWithTheNearest() {
        assertThatThrownBy(() -> preset("lennet", Shape.of(3, 32, 32), 10))
                .isInstanceOf(ModelException.class)
                .hasMessage("model: unknown preset 'lennet'; did you mean 'lenet'?");
        assertThatThrownBy(() -> preset("transformer", Shape.of(3, 32, 32), 10))
                .hasMessageContaining("valid: logistic, lenet, ");
    }

    @Test
    void dataThatIsTooSmallIsRefusedAtTheLayer() {
        assertThatThrownBy(() -> preset("lenet", Shape.of(1, 8, 8), 10))
                .isInstanceOf(ModelException.class)
                .hasMessage("model lenet, layer 3 (conv2d): kernel: 5 does not fit its input 6x2x2 with padding 0");
    }
}
