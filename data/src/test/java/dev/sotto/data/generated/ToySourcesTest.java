package dev.sotto.data.generated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.data.DataContext;
import dev.sotto.data.DataException;
import dev.sotto.data.DataSet;
import dev.sotto.data.LinearModel;
import dev.sotto.data.Shape;
import dev.sotto.data.Target;
import org.junit.jupiter.api.Test;

final class ToySourcesTest {
    private final DataContext context = DataContext.ofSystem();

    @Test
    void regressionHasTheDeclaredVariance() {
        DataSet set = new RegressionSource(20_000, 10, 5, 0.5, 1).load(context);
        assertThat(set.train().shape()).isEqualTo(Shape.of(5));
        assertThat(set.train().target()).isEqualTo(new Target.Values(1));
        double sum = 0;
        double squares = 0;
        float[] y = new float[1];
        for (int i = 0; i < 20_000; i++) {
            set.train().values(i, y, 0);
            sum += y[0];
            squares += y[0] * y[0];
        }
        double variance = squares / 20_000 - sum / 20_000 * (sum / 20_000);
        // 1 + 0.25, standard error 0.0125: six of them fail by chance once in 5e8.
        assertThat(variance).isBetween(1.25 - 0.075, 1.25 + 0.075);
    }

    @Test
    void classificationCanBeLearnt() {
        DataSet set = new ClassificationSource(2000, 500, 8, 4, 4, 1).load(context);
        assertThat(LinearModel.train(set.train(), 5, 0.1, 1).accuracy(set.test().orElseThrow()))
                .isGreaterThan(0.9);
    }

    @Test
    void shapesLookLikeCifarAndAreTooHardForALinearModel() {
        DataSet set = ShapesSource.of(2000, 500, 1).load(context);
        assertThat(set.train().shape()).isEqualTo(Shape.of(3, 32, 32));
        assertThat(((Target.Classes) set.train().target()).names()).contains("circle", "spiral");
        assertThat(LinearModel.train(set.train(), 2, 0.01, 1)
                        .accuracy(set.test().orElseThrow()))
                .isLessThan(0.6);
    }

    @Test
    void sameSeedSameRows() {
        float[] one = new float[3];
        float[] two = new float[3];
        new RegressionSource(10, 0, 3, 1, 4).load(context).train().features(9, one, 0);
        new RegressionSource(10, 5, 3, 1, 4).load(context).train().features(9, two, 0);
        assertThat(one).isEqualTo(two);
    }

    @Test
    void refuseSizesOutOfRange() {
        assertThatThrownBy(() -> new RegressionSource(10, 0, 0, 1, 4))
                .isInstanceOf(DataException.class)
                .hasMessage("regression: features 0 and noise 1.0; features must be in 1 to 1000 and noise at least 0");
        assertThatThrownBy(() -> new ClassificationSource(10, 0, 2, 1, 1, 4))
                .hasMessageContaining("classes in 2 to 1000");
        assertThatThrownBy(() -> ShapesSource.of(0, 1, 1)).hasMessageStartingWith("generated: train 0 and test 1");
    }
}
