package dev.sotto.federation.strategy;

import static dev.sotto.federation.strategy.Updates.ROUND;
import static dev.sotto.federation.strategy.Updates.step;
import static dev.sotto.federation.strategy.Updates.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.sotto.federation.Aggregate;
import dev.sotto.federation.ClientUpdate;
import dev.sotto.federation.LocalMethod;
import dev.sotto.federation.RefusedUpdateException;
import dev.sotto.federation.Strategy;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("Averages that weigh updates")
class WeightedAveragesTest {
    private static final float[] ZERO = {0};

    private static float moved(Strategy strategy, ClientUpdate... updates) {
        return step(strategy, ZERO, 100, List.of(updates))[0];
    }

    /** An update of one value, and how many gradients it is worth. */
    private static ClientUpdate worth(String client, int examples, double delta, double gradients) {
        return update(client, examples, 1, (float) delta, (float) gradients);
    }

    @Test
    void fedNovaDividesEachUpdateByItsSteps() {
        // Mean length (1 + 3) / 2 = 2, mean of 1/1 and 6/3 is 1.5. FedAvg would move by 3.5.
        assertThat(moved(new FedNova(false, 1, 0), worth("a", 10, 1, 1), worth("b", 30, 6, 3)))
                .isCloseTo(3, within(1e-6f));
        // By examples: length 1/4 + 3 * 3/4 = 2.5, mean 1/4 + 2 * 3/4 = 1.75.
        assertThat(moved(new FedNova(true, 0.5, 0), worth("a", 10, 1, 1), worth("b", 30, 6, 3)))
                .isCloseTo(0.5f * 2.5f * 1.75f, within(1e-6f));
    }

    @Test
    void fedNovaIsFedAvgWhereAllAreWorthTheSame() {
        assertThat(moved(new FedNova(true, 1, 0.3), worth("a", 10, 1, 7.3), worth("b", 30, 6, 7.3)))
                .isCloseTo(moved(new FedAvg(true, 1), update("a", 10, 4, 1), update("b", 30, 4, 6)), within(1e-5f));
    }

    @Test
    void fedNovaRefusesAnUpdateThatIsWorthNothing() {
        Aggregate gathered = new FedNova(false, 1, 0).begin(1, ROUND, 10);
        for (double gradients : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThatThrownBy(() -> gathered.add(worth("a", 1, 1, gradients)))
                    .isInstanceOf(RefusedUpdateException.class)
                    .hasMessage(
                            "update of client a in round 1 refused: it claims to be worth " + gradients + " gradients");
        }
        assertThat(gathered.updates()).isZero();
        assertThat(new FedNova(false, 1, 5).method()).isEqualTo(new LocalMethod.Counted(5));
    }

    /** An update of one value, and the loss that follows it. */
    private static ClientUpdate lossy(String client, double delta, double loss) {
        return update(client, 1, 1, (float) delta, (float) loss);
    }

    @Test
    void qFedAvgListensToThoseWhoFareWorse() {
        // Numerator 1 * 1 + 2 * -1; denominator (1 + 2 * 1) + (2 + 2 * 1).
        assertThat(moved(new QFedAvg(1, 2), lossy("a", 1, 1), lossy("b", -1, 2)))
                .isCloseTo(-1f / 7, within(1e-6f));
        // q = 2: 1 * 1 + 4 * -1 over (1 + 2 * 1 * 2) + (4 + 2 * 2 * 2).
        assertThat(moved(new QFedAvg(2, 2), lossy("a", 1, 1), lossy("b", -1, 2)))
                .isCloseTo(-3f / 17, within(1e-6f));
    }

    @Test
    void qFedAvgWithoutFairnessIsTheMean() {
        assertThat(moved(new QFedAvg(0, 10), lossy("a", 1, 0.3), lossy("b", 4, 7)))
                .isCloseTo(2.5f, within(1e-6f));
    }

    @Test
    void qFedAvgTakesALossOfZeroAndNoLossThatIsNoNumber() {
        assertThat(moved(new QFedAvg(2, 1), lossy("a", 1, 0), lossy("b", 1, 1))).isCloseTo(1f / 3, within(1e-6f));
        Aggregate gathered = new QFedAvg(1, 1).begin(1, ROUND, 10);
        for (double loss : new double[] {Double.NaN, Double.POSITIVE_INFINITY, -1}) {
            assertThatThrownBy(() -> gathered.add(lossy("a", 1, loss)))
                    .isInstanceOf(RefusedUpdateException.class)
                    .hasMessage("update of client a in round 1 refused: its loss is " + loss);
        }
        assertThatThrownBy(() -> gathered.add(update("a", 1, 1, 1))).hasMessageContaining("it has 1 values, not 2");
    }

    @Test
    void bothCountAClientOnce() {
        Aggregate lossy = new QFedAvg(1, 1).begin(1, ROUND, 10);
        Aggregate counted = new FedNova(false, 1, 0).begin(1, ROUND, 10);
        for (Aggregate gathered : List.of(lossy, counted)) {
            gathered.add(update("a", 1, 1, 1, 1));
            assertThatThrownBy(() -> gathered.add(update("a", 1, 1, 1, 1)))
                    .hasMessage("update of client a in round 1 refused: it already sent one");
            assertThat(gathered.updates()).isEqualTo(1);
        }
    }

    @Test
    void bothSayWhyClientLevelPrivacyCannotGoAroundThem() {
        assertThat(new FedNova(false, 1, 0).unbounded().orElseThrow()).contains("numbers of steps");
        assertThat(new QFedAvg(0.2, 10).unbounded().orElseThrow()).contains("losses, which have no bound");
    }

    @Test
    void haveTheirRanges() {
        assertThatThrownBy(() -> new QFedAvg(-1, 1)).hasMessage("q is -1.0; it must be a finite number, 0 or above");
        assertThatThrownBy(() -> new QFedAvg(1, 0)).hasMessageStartingWith("lipschitz is 0.0");
        assertThatThrownBy(() -> new FedNova(true, 1, -1)).hasMessageStartingWith("mu of the proximal term");
        assertThatThrownBy(() -> new FedProx(true, 1, -1)).hasMessageStartingWith("mu of the proximal term is -1.0");
    }

    @Test
    void scaffoldMovesTheCommonVariateByTheShareThatTookPart() {
        Scaffold strategy = new Scaffold(false, 0.5);
        assertThat(strategy.extra()).isEmpty();
        // Two of eight clients; the second halves are changes of their control variates.
        List<ClientUpdate> updates = List.of(update("a", 1, 1, 1, 8), update("b", 1, 1, 3, 0));
        float[] moved = step(strategy, ZERO, 8, updates);
        assertThat(moved).containsExactly(new float[] {1}, within(1e-6f));
        assertThat(strategy.extra()).containsExactly(new float[] {1}, within(1e-6f));
        step(strategy, ZERO, 8, updates);
        assertThat(strategy.extra()).containsExactly(new float[] {2}, within(1e-6f));

        Scaffold resumed = strategy.fresh();
        assertThat(resumed.extra()).isEmpty();
        resumed.restore(strategy.state());
        assertThat(resumed.extra()).isEqualTo(strategy.extra());
        assertThat(resumed.unbounded()).isEmpty();
    }
}
