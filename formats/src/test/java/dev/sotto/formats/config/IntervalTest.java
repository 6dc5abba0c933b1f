package dev.sotto.formats.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Ranges say what they hold, and hold what they say. */
final class IntervalTest {
    @Test
    void openEndsAreExcluded() {
        assertThat(Interval.POSITIVE.contains(0)).isFalse();
        assertThat(Interval.POSITIVE.contains(Double.MIN_VALUE)).isTrue();
        assertThat(Interval.PROPORTION.contains(0)).isFalse();
        assertThat(Interval.PROPORTION.contains(1)).isFalse();
        assertThat(Interval.PROPORTION.contains(0.5)).isTrue();
    }

    @Test
    void closedEndsAreIncluded() {
        assertThat(Interval.UNIT.contains(0)).isTrue();
        assertThat(Interval.UNIT.contains(1)).isTrue();
        assertThat(Interval.NOT_NEGATIVE.contains(0)).isTrue();
        assertThat(Interval.NOT_NEGATIVE.contains(-Double.MIN_VALUE)).isFalse();
    }

    @Test
    void noRangeHoldsWhatIsNotFinite() {
        for (Interval range : new Interval[] {Interval.FINITE, Interval.POSITIVE, Interval.NOT_NEGATIVE}) {
            assertThat(range.contains(Double.NaN)).isFalse();
            assertThat(range.contains(Double.POSITIVE_INFINITY)).isFalse();
            assertThat(range.contains(Double.NEGATIVE_INFINITY)).isFalse();
        }
    }

    @Test
    void rulesInWords() {
        assertThat(Interval.POSITIVE.words()).isEqualTo("greater than 0");
        assertThat(Interval.NOT_NEGATIVE.words()).isEqualTo("at least 0");
        assertThat(Interval.PROPORTION.words()).isEqualTo("strictly between 0 and 1");
        assertThat(new Interval(0, 0.9, false).words()).isEqualTo("between 0 and 0.9");
        assertThat(Interval.FINITE.words()).isEqualTo("a finite number");
    }
}
