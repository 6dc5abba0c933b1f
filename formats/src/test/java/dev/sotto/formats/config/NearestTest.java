package dev.sotto.formats.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The word that was meant: one or two slips away, or a third of a long one. */
final class NearestTest {
    private static final List<String> KEYS = List.of("rounds", "client", "clients", "batch-size", "noise-multiplier");

    @ParameterizedTest
    @CsvSource({
        "rouns, rounds",
        "roudns, rounds",
        "Rounds, rounds",
        "clientt, client",
        "batchsize, batch-size",
        "noise_multiplyer, noise-multiplier",
    })
    void slipsFindTheirWord(String word, String meant) {
        assertThat(Nearest.to(word, KEYS)).contains(meant);
    }

    @Test
    void wordsFarFromAllFindNone() {
        assertThat(Nearest.to("epsilon", KEYS)).isEmpty();
        assertThat(Nearest.to("x", List.of())).isEmpty();
    }

    @Test
    void aTieIsDecidedByTheAlphabet() {
        assertThat(Nearest.to("ax", List.of("ac", "ab"))).contains("ab");
    }
}
