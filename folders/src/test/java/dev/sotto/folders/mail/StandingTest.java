package dev.sotto.folders.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sotto.wire.sealed.UnfitFileException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("What a participant says of itself")
class StandingTest {
    private static Standing parse(String json) throws UnfitFileException {
        return Standing.parse(json.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "", "[]", "3", "{", "{\"clients\": \"many\"}"})
    void isRefusedInOneWayIfItIsNone(String json) {
        assertThatThrownBy(() -> parse(json)).isInstanceOf(UnfitFileException.class);
    }

    @Test
    void canBeWrittenAgainWhateverItsTextsAre() throws Exception {
        Standing read = parse("{\"clients\": 1, \"decision\": \"y\\ud800es\", \"progress\": \"\\u009b2J\\u202ework\"}");
        assertThat(read.decision()).isEqualTo("y es");
        assertThat(read.progress()).isEqualTo("2J work");
        assertThat(Standing.parse(read.bytes())).isEqualTo(read);
        Standing cut = parse("{\"progress\": \"" + "a".repeat(99) + "\\ud83d\\ude00\"}");
        assertThat(Standing.parse(cut.bytes())).isEqualTo(cut);
    }
}
