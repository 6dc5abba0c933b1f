package dev.sotto.privacy.event;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.privacy.NeighbouringRelation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DpEventsTest {
    private static final DpEvent STEP = new PoissonSampled(0.01, new Gaussian(1.1, 1, NeighbouringRelation.ZERO_OUT));

    @Test
    void jsonNamesTypesAndRelationsInKebabCase() {
        assertThat(DpEvents.toJson(new SelfComposed(STEP, 5)).toString())
                .isEqualTo(
                        "{\"type\":\"self-composed\",\"event\":{\"type\":\"poisson-sampled\",\"rate\":0.01,\"event\":"
                                + "{\"type\":\"gaussian\",\"standardDeviation\":1.1,\"clippingNorm\":1.0,"
                                + "\"relation\":\"zero-out\",\"clipPer\":\"example\"}},\"count\":5}");
    }

    @Test
    void clipPerMayBeLeftOut() {
        DpEvent read = DpEvents.fromJson(
                "{\"type\":\"gaussian\",\"standardDeviation\":1,\"clippingNorm\":2,\"relation\":\"replace-one\"}");
        assertThat(read).isEqualTo(new Gaussian(1, 2, NeighbouringRelation.REPLACE_ONE));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"type\":\"gaussian\",\"standardDeviation\":-1,\"clippingNorm\":1,\"relation\":\"zero-out\"} "
                        + "| standard deviation of the Gaussian event is -1.0; it must be a finite number above 0",
                "{\"type\":\"gaussian\",\"standardDeviation\":1,\"clippingNorm\":1,\"relation\":\"zero\"} "
                        + "| neighbouring relation is 'zero'; it must be one of add-or-remove-one",
                "{\"type\":\"gausian\"} | gausian",
                "{\"type\":\"no-op\",\"extra\":1} | extra",
                "{\"type\":\"self-composed\",\"event\":{\"type\":\"no-op\"}} | count",
                "null | event is null",
                "{ | line 1"
            })
    void whatIsNoEventIsRefusedWithTheReason(String json, String reason) {
        assertThatThrownBy(() -> DpEvents.fromJson(json))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(reason);
    }

    @Test
    void partsAreCountedWhateverTheNesting() {
        DpEvent nested = new Composed(List.of(
                STEP, new SelfComposed(new Composed(List.of(STEP, new NoOp(), new NonPrivate())), 3), new NoOp()));
        assertThat(DpEvents.parts(nested))
                .containsEntry(STEP, 4L)
                .containsEntry(new NonPrivate(), 3L)
                .hasSize(2);
    }

    @Test
    void eventsUnderDifferentRelationsDoNotCompose() {
        DpEvent other = new Gaussian(1, 1, NeighbouringRelation.REPLACE_ONE);
        assertThatThrownBy(() -> Composed.of(STEP, other))
                .hasMessageContaining("zero-out")
                .hasMessageContaining("replace-one");
    }

    @Test
    void toWhoeverLearnsTheDrawsSamplingHidesNothing() {
        DpEvent rest = new Gaussian(1.1, 1, NeighbouringRelation.ZERO_OUT);
        DpEvent sampled = new SampledWithoutReplacement(100, 10, rest);
        DpEvent truncated = new TruncatedSubsampledGaussian(100, 0.1, 15, 1.1, 1, NeighbouringRelation.ZERO_OUT);
        DpEvent all =
                Composed.of(new SelfComposed(STEP, 5), sampled, truncated, new RepeatAndSelect(STEP, 3, 1), new NoOp());
        assertThat(DpEvents.withoutSampling(all))
                .isEqualTo(Composed.of(
                        new SelfComposed(rest, 5), rest, rest, new RepeatAndSelect(rest, 3, 1), new NoOp()));
    }

    @Test
    void forOneExampleItsClientIsReplacedByAnother() {
        DpEvent replaced = new PoissonSampled(0.01, new Gaussian(1.1, 1, NeighbouringRelation.REPLACE_ONE));
        assertThat(DpEvents.forOneExample(new SelfComposed(STEP, 5))).isEqualTo(new SelfComposed(replaced, 5));
        assertThat(DpEvents.forOneExample(new DiscreteGaussian(3, 1, NeighbouringRelation.ADD_OR_REMOVE_ONE)))
                .isEqualTo(new DiscreteGaussian(3, 1, NeighbouringRelation.REPLACE_ONE));
        assertThat(DpEvents.forOneExample(new EpsilonDelta(1, 1e-5)))
                .as("nothing is known of how it was made")
                .isEqualTo(new NonPrivate());
    }
}
