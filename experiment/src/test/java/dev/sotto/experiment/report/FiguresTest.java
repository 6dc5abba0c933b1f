package dev.sotto.experiment.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FiguresTest {
    @Test
    void epsilonIsRoundedUp() {
        assertThat(Figures.epsilon(2.991)).isEqualTo("3.00");
        assertThat(Figures.epsilon(3.0001)).isEqualTo("3.01");
        assertThat(Figures.epsilon(3)).isEqualTo("3.00");
        assertThat(Figures.epsilon(0.30000000000000004)).isEqualTo("0.300");
        assertThat(Figures.epsilon(12.31)).isEqualTo("12.4");
        assertThat(Figures.epsilon(1234)).isEqualTo("1240");
        assertThat(Figures.epsilon(1e9)).isEqualTo("1e9");
        assertThat(Figures.epsilon(0.00001)).isEqualTo("1e-5");
        assertThat(Figures.epsilon(0)).isEqualTo("0");
    }

    @Test
    void deltaIsWrittenAsInAnExperiment() {
        assertThat(Figures.delta(1e-5)).isEqualTo("1e-5");
        assertThat(Figures.delta(2.5e-7)).isEqualTo("2.5e-7");
        assertThat(Figures.delta(0.001)).isEqualTo("0.001");
    }

    @Test
    void numbersKeepFourDigits() {
        assertThat(Figures.measured(0.13472)).isEqualTo("0.1347");
        assertThat(Figures.measured(2.36)).isEqualTo("2.360");
        assertThat(Figures.measured(0)).isEqualTo("0");
        assertThat(Figures.measured(123456)).isEqualTo("123500");
        assertThat(Figures.number(1.21)).isEqualTo("1.21");
        assertThat(Figures.number(512)).isEqualTo("512");
        assertThat(Figures.number(1234567.0)).isEqualTo("1.235e6");
        assertThat(Figures.percent(0.9512)).isEqualTo("95.12%");
        assertThat(Figures.counted(1, "round")).isEqualTo("1 round");
        assertThat(Figures.counted(50_000, "example")).isEqualTo("50,000 examples");
    }

    @Test
    void durationsAreWhatPeopleSay() {
        assertThat(Figures.duration(0.837)).isEqualTo("0.84 s");
        assertThat(Figures.duration(42.2)).isEqualTo("42 s");
        assertThat(Figures.duration(192)).isEqualTo("3 min 12 s");
        assertThat(Figures.duration(7500)).isEqualTo("2 h 5 min");
    }

    @Test
    void namesComeInTheOrderOfTheirNumbers() {
        assertThat(java.util.stream.Stream.of("c-10", "c-2", "c-2b", "a", "c-02", "c")
                        .sorted(NaturalOrder.INSTANCE))
                .containsExactly("a", "c", "c-02", "c-2", "c-2b", "c-10");
    }
}
