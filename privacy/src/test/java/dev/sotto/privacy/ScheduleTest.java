package dev.sotto.privacy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScheduleTest {
    @Test
    void factorsByStep() {
        assertThat(Schedule.constant().factor(1000)).isEqualTo(1);
        assertThat(Schedule.exponential(0.9).factor(2)).isCloseTo(0.81, within(1e-15));
        assertThat(Schedule.step(10, 0.5).factor(9)).isEqualTo(1);
        assertThat(Schedule.step(10, 0.5).factor(25)).isEqualTo(0.25);
        assertThat(Schedule.linear(4, 3).factor(1)).isEqualTo(1.5);
        assertThat(Schedule.linear(4, 3).factor(99)).isEqualTo(3);
    }

    @Test
    void factorsStayAboveZero() {
        assertThat(Schedule.exponential(0.1).factor(1_000_000)).isPositive();
        assertThatThrownBy(() -> Schedule.linear(10, 0))
                .hasMessageContaining("last factor of the linear schedule is 0.0");
    }
}
