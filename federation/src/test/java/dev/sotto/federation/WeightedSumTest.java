package dev.sotto.federation;

import static dev.sotto.federation.Toys.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.federation.strategy.FedAvg;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A sum of updates")
class WeightedSumTest {
    private static final int SIZE = 40;
    private static final int ROUND = 3;

    /** Updates whose values span the magnitudes of training, and whose weights differ a thousandfold. */
    private static List<ClientUpdate> updates(int count, Random random) {
        List<ClientUpdate> updates = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            float[] delta = new float[SIZE];
            for (int i = 0; i < SIZE; i++) {
                delta[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(7) - 5));
            }
            updates.add(update("client-" + k, ROUND, 1 + random.nextInt(1000), delta));
        }
        return updates;
    }

    private static long weight(List<ClientUpdate> updates) {
        return updates.stream().mapToLong(ClientUpdate::examples).sum();
    }

    private static double[] mean(WeightedSum sum) {
        double[] mean = new double[SIZE];
        for (int i = 0; i < SIZE; i++) {
            mean[i] = sum.mean(i);
        }
        return mean;
    }

    @Test
    void hasTheSameBitsInEveryOrderAndHoweverItWasMerged() {
        Random random = new Random(1);
        List<ClientUpdate> updates = updates(30, random);
        WeightedSum inOrder = new WeightedSum(SIZE, ROUND, true, weight(updates));
        updates.forEach(inOrder::add);
        for (int trial = 0; trial < 200; trial++) {
            Collections.shuffle(updates, random);
            List<Aggregate> parts = new ArrayList<>();
            for (int part = 0; part <= random.nextInt(6); part++) {
                parts.add(inOrder.fresh());
            }
            updates.forEach(update -> parts.get(random.nextInt(parts.size())).add(update));
            while (parts.size() > 1) {
                Aggregate taken = parts.remove(random.nextInt(parts.size()));
                parts.get(random.nextInt(parts.size())).merge(taken);
            }
            WeightedSum merged = (WeightedSum) parts.get(0);
            assertThat(merged.updates()).isEqualTo(30);
            assertThat(mean(merged)).isEqualTo(mean(inOrder));
        }
    }

    @Test
    void aSumOfFloatsInTheOrderOfArrivalWouldNotHave() {
        Random random = new Random(1);
        List<ClientUpdate> updates = updates(30, random);
        List<ClientUpdate> reversed = new ArrayList<>(updates);
        Collections.reverse(reversed);
        assertThat(floats(updates)).isNotEqualTo(floats(reversed));
    }

    private static float[] floats(List<ClientUpdate> updates) {
        float[] sum = new float[SIZE];
        for (ClientUpdate update : updates) {
            for (int i = 0; i < SIZE; i++) {
                sum[i] += update.delta()[i] * update.examples();
            }
        }
        return sum;
    }

    @Test
    void isTheWeightedMeanToNineDigitsOfTheLargestValue() {
        List<ClientUpdate> updates = updates(100, new Random(2));
        for (boolean byExamples : new boolean[] {true, false}) {
            WeightedSum sum = new WeightedSum(SIZE, ROUND, byExamples, weight(updates));
            updates.forEach(sum::add);
            for (int i = 0; i < SIZE; i++) {
                double expected = 0;
                double weights = 0;
                for (ClientUpdate update : updates) {
                    double weight = byExamples ? update.examples() : 1;
                    expected += weight * update.delta()[i];
                    weights += weight;
                }
                assertThat(sum.mean(i)).isCloseTo(expected / weights, within(1e-9));
            }
        }
    }

    @Test
    void neverMakesAnUpdateLongerByCuttingItToTheGrid() {
        Random random = new Random(3);
        // Coarse grids, where the cut is visible: the more examples may come, the coarser.
        for (long mostWeight : new long[] {1000, 1L << 31, 1L << 45}) {
            for (ClientUpdate update : updates(300, random)) {
                WeightedSum sum = new WeightedSum(SIZE, ROUND, false, mostWeight);
                sum.add(update);
                double squares = 0;
                for (int i = 0; i < SIZE; i++) {
                    assertThat(Math.abs(sum.mean(i))).isLessThanOrEqualTo(Math.abs(update.delta()[i]));
                    squares += sum.mean(i) * sum.mean(i);
                }
                assertThat(Math.sqrt(squares)).isLessThanOrEqualTo(Toys.norm(update.delta()));
            }
        }
    }

    @Test
    void holdsTheLargestValuesOfAllClientsWithoutOverflow() {
        float largest = Math.nextDown(WeightedSum.LARGEST);
        for (int clients : new int[] {1, 3, 1000}) {
            int examples = 1_000_000;
            WeightedSum sum = new WeightedSum(2, ROUND, true, (long) clients * examples);
            for (int k = 0; k < clients; k++) {
                sum.add(update("client-" + k, ROUND, examples, largest, -largest));
            }
            assertThat(sum.mean(0)).isCloseTo(largest, within(1e-3));
            assertThat(sum.mean(1)).isCloseTo(-largest, within(1e-3));
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 4096, -4096, Float.MAX_VALUE})
    void refusesValuesThatAreNotFiniteOrTooLarge(float value) {
        refuses(
                update("x", ROUND, 1, 0, value),
                "value 1 is " + value + ", not below 4096, as where training diverges; lower"
                        + " client.optimizer.learning-rate");
    }

    @Test
    void refusesAnotherRoundsUpdate() {
        refuses(update("x", ROUND - 1, 1, 0, 0), "it belongs to round 2, not 3");
    }

    @Test
    void refusesAnotherShape() {
        refuses(update("x", ROUND, 1, 0, 0, 0), "it has 3 values, not 2");
    }

    @Test
    void refusesAWeightThatNobodyOrNotEverybodyTogetherHas() {
        refuses(update("x", ROUND, 0, 0, 0), "it claims 0 examples");
        refuses(update("x", ROUND, 101, 0, 0), "it claims 101 examples, but all clients together have 100");
    }

    /** A refused update leaves no trace. */
    private static void refuses(ClientUpdate update, String reason) {
        WeightedSum sum = new WeightedSum(2, ROUND, true, 100);
        sum.add(update("good", ROUND, 10, 1, -1));
        assertThatThrownBy(() -> sum.add(update))
                .isInstanceOf(RefusedUpdateException.class)
                .hasMessage("update of client x in round " + update.round() + " refused: " + reason);
        assertThat(sum.updates()).isEqualTo(1);
        assertThat(sum.mean(0)).isEqualTo(1);
        assertThat(sum.mean(1)).isEqualTo(-1);
    }

    @Test
    void fedAvgWeighsByExamplesOrNotAndHasALearningRate() {
        float[] weighted = {1, 1};
        float[] uniform = {1, 1};
        step(new FedAvg(true, 1), weighted);
        step(new FedAvg(false, 0.5), uniform);
        assertThat(weighted).containsExactly(new float[] {1.75f, 0.25f}, within(1e-6f));
        assertThat(uniform).containsExactly(new float[] {1.25f, 0.75f}, within(1e-6f));
    }

    private static void step(FedAvg strategy, float[] parameters) {
        Aggregate gathered = strategy.begin(2, ROUND, 40);
        gathered.add(update("small", ROUND, 10, 0, 0));
        gathered.add(update("large", ROUND, 30, 1, -1));
        strategy.update(parameters, gathered);
    }
}
