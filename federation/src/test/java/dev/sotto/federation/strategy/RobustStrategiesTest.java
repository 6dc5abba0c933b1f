package dev.sotto.federation.strategy;

import static dev.sotto.federation.strategy.Updates.ROUND;
import static dev.sotto.federation.strategy.Updates.step;
import static dev.sotto.federation.strategy.Updates.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.federation.Aggregate;
import dev.sotto.federation.RefusedUpdateException;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("A robust strategy")
class RobustStrategiesTest {
    private static final float LIE = 1e6f;

    static Stream<RobustStrategy> robust() {
        return Stream.of(
                new FedMedian(1),
                new FedTrimmedAvg(0.2, 1),
                new Krum(2, 1),
                new MultiKrum(2, OptionalInt.empty(), 1),
                new MultiKrum(2, OptionalInt.of(3), 1),
                new Bulyan(2, 1));
    }

    @Test
    void theMedianIsTheMiddleOneOrTheMeanOfTwo() {
        assertThat(step(new FedMedian(1), 5, -3, 1)).isEqualTo(1);
        assertThat(step(new FedMedian(0.5), 5, -3, 1, 2)).isEqualTo(0.75f);
        assertThat(step(new FedMedian(1), 7)).isEqualTo(7);
        // Each coordinate by itself: the result need be nobody's update.
        float[] moved = step(
                new FedMedian(1),
                new float[2],
                3,
                List.of(update("a", 1, 1, 1, 9), update("b", 1, 1, 2, 8), update("c", 1, 1, 3, 7)));
        assertThat(moved).containsExactly(2, 8);
    }

    @Test
    void theTrimmedMeanLeavesOutBothEnds() {
        assertThat(step(new FedTrimmedAvg(0.2, 1), 100, 1, 2, 6, -50)).isEqualTo(3);
        assertThat(step(new FedTrimmedAvg(0.2, 1), 1, 2, 3, 10))
                .as("a fifth of four is none")
                .isEqualTo(4);
        assertThat(step(new FedTrimmedAvg(0.4, 1), 100, 1, 2, 6, -50))
                .as("all but the median")
                .isEqualTo(2);
        // 0.29 * 100 is a little less than 29 in doubles.
        double[] values = new double[100];
        values[99] = 1;
        assertThat(step(new FedTrimmedAvg(0.29, 1), values)).isZero();
    }

    /** Sums of the two smallest squared distances: 5.41, 2.21, 3.17, 8.21 and more. */
    private static final double[] FIVE = {0, 1, 2.1, 3.5, 100};

    @Test
    void krumTakesTheUpdateWithTheClosestNeighbours() {
        assertThat(step(new Krum(1, 1), FIVE)).isEqualTo(1);
        assertThat(step(new Krum(1, 0.5), FIVE)).isEqualTo(0.5f);
    }

    @Test
    void multiKrumAveragesTheBest() {
        assertThat(step(new MultiKrum(1, OptionalInt.of(1), 1), FIVE)).isEqualTo(1);
        assertThat(step(new MultiKrum(1, OptionalInt.of(2), 1), FIVE)).isCloseTo(1.55f, within(1e-6f));
        assertThat(step(new MultiKrum(1, OptionalInt.empty(), 1), FIVE)).isCloseTo(1.65f, within(1e-6f));
    }

    @Test
    void bulyanPicksAndThenAveragesAroundTheMedian() {
        // Krum picks 2, 3, 1, 4 and 0, one after the other; the three closest to their median are 1, 2 and 3.
        assertThat(step(new Bulyan(1, 1), 0, 1, 2, 3, 4, 5, 100)).isEqualTo(2);
        assertThat(new Neighbours(vectors(0, 1, 2, 3, 4, 5, 100)).picked(5, 1)).containsExactly(2, 3, 1, 4, 0);
    }

    @Test
    void aMeanAroundTheMedianTakesTheClosest() {
        double[] sorted = {0, 7, 8, 10, 11};
        assertThat(Coordinates.meanAroundMedian(sorted, 3)).isCloseTo(25.0 / 3, within(1e-12));
        assertThat(Coordinates.meanAroundMedian(sorted, 1)).isEqualTo(8);
        assertThat(Coordinates.meanAroundMedian(new double[] {0, 1, 2}, 2))
                .as("the smaller of two")
                .isEqualTo(0.5);
    }

    private static List<float[]> vectors(double... values) {
        return Updates.of(values).stream().map(update -> update.delta()).toList();
    }

    @ParameterizedTest
    @MethodSource("robust")
    void isNotMovedByTwoLiarsAmongEleven(RobustStrategy strategy) {
        assertThat(step(strategy, 1.0, 1.1, 0.9, 1.05, LIE, 0.95, 1.02, 0.98, LIE, 1.01, 0.99))
                .isCloseTo(1, within(0.1f));
        assertThat(step(new FedAvg(false, 1), 1, 1, 1, 1, 4000, 1, 1, 1, 4000, 1, 1))
                .isGreaterThan(700);
    }

    @ParameterizedTest
    @MethodSource("robust")
    void givesBackWhatAllAgreeOn(RobustStrategy strategy) {
        assertThat(step(strategy, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3, 3)).isEqualTo(3);
    }

    @ParameterizedTest
    @MethodSource("robust")
    void hasNoBoundedSensitivityAndTrustsNoCounts(RobustStrategy strategy) {
        assertThat(strategy.unbounded().orElseThrow()).contains("no bound on its influence");
        assertThat(strategy.usesExampleCounts()).isFalse();
    }

    @Test
    void needsEnoughUpdatesForItsProof() {
        assertThat(new FedMedian(1).leastUpdates()).isEqualTo(1);
        assertThat(new Krum(2, 1).leastUpdates()).isEqualTo(7);
        assertThat(new MultiKrum(2, OptionalInt.of(3), 1).leastUpdates()).isEqualTo(7);
        assertThat(new MultiKrum(2, OptionalInt.of(9), 1).leastUpdates()).isEqualTo(11);
        assertThat(new Bulyan(2, 1).leastUpdates()).isEqualTo(11);
    }

    @Test
    void refusesWhatCannotBeCompared() {
        Aggregate gathered = new FedMedian(1).begin(2, ROUND, 3);
        gathered.add(update("a", 1, 1, 1, 2));
        assertThatThrownBy(() -> gathered.add(update("a", 1, 1, 5, 5)))
                .isInstanceOf(RefusedUpdateException.class)
                .hasMessage("update of client a in round 1 refused: it already sent one");
        assertThatThrownBy(() -> gathered.add(update("b", 1, 1, 1, Float.NaN)))
                .hasMessage("update of client b in round 1 refused: value 1 is NaN");
        assertThatThrownBy(() -> gathered.add(update("b", 1, 1, 1)))
                .hasMessage("update of client b in round 1 refused: it has 1 values, not 2");
        assertThat(gathered.updates()).isEqualTo(1);
    }

    @Test
    void hasItsRanges() {
        assertThatThrownBy(() -> new FedTrimmedAvg(0.5, 1))
                .hasMessage("beta of the trimmed mean is 0.5; it must be at least 0 and below 0.5");
        assertThatThrownBy(() -> new Krum(-1, 1))
                .hasMessage("number of malicious clients is -1; it must be at least 0");
        assertThatThrownBy(() -> new MultiKrum(1, OptionalInt.of(0), 1))
                .hasMessage("number of updates that are kept is 0; it must be at least 1");
        assertThatThrownBy(() -> new Bulyan(1, 0)).hasMessageStartingWith("server learning rate is 0.0");
    }
}
