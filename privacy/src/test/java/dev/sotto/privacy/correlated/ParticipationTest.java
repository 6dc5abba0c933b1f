package dev.sotto.privacy.correlated;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ParticipationTest {
    @ParameterizedTest
    @CsvSource({"1000, 100, 10", "1001, 100, 11", "10, 4, 3", "10, 1, 10", "10, 10, 1", "10, 2000000000, 1"})
    void theSeparationLeavesRoomForRoundsOverSeparationRoundedUp(int rounds, int separation, int most) {
        assertThat(Participation.separated(rounds, separation).maxParticipations())
                .isEqualTo(most);
        assertThat(new Participation(rounds, separation, most + 3))
                .isEqualTo(Participation.separated(rounds, separation));
    }

    @Test
    void aClientThatTakesPartOnceIsSeparatedFromItself() {
        assertThat(Participation.once(7)).isEqualTo(new Participation(7, 7, 1));
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> new Participation(0, 1, 1)).hasMessage("rounds is 0; it must be at least 1");
        assertThatThrownBy(() -> Participation.once(0)).hasMessage("rounds is 0; it must be at least 1");
        assertThatThrownBy(() -> new Participation(5, 0, 1))
                .hasMessage("minimum separation is 0; it must be at least 1");
        assertThatThrownBy(() -> new Participation(5, 1, 0))
                .hasMessage("maximum participations is 0; it must be at least 1");
    }
}
