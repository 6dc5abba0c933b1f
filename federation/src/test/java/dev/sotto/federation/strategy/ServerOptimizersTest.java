package dev.sotto.federation.strategy;

import static dev.sotto.federation.strategy.Updates.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.federation.MeanStrategy;
import dev.sotto.federation.Strategy;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A server optimizer")
class ServerOptimizersTest {
    static Stream<MeanStrategy> stateful() {
        return Stream.of(
                new FedAvgM(true, 0.5, 0.9),
                new FedAdagrad(true, 0.1, 0.5, 1e-3),
                new FedAdam(true, 0.1, 0.9, 0.99, 1e-3),
                new FedYogi(true, 0.1, 0.9, 0.99, 1e-3));
    }

    /** The model's one parameter after each of the mean updates, from zero. */
    private static float[] path(MeanStrategy strategy, double... means) {
        float[] path = new float[means.length];
        float[] model = new float[1];
        for (int t = 0; t < means.length; t++) {
            strategy.step(model, new float[] {(float) means[t]}, 1);
            path[t] = model[0];
        }
        return path;
    }

    private static void follows(MeanStrategy strategy, double[] means, double... expected) {
        float[] path = path(strategy, means);
        for (int t = 0; t < means.length; t++) {
            assertThat(path[t]).as("after round " + (t + 1)).isCloseTo((float) expected[t], within(1e-6f));
        }
    }

    @Test
    void fedAvgMKeepsItsVelocity() {
        // v = 1, then 0.9 + 1 = 1.9, then 0.9 * 1.9 - 2 = -0.29; half of each is moved.
        follows(new FedAvgM(true, 0.5, 0.9), new double[] {1, 1, -2}, 0.5, 1.45, 1.305);
    }

    @Test
    void fedAvgMWithoutMomentumIsFedAvg() {
        double[] means = {1, -0.25, 3};
        assertThat(path(new FedAvgM(true, 0.5, 0), means)).isEqualTo(path(new FedAvg(true, 0.5), means));
    }

    @Test
    void fedAdagradSumsSquares() {
        // v starts at 4^2; 16 + 9 = 25, then 25 + 144 = 169: 3 / (5 + 4), then 12 / (13 + 4).
        follows(new FedAdagrad(true, 0.1, 0, 4), new double[] {3, 12}, 0.1 * 3 / 9, 0.1 * (3.0 / 9 + 12.0 / 17));
    }

    @Test
    void fedAdamAveragesSquares() {
        // m = 3.5, then 2.25; v starts at 1: (1 + 49) / 2 = 25, then (25 + 1) / 2 = 13.
        double first = 3.5 / 6;
        follows(
                new FedAdam(true, 0.1, 0.5, 0.5, 1),
                new double[] {7, 1},
                0.1 * first,
                0.1 * (first + 2.25 / (Math.sqrt(13) + 1)));
    }

    @Test
    void fedYogiFollowsSquaresUpAndDownAtOneSpeed() {
        // v starts at 1: below 4, so 1 + 4/2 = 3; above 1, so 3 - 1/2 = 2.5.
        double first = 2 / (Math.sqrt(3) + 1);
        follows(
                new FedYogi(true, 0.1, 0, 0.5, 1),
                new double[] {2, 1},
                0.1 * first,
                0.1 * (first + 1 / (Math.sqrt(2.5) + 1)));
    }

    @Test
    void adaptiveOnesTakeNoStepForNoUpdate() {
        assertThat(path(new FedAdam(true, 1, 0.9, 0.99, 1e-9), 0, 0)).containsOnly(0);
        assertThat(path(new FedYogi(true, 1, 0.9, 0.99, 1e-9), 0, 0)).containsOnly(0);
    }

    @ParameterizedTest
    @MethodSource("stateful")
    void movesByTheMeanOfTheUpdatesThatCame(Strategy strategy) {
        MeanStrategy alone = (MeanStrategy) strategy.fresh();
        float[] expected = path(alone, 2.5);
        float[] moved = Updates.step(strategy, new float[1], 40, List.of(update("a", 10, 1, 1), update("b", 30, 1, 3)));
        assertThat(moved[0]).isCloseTo(expected[0], within(1e-6f));
        assertThat(strategy.unbounded()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("stateful")
    void goesOnFromItsStateWithTheSameBits(MeanStrategy strategy) {
        float[] whole = path((MeanStrategy) strategy.fresh(), 0.3, -0.7, 0.01, 0.2);
        float[] model = new float[1];
        strategy.step(model, new float[] {0.3f}, 1);
        strategy.step(model, new float[] {-0.7f}, 1);
        Map<String, float[]> kept = strategy.state();
        strategy.step(new float[1], new float[] {100}, 1); // what was kept is a copy
        MeanStrategy resumed = (MeanStrategy) strategy.fresh();
        resumed.restore(kept);
        resumed.step(model, new float[] {0.01f}, 1);
        resumed.step(model, new float[] {0.2f}, 1);
        assertThat(model[0]).isEqualTo(whole[3]);
    }

    @ParameterizedTest
    @MethodSource("stateful")
    void beginsAnewWithoutState(MeanStrategy strategy) {
        float[] first = path(strategy, 0.3, -0.7);
        assertThat(strategy.state()).isNotEmpty();
        MeanStrategy again = (MeanStrategy) strategy.fresh();
        assertThat(again.state()).isEmpty();
        assertThat(path(again, 0.3, -0.7)).isEqualTo(first);
        again.restore(Map.of());
        assertThat(path(again, 0.3, -0.7)).isEqualTo(first);
    }

    @Test
    void hasItsRanges() {
        assertThatThrownBy(() -> new FedAvgM(true, 0, 0.9))
                .hasMessage("server learning rate is 0.0; it must be a finite number above 0");
        assertThatThrownBy(() -> new FedAvgM(true, 1, 1))
                .hasMessage("server momentum is 1.0; it must be at least 0 and below 1");
        assertThatThrownBy(() -> new FedAdam(true, 1, 0.9, -0.1, 1))
                .hasMessage("server beta2 is -0.1; it must be at least 0 and below 1");
        assertThatThrownBy(() -> new FedYogi(true, 1, Double.NaN, 0.9, 1))
                .hasMessage("server beta1 is NaN; it must be at least 0 and below 1");
        assertThatThrownBy(() -> new FedAdagrad(true, 1, 0, 0))
                .hasMessage("server tau is 0.0; it must be a finite number above 0");
    }
}
