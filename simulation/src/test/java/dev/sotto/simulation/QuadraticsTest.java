package dev.sotto.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.data.Examples;
import dev.sotto.data.Shape;
import dev.sotto.data.TableExamples;
import dev.sotto.data.Target;
import dev.sotto.federation.Strategy;
import dev.sotto.federation.strategy.FedAvg;
import dev.sotto.federation.strategy.FedNova;
import dev.sotto.federation.strategy.FedProx;
import dev.sotto.federation.strategy.Scaffold;
import dev.sotto.learning.Loss;
import dev.sotto.learning.ModelSpec;
import dev.sotto.learning.OptimizerSpec;
import dev.sotto.learning.Presets;
import dev.sotto.learning.TrainingSettings;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/**
 * Lines through the origin, fitted to points at x and -x: a client's loss is (x w - y)^2, its curvature 2 x^2 and its optimum
 * y / x. A step at rate eta shrinks the distance to it by 1 - 2 eta x^2, so where rounds lead can be worked out by hand.
 */
@DisplayName("Two clients with opposing optima")
class QuadraticsTest {
    private static final double RATE = 0.05;
    private static final ModelSpec LINE = Presets.named("logistic", Shape.of(1), 1, Loss.MEAN_SQUARED_ERROR);

    /** Points at x and -x in turn, on a line of that slope. */
    private static Examples points(int count, double x, double slope) {
        float[] features = new float[count];
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            features[i] = (float) (i % 2 == 0 ? x : -x);
            values[i] = (float) (slope * features[i]);
        }
        return TableExamples.valued("points", Shape.of(1), new Target.Values(1), features, values);
    }

    /** The slope that rounds of training lead to. */
    private static float slope(Strategy strategy, TrainingSettings training, Examples one, Examples other) {
        float[] model = Simulation.builder(LINE)
                .clients(List.of(one, other))
                .training(training)
                .strategy(strategy)
                .rounds(150)
                .seed(1)
                .workers(1)
                .run()
                .result()
                .parameters();
        assertThat(Math.min(Math.abs(model[0]), Math.abs(model[1])))
                .as("no offset")
                .isLessThan(1e-3f);
        return Math.abs(model[0]) > Math.abs(model[1]) ? model[0] : model[1];
    }

    /** Twenty steps on all of two points. */
    private static final TrainingSettings LONG = new TrainingSettings(OptimizerSpec.sgd(RATE), 1, 20, 2, 2, 1);

    private static final Examples FLAT = points(2, 1, 1);
    private static final Examples STEEP = points(2, 2, -1);

    @Test
    void driftApartUnderFedAvgWithManyLocalSteps() {
        // The sum of the losses is least where 2 (w - 1) + 8 (w + 1) = 0, at -0.6. What twenty steps leave of a
        // distance:
        double flat = Math.pow(1 - 2 * RATE, 20);
        double steep = Math.pow(1 - 8 * RATE, 20);
        double fixed = ((1 - flat) - (1 - steep)) / (2 - flat - steep);
        assertThat(fixed).isBetween(-0.07, -0.06);
        assertThat(slope(new FedAvg(false, 1), LONG, FLAT, STEEP)).isCloseTo((float) fixed, within(1e-3f));
    }

    @Test
    void meetAtTheOptimumUnderScaffold() {
        assertThat(slope(new Scaffold(false, 1), LONG, FLAT, STEEP)).isCloseTo(-0.6f, within(1e-3f));
    }

    @Test
    void driftLessUnderFedProx() {
        // A pull of mu adds mu to both curvatures, around the round's model.
        double mu = 2;
        double flat = (1 - Math.pow(1 - RATE * (2 + mu), 20)) * 2 / (2 + mu);
        double steep = (1 - Math.pow(1 - RATE * (8 + mu), 20)) * 8 / (8 + mu);
        double fixed = (flat - steep) / (flat + steep);
        assertThat(fixed).isLessThan(-0.2);
        assertThat(slope(new FedProx(false, 1, mu), LONG, FLAT, STEEP)).isCloseTo((float) fixed, within(1e-3f));
    }

    @Test
    void countTheSameUnderFedNovaThoughOneTakesFourTimesTheSteps() {
        Examples few = points(2, 1, 1);
        Examples many = points(8, 1, -1);
        TrainingSettings epoch = TrainingSettings.of(OptimizerSpec.sgd(RATE), 2);
        double one = 1 - Math.pow(1 - 2 * RATE, 1);
        double four = 1 - Math.pow(1 - 2 * RATE, 4);
        // Equal weights are meant to lead to 0. Under FedAvg the busier client wins by far.
        double averaged = (one - four) / (one + four);
        assertThat(averaged).isLessThan(-0.5);
        assertThat(slope(new FedAvg(false, 1), epoch, few, many)).isCloseTo((float) averaged, within(0.02f));
        double normalised = (one - four / 4) / (one + four / 4);
        assertThat(normalised).isBetween(0.0, 0.08);
        assertThat(slope(new FedNova(false, 1, 0), epoch, few, many)).isCloseTo((float) normalised, within(0.02f));
    }
}
